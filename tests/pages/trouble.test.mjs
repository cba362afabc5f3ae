// What goes wrong at three in the morning: the network, reading that fails, calls, long lists, an end in the middle of an order.
import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleReport } from "../end_to_end/system.mjs";
import { assertAccessible, assertLooks } from "./browser.mjs";
import { atDesk, promised } from "./desk.mjs";

const { system, officer, released } = atDesk();

test("without a network the desk says since when, and reads everything again when it is back", async () => {
  const { page, context, wrong, go, end } = await officer();
  const report = await system.ok("submitter", "POST", "/reports", sampleReport());
  const alert = await system.ok("releaser", "POST", `/reports/${report.id}:release`, { status: "EXERCISE", duplicatesReviewed: report.duplicates });
  await go(`#/alerts/${alert.id}`);
  const received = page.locator(".answers li", { hasText: "已收到" }).locator(".figure");
  await received.waitFor();
  await context.setOffline(true);
  await page.getByText(/与服务器的连接已于 \d\d:\d\d:\d\d 中断/).waitFor();
  await assertAccessible(page, "a lost connection");
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  await page.waitForFunction(() => {
    const button = document.querySelector(".board-head button");
    const { x, width, top, bottom } = button.getBoundingClientRect();
    return [top + 2, bottom - 2].every((y) => document.elementFromPoint(x + width / 2, y) === button);
  });
  const { recipient_id: recipientId } = system.ready.credentials.station;
  await system.ok("station", "POST", `/alerts/${alert.id}/acknowledgements`, { revision: 1, recipientId, kind: "RECEIVED" });
  assert.equal(await received.textContent(), "0", "nothing of it came");
  await context.setOffline(false);
  await page.getByText(/与服务器的连接已于/).waitFor({ state: "detached" });
  await page.waitForFunction(() => [...document.querySelectorAll(".answers li")].some((each) => /已收到.*1/.test(each.textContent)));
  assert.deepEqual(wrong, []);
  await end();
});

test("what is not read yet is no number, and what is under way is said to be", async () => {
  const { page, wrong, go, end } = await officer();
  const report = await system.ok("submitter", "POST", "/reports", sampleReport());
  const alert = await released();
  const [preview, board] = [promised(), promised()];
  await page.route("**/*:preview", async (route) => {
    await preview.come;
    await route.continue();
  });
  await page.route(`**/alerts/${alert.id}/board`, async (route) => {
    await board.come;
    await route.continue();
  });
  await go(`#/reports/${report.id}`);
  await page.getByText("正在预览…").waitFor();
  await assertAccessible(page, "a first preview under way");
  preview.give();
  await page.getByRole("heading", { name: "预计接收单位" }).waitFor();
  assert.equal(await page.getByText("正在预览…").count(), 0);

  await go(`#/alerts/${alert.id}`);
  await page.getByRole("button", { name: "撤下警情" }).click();
  await page.getByText("所有收到过的单位都会被要求撤下").waitFor();
  board.give();
  await page.getByText(/所有收到过的单位（预计 [1-9]\d* 家）都会被要求撤下/).waitFor();
  assert.deepEqual(wrong, []);
  await end();
});

test("a call is written down as what it was about when it began", async () => {
  const { page, wrong, go, end } = await officer();
  const alert = await released();
  const { recipient_id: recipientId } = system.ready.credentials.station;
  const awaited = { awaited: "REMOVED", revision: 7 };
  await page.route(`**/alerts/${alert.id}/board`, async (route) => {
    const board = await (await route.fetch()).json();
    Object.assign(board.silent[0], awaited);
    await route.fulfill({ json: board });
  });
  await go(`#/alerts/${alert.id}`);
  await page.getByRole("button", { name: /已电话联系到/ }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("已通过电话确认撤下").waitFor();
  await dialog.getByText("演练", { exact: true }).waitFor();
  assert.deepEqual(await dialog.locator("label.choice").allTextContents(), ["已撤下", "无法执行"], "and not that it confirms");
  // Meanwhile the board says otherwise.
  Object.assign(awaited, { awaited: "CONFIRMED", revision: 8 });
  await system.ok("station", "POST", `/alerts/${alert.id}/acknowledgements`, { revision: 1, recipientId, kind: "RECEIVED" });
  await page.waitForFunction(() => [...document.querySelectorAll(".answers li")].some((each) => /已收到.*1/.test(each.textContent)));
  await page.route("**/acknowledgements", (route) => route.fulfill({ json: {} }));
  const sent = page.waitForRequest(/acknowledgements$/);
  await dialog.getByRole("button", { name: "记录" }).click();
  const { kind, revision } = (await sent).postDataJSON();
  assert.deepEqual([kind, revision], ["REMOVED", 7]);
  await dialog.waitFor({ state: "detached" });
  assert.deepEqual(wrong, []);
  await end();
});

test("whom a person has to call stands first among who keeps silent, with the number that is dialled", async () => {
  const { page, wrong, go, end } = await officer();
  const alert = await released();
  let names = [];
  await page.route(`**/alerts/${alert.id}/board`, async (route) => {
    const board = await (await route.fetch()).json();
    const rows = [[40, "again"], [60, "telephone"], [20, "late"]].map(([at, nextStep]) => Object.assign(board.silent[at], { nextStep }));
    rows[0].liaison = { post: "值班台", telephone: "024-5550-0101转8001" };
    names = rows.map(({ name }) => name);
    await route.fulfill({ json: board });
  });
  await go(`#/alerts/${alert.id}`);
  const rows = page.locator("#silent").getByRole("row");
  await rows.nth(1).getByText("需要打电话；还会再次要求撤下").waitFor();
  for (const [at, name] of names.entries()) await rows.nth(at + 1).filter({ hasText: name }).waitFor();
  assert.equal(await rows.nth(1).getByRole("link").getAttribute("href"), "tel:02455500101,8001");
  await page.getByRole("button", { name: "English" }).click();
  await rows.nth(1).getByText("has to be telephoned; the recall is said again, too").waitFor();
  assert.deepEqual(wrong, []);
  await end();
});

test("a municipality's map is shaded by its districts, and after a recall by who has taken it down", async () => {
  const { page, wrong, go, end } = await officer();
  const alert = await released();
  let state = "ACTIVE";
  await page.route(`**/api/v1/alerts/${alert.id}`, async (route) => {
    const { notice, ...said } = await (await route.fetch()).json();
    const circle = { latitude: 39.96, longitude: 116.3, radiusKm: 100, approximate: false };
    const lastSeen = { ...notice.lastSeen, division: "110108" };
    await route.fulfill({ json: { ...said, state, circle, notice: { ...notice, lastSeen } } });
  });
  await page.route(`**/alerts/${alert.id}/board`, async (route) => {
    const board = await (await route.fetch()).json();
    await route.fulfill({ json: { ...board, byDivision: { 110108: { expected: 2, counts: { CONFIRMED: 1, REMOVED: 2 } } } } });
  });
  await go(`#/alerts/${alert.id}`);
  const shaded = page.getByRole("img", { name: /范围与各地确认情况/ }).locator('.map-area[style*="fill"]');
  await shaded.first().waitFor();
  assert.deepEqual(await shaded.allTextContents(), ["海淀区"]);
  await page.getByText("颜色越深，确认的单位越多").waitFor();
  state = "CLOSED";
  await page.reload();
  await page.getByRole("img", { name: /范围与各地撤下情况/ }).locator('.map-area[style*="fill"]', { hasText: "海淀区" }).waitFor();
  await page.getByText("颜色越深，撤下的单位越多").waitFor();
  assert.deepEqual(wrong, []);
  await end();
});

test("what cannot be read again says as of when it is", async () => {
  const { page, wrong, go, end } = await officer();
  const alert = await released();
  await go(`#/alerts/${alert.id}`);
  await page.getByRole("heading", { name: "答复" }).waitFor();
  const address = `**/alerts/${alert.id}/board`;
  await page.route(address, (route) => route.fulfill({ status: 500, json: { type: "about:blank", title: "坏了", status: 500 } }));
  const { recipient_id: recipientId } = system.ready.credentials.station;
  await system.ok("station", "POST", `/alerts/${alert.id}/acknowledgements`, { revision: 1, recipientId, kind: "RECEIVED" });
  const band = page.getByText(/以下是 \d\d:\d\d 的情况，此后读取失败/);
  await band.waitFor();
  await page.getByRole("heading", { name: "答复" }).waitFor();
  await assertAccessible(page, "a board that cannot be read again");
  await page.unroute(address);
  await page.getByRole("button", { name: "再试一次" }).click();
  await band.waitFor({ state: "detached" });
  assert.deepEqual(wrong, []);
  await end();
});

test("what an officer may not see any more does not stand there any more", async () => {
  const { page, wrong, go, end } = await officer();
  const alert = await released();
  const { name } = alert.notice.child;
  await go(`#/alerts/${alert.id}`);
  await page.getByRole("heading", { name }).waitFor();
  await page.route(`**/api/v1/alerts/${alert.id}`, (route) => route.fulfill({ status: 404, json: { type: "about:blank", title: "没有找到", status: 404 } }));
  const { recipient_id: recipientId } = system.ready.credentials.station;
  await system.ok("station", "POST", `/alerts/${alert.id}/acknowledgements`, { revision: 1, recipientId, kind: "RECEIVED" });
  await page.getByText("没有找到").waitFor();
  assert.equal(await page.getByText(name).count(), 0);
  await page.unrouteAll();
  await page.getByRole("button", { name: "再试一次" }).click();
  await page.getByRole("heading", { name }).waitFor();
  assert.deepEqual(wrong, []);
  await end();
});

test("however many there are, every alert in force is listed, and of those that are over the latest", async () => {
  const { page, wrong, go, end } = await officer();
  const pages = 30;
  const list = (state, more) => async (route) => {
    const at = Number(new URL(route.request().url()).searchParams.get("page_token") ?? 0);
    const alert = { id: `${state}-${String(at).padStart(12, "0")}`, revision: 1, step: 0, state, status: "EXERCISE" };
    await route.fulfill({ json: { alerts: [alert], ...(more(at) ? { nextPageToken: String(at + 1) } : {}) } });
  };
  await page.route(/\/alerts\?state=ACTIVE/, list("ACTIVE", (at) => at + 1 < pages));
  await page.route(/\/alerts\?state=CLOSED/, list("CLOSED", () => true));
  await go();
  await page.getByText("更早的未列出。").waitFor();
  const inForce = page.locator(".card", { hasText: "生效中" });
  await inForce.nth(pages - 1).waitFor();
  assert.equal(await inForce.count(), pages);
  assert.equal(await page.locator(".card", { hasText: "已结束" }).count(), 1, "one page of those is enough");
  await assertAccessible(page, "a list that is cut");
  assert.deepEqual(wrong, []);
  await end();
});

test("a city's counties are all listed from one answer, also one that no map knows", async () => {
  const { page, wrong, go, end } = await officer();
  const counties = Array.from({ length: 45 }, (_, at) => [String(210101 + at), `第${at + 1}区`]);
  const names = Object.fromEntries([["21", "辽宁省"], ["2101", "沈阳市"], ...counties]);
  await page.route("**/assets/names-*.js", (route) => route.fulfill({ contentType: "text/javascript", body: `export default ${JSON.stringify(names)};` }));
  const divisions = [...counties.map(([division]) => division), "210199"].map((division) => ({ division, recipients: 2, reachable: 1 }));
  const asked = [];
  await page.route(/\/readiness\?/, (route) => {
    asked.push(new URL(route.request().url()).searchParams);
    return route.fulfill({ json: { recipients: 92, reachable: 46, unreachable: [], nextPageToken: "", divisions } });
  });
  await go("#/readiness");
  const rows = page.getByRole("table", { name: "各地就绪情况" }).getByRole("row");
  await rows.nth(46).waitFor();
  assert.equal(await rows.count(), 47, "46 of them, and the heading");
  await rows.last().getByText("210199").waitFor();
  assert.deepEqual([...new Set(asked.map((of) => [of.get("division"), of.get("by")].join()))], ["2101,division"], "and none of them by itself");
  await assertAccessible(page, "a long readiness");
  assert.deepEqual(wrong, []);
  await end();
});

test("what is meant looks and reads otherwise than an exercise", async () => {
  const { page, wrong, go, end } = await officer();
  const live = await system.ok("submitter", "POST", "/reports", liveReport());
  await go(`#/reports/${live.id}`);
  await page.getByRole("heading", { name: "预计接收单位" }).waitFor();
  await page.getByText("实战警情", { exact: true }).waitFor();
  await page.getByRole("article", { name: "公众版" }).waitFor();
  assert.equal(await page.getByRole("button", { name: "发布演练" }).count(), 0);
  await page.getByRole("button", { name: "发布实战警情" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("这是实战警情，不是演练。").waitFor();
  await dialog.getByText("公众也看得到。").waitFor();
  await assertAccessible(page, "the confirmation of a live alert");
  await assertLooks(page, "confirm-live", [".number", ".card-title", "h1", ".copy-body", ".copy-headline", ".words p:not(.words-status)"]);
  await page.keyboard.press("Escape");
  assert.equal(await dialog.count(), 0);
  assert.equal((await system.ok("releaser", "GET", `/reports/${live.id}`)).state, "SUBMITTED");
  assert.deepEqual(wrong, []);
  await end();
});

test("an order that is open when its alert ends goes with it", async () => {
  const { page, wrong, go, end } = await officer();
  const dialog = page.getByRole("dialog");
  for (const name of ["调整范围", "暂停", "撤下警情"]) {
    const alert = await released();
    await go(`#/alerts/${alert.id}`);
    await page.getByRole("button", { name, exact: true }).click();
    await dialog.waitFor();
    await system.ok("releaser", "POST", `/alerts/${alert.id}:retract`, { reason: "误发" });
    await page.getByText("警情已结束。下面是撤下的情况。").waitFor();
    await dialog.waitFor({ state: "detached" });
  }
  assert.deepEqual(wrong, []);
  await end();
});

/// Nothing of it says that it is an exercise.
function liveReport() {
  const report = sampleReport({ exercise: false, circumstances: "与家长走散。", leadOfficer: "000001", suspect: { description: "中年男子", plate: "辽A00000" } });
  report.child.name = "张三";
  return report;
}
