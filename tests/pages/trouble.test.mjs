// What goes wrong at three in the morning: the network, another officer, the wrong certificate.
import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleReport } from "../end_to_end/system.mjs";
import { assertAccessible, assertLooks } from "./browser.mjs";
import { atDesk, promised, submitButton } from "./desk.mjs";

const { system, openAs, officer, reports, released } = atDesk();
const release = (page) => page.getByRole("button", { name: "发布演练" });

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

test("things have changed since the preview: it is made again, and says so", async () => {
  const { page, wrong, go, end } = await officer();
  const report = await system.ok("submitter", "POST", "/reports", sampleReport());
  await go(`#/reports/${report.id}`);
  await page.getByRole("heading", { name: "预计接收单位" }).waitFor();
  const first = report.duplicates.length > 0;
  if (first) await page.getByLabel("我已核对过这些报告").check();
  // One recipient more than was looked at.
  await system.ok("operator", "PUT", "/recipients/newcomer", {
    id: "newcomer", name: "新加入的酒店", category: "hotel", audience: "PARTNER", division: "210102", latitude: 41.79, longitude: 123.4, crs: "WGS84",
    liaison: { post: "值班台", telephone: "024-5550-0999" }, endpoints: [{ channel: "mqtt", address: "" }],
  });
  await page.getByRole("button", { name: "发布演练" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "发布演练" }).click();
  await page.getByText("预览之后情况已变化，已重新预览").waitFor();
  assert.equal((await system.ok("releaser", "GET", `/reports/${report.id}`)).state, "SUBMITTED");
  await page.getByRole("button", { name: "发布演练" }).click();
  await page.getByText("预览之后情况已变化").waitFor({ state: "detached" });
  await page.getByRole("dialog").getByRole("button", { name: "发布演练" }).click();
  await page.getByRole("button", { name: "撤下警情" }).waitFor();
  assert.deepEqual(wrong, []);
  await end();
});

test("a report is corrected before its release: it is turned down, and taken once more from what stood in it", async () => {
  const { page, wrong, go, end } = await officer();
  const before = await system.ok("submitter", "POST", "/reports", sampleReport());
  const { incidentNumber, child } = before.report;
  const note = page.getByText("已按退回的报告填好，请更正后重新提交。");
  await go(`#/reports/${before.id}`);
  await page.getByRole("button", { name: "更正", exact: true }).click();
  await assertAccessible(page, "the correction");
  await page.getByLabel("理由").fill("");
  await page.getByRole("button", { name: "退回并更正" }).click();
  await page.locator("#field-reason-error").waitFor();
  await page.getByLabel("理由").fill("衣着有误");
  await page.getByRole("button", { name: "退回并更正" }).click();
  await note.waitFor();
  await assertAccessible(page, "a form that is filled in again");
  await page.reload();
  await note.waitFor();
  assert.equal(await page.getByLabel("接警单编号").inputValue(), incidentNumber);
  assert.ok(await page.getByLabel("演练：不是真的").isChecked());
  assert.ok(await page.getByAltText("已选的照片").isVisible());
  await page.getByLabel("衣着与随身物品").fill("蓝色外套");
  await submitButton(page).click();
  await page.getByRole("heading", { name: "预计接收单位" }).waitFor();
  assert.equal(await page.evaluate(() => sessionStorage.length), 0);
  const all = await reports(incidentNumber);
  assert.deepEqual(all.map((each) => [each.state, each.report.child.clothing]).sort(), [["REJECTED", child.clothing], ["SUBMITTED", "蓝色外套"]]);
  const after = all.find(({ state }) => state === "SUBMITTED");
  assert.ok((await system.ok("submitter", "GET", `/reports/${after.id}`)).report.child.photo, "with its photo");

  // Where the answer to that was lost, the report that was turned down leads to the form too. What it said can be read.
  await go(`#/reports/${before.id}`);
  await page.getByRole("heading", { name: "报告内容" }).waitFor();
  await page.locator(".facts").getByText(child.clothing, { exact: true }).waitFor();
  await assertAccessible(page, "a report that was turned down");
  await page.getByRole("button", { name: "按它重新接报" }).click();
  await note.waitFor();
  assert.equal(await page.getByLabel("衣着与随身物品").inputValue(), child.clothing);
  await page.getByRole("button", { name: "移除照片" }).click();
  await page.getByText("但没有照片").waitFor();
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

test("each audience of an alert is offered what can be done to it, and all where the daemon does not say", async () => {
  const { page, wrong, go, end } = await officer();
  const alert = await released();
  const said = { audiences: ["POLICE", "PARTNER", "PUBLIC"], suspended: ["PUBLIC"], circleHeld: true };
  await page.route(`**/api/v1/alerts/${alert.id}`, async (route) => {
    const { audiences, suspended, circleHeld, ...before } = await (await route.fetch()).json();
    await route.fulfill({ json: { ...before, state: "SUSPENDED", ...said } });
  });
  const dialog = page.getByRole("dialog");
  const offered = async (button) => {
    await page.getByRole("button", { name: button, exact: true }).click();
    await dialog.locator("label.choice").first().waitFor();
    const labels = await dialog.locator("label.choice").allTextContents();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    return labels;
  };
  await go(`#/alerts/${alert.id}`);
  await page.locator("main .tag", { hasText: "公众（已暂停）" }).waitFor();
  assert.deepEqual([await offered("暂停"), await offered("恢复")], [["协作单位"], ["公众"]]);
  assert.equal((await offered("调整范围")).length, 3, "a circle that is held is not held again");
  for (const name of Object.keys(said)) delete said[name];
  await page.reload();
  await page.getByRole("heading", { name: "答复" }).waitFor();
  assert.deepEqual([await offered("暂停"), await offered("恢复")], [["协作单位", "公众"], ["协作单位", "公众"]]);
  assert.equal((await offered("调整范围")).length, 4);
  assert.deepEqual(wrong, []);
  await end();
});

test("a possible duplicate has to be looked at before the release", async () => {
  const { page, wrong, go, end } = await officer();
  const same = { child: { ...sampleReport().child, name: "演练儿童重" } };
  await system.ok("submitter", "POST", "/reports", sampleReport(same));
  const second = await system.ok("submitter", "POST", "/reports", sampleReport(same));
  assert.ok(second.duplicates.length > 0);
  await go(`#/reports/${second.id}`);
  await page.getByText(/可能是同一儿童/).first().waitFor();
  await assertAccessible(page, "the duplicates");
  await page.getByRole("button", { name: "发布演练" }).click({ force: true });
  assert.equal(await page.getByRole("dialog").count(), 0, "the button does nothing yet");
  await page.getByLabel("我已核对过这些报告").check();
  await page.getByRole("button", { name: "发布演练" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "发布演练" }).click();
  await page.getByRole("button", { name: "撤下警情" }).waitFor();
  assert.deepEqual(wrong, []);
  await end();
});

test("a duplicate that comes while the confirmation is open closes it, and is never vouched for unseen", async () => {
  const { page, wrong, go, end } = await officer();
  const same = { child: { ...sampleReport().child, name: "演练儿童双" } };
  const first = await system.ok("submitter", "POST", "/reports", sampleReport(same));
  await go(`#/reports/${first.id}`);
  await page.getByRole("heading", { name: "预计接收单位" }).waitFor();
  if (first.duplicates.length > 0) await page.getByLabel("我已核对过这些报告").check();
  await page.getByRole("button", { name: "发布演练" }).click();
  await page.getByRole("dialog").waitFor();
  const second = await system.ok("submitter", "POST", "/reports", sampleReport(same));
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.getByText("确认窗口已关闭").waitFor();
  assert.equal(await release(page).getAttribute("aria-disabled"), "true");
  assert.equal(await page.getByLabel("我已核对过这些报告").isChecked(), false);
  await assertAccessible(page, "a duplicate that has just come");
  await page.getByLabel("我已核对过这些报告").check();
  await release(page).click();
  const sent = page.waitForRequest(/:release$/);
  await page.getByRole("dialog").getByRole("button", { name: "发布演练" }).click();
  assert.ok((await sent).postDataJSON().duplicatesReviewed.includes(second.id));
  await page.getByRole("button", { name: "撤下警情" }).waitFor();
  assert.deepEqual(wrong, []);
  await end();
});

test("a duplicate that only another unit may read stands there in words; none is looked at before all are there", async () => {
  const { page, wrong, go, end } = await officer();
  const same = { child: { ...sampleReport().child, name: "演练儿童邻" } };
  const elsewhere = await system.ok("submitter", "POST", "/reports", sampleReport(same));
  const here = await system.ok("submitter", "POST", "/reports", sampleReport(same));
  assert.ok(here.duplicates.includes(elsewhere.id));
  const answer = promised();
  await page.route(`**/api/v1/reports/${elsewhere.id}`, async (route) => {
    await answer.come;
    await route.fulfill({ status: 404, json: { type: "urn:tuanyuan:problem:not-found", title: "没有", status: 404 } });
  });
  await go(`#/reports/${here.id}`);
  const tick = page.getByLabel("我已核对过这些报告");
  await tick.waitFor();
  assert.ok(await tick.isDisabled());
  answer.give();
  await page.getByText(`其他单位的报告（${elsewhere.id}）`).waitFor();
  const rows = page.getByRole("table", { name: /可能是同一儿童/ }).getByRole("row");
  assert.equal(await rows.count(), here.duplicates.length + 1, "every one, and the heading");
  await tick.check();
  assert.equal(await release(page).getAttribute("aria-disabled"), "false");
  await assertAccessible(page, "a duplicate of another unit");
  assert.deepEqual(wrong, []);
  await end();
});

test("only what was previewed is released", async () => {
  const { page, wrong, go, end } = await officer();
  const report = await system.ok("submitter", "POST", "/reports", sampleReport());
  let held = null;
  await page.route("**/*:preview", async (route) => {
    await held?.come;
    await (held ? route.abort("connectionreset") : route.continue());
  });
  await go(`#/reports/${report.id}`);
  await page.getByRole("heading", { name: "预计接收单位" }).waitFor();
  if (report.duplicates.length > 0) await page.getByLabel("我已核对过这些报告").check();
  held = promised();
  await page.getByRole("checkbox", { name: "协作单位" }).uncheck();
  await page.getByText("完成之前不能发布").waitFor();
  assert.equal(await release(page).getAttribute("aria-disabled"), "true", "while the preview is under way");
  held.give();
  await page.getByText("没有得到现在这些选择的预览").waitFor();
  assert.equal(await release(page).getAttribute("aria-disabled"), "true", "when it failed");
  await assertAccessible(page, "a preview that failed");
  const tokens = [];
  page.on("response", async (response) => { if (/:preview$/.test(response.url())) tokens.push((await response.json()).previewToken); });
  held = null;
  // Where the page doubts its connection meanwhile, it tries again by itself.
  const failed = page.getByText("没有得到现在这些选择的预览");
  await Promise.race([page.getByRole("button", { name: "再试一次" }).click(), failed.waitFor({ state: "detached" })]);
  await release(page).click();
  const sent = page.waitForRequest(/:release$/);
  await page.getByRole("dialog").getByRole("button", { name: "发布演练" }).click();
  const { audiences, previewToken: token } = (await sent).postDataJSON();
  assert.deepEqual([audiences, token], [["POLICE"], tokens.at(-1)]);
  await page.getByRole("button", { name: "撤下警情" }).waitFor();
  assert.deepEqual(wrong, []);
  await end();
});

test("who releases alone where two have to says why, and what is wrong with that stands beside it", async () => {
  const { page, wrong, go, end } = await officer();
  const report = await system.ok("officer", "POST", "/reports", sampleReport());
  const problem = (status, more = {}) => ({ status, json: { type: "about:blank", title: "不行", status, ...more } });
  const asked = [];
  await page.route("**/*:release", (route) => {
    const { breakGlass, reason } = route.request().postDataJSON();
    asked.push([breakGlass, reason]);
    return route.fulfill(breakGlass ? problem(422, { errors: [{ path: "reason", message: "必填项" }] }) : problem(403));
  });
  await go(`#/reports/${report.id}`);
  await page.getByRole("heading", { name: "预计接收单位" }).waitFor();
  if (report.duplicates.length > 0) await page.getByLabel("我已核对过这些报告").check();
  await release(page).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "发布演练" }).click();
  await dialog.getByLabel("双人发布：由我一人紧急发布").check();
  await dialog.getByRole("button", { name: "发布演练" }).click();
  await page.locator("#field-reason-error").getByText("必填项").waitFor();
  await page.waitForFunction(() => document.activeElement.id === "field-reason");
  await assertAccessible(page, "a release alone without a reason");
  assert.deepEqual(asked, [[undefined, undefined], [true, ""]]);
  assert.deepEqual(wrong, []);
  await end();
});

test("leaving the confirmation stops what is sent again and again, and says that it may have been done", async () => {
  const { page, wrong, go, end } = await officer();
  await page.clock.install();
  const report = await system.ok("submitter", "POST", "/reports", sampleReport());
  let sent = 0;
  await page.route("**/*:release", (route) => {
    ++sent;
    return route.abort("connectionreset");
  });
  await go(`#/reports/${report.id}`);
  await page.getByRole("heading", { name: "预计接收单位" }).waitFor();
  if (report.duplicates.length > 0) await page.getByLabel("我已核对过这些报告").check();
  await release(page).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "发布演练" }).click();
  await page.getByText(/正在第 \d 次发送/).waitFor();
  await page.keyboard.press("Escape");
  await dialog.getByText("这项指令可能已经执行").waitFor();
  await assertAccessible(page, "a release that was stopped");
  const before = sent;
  await page.clock.runFor(60_000);
  assert.equal((await system.ok("releaser", "GET", `/reports/${report.id}`)).state, "SUBMITTED");
  assert.equal(sent, before);
  // A browser that is asked a second time asks nobody any more; what is asked next is asked all the same.
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  // After the lost connection the preview is made anew: a click in that moment is none.
  let isAsked = false;
  while (!isAsked) {
    await release(page).click();
    isAsked = await dialog.waitFor({ timeout: 5_000 }).then(() => true, () => false);
  }
  await dialog.getByRole("button", { name: "取消" }).click();
  assert.equal(await dialog.count(), 0);
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

test("each role is offered what it may do", async () => {
  const report = await system.ok("submitter", "POST", "/reports", sampleReport());
  const alone = async (name, check) => {
    const desk = await openAs(system.ready.credentials[name]);
    await desk.go();
    await check(desk.page, desk.go);
    assert.deepEqual(desk.wrong, []);
    await desk.end();
  };
  const offered = (page, name) => page.getByRole("navigation").getByRole("link", { name, exact: true }).count();
  await alone("submitter", async (page, go) => {
    assert.deepEqual([await offered(page, "接报"), await offered(page, "就绪情况")], [1, 0]);
    await go(`#/reports/${report.id}`);
    await page.getByText("您的证书不能发布").waitFor();
    assert.equal(await page.getByRole("button", { name: "发布演练" }).count(), 0);
    await go(`#/alerts/${report.alertId}/update`);
    await page.getByText("您的证书不能更新警情。").waitFor();
    assert.equal(await page.locator("form").count(), 0);
    await assertAccessible(page, "an update that is not for who looks at it");
  });
  await alone("supervisor", async (page, go) => {
    assert.deepEqual([await offered(page, "接报"), await offered(page, "就绪情况")], [0, 1]);
    await go("#/report");
    await page.getByText("您的证书不能接报。").waitFor();
    assert.equal(await page.locator("form").count(), 0);
    await go("#/");
    // All of a report that waits, and nothing that would be decided on it.
    const { child, contact } = report.report;
    await page.locator(".card", { hasText: child.name }).getByRole("link", { name: "查看", exact: true }).click();
    await page.getByRole("heading", { name: `走失儿童报告：${child.name}` }).waitFor();
    await page.waitForFunction(() => document.title === "走失儿童报告 · 团圆 · 值班台");
    const facts = page.locator(".panel", { has: page.getByRole("heading", { name: "报告内容" }) });
    const fact = (label) => facts.locator("div", { has: page.locator("dt", { hasText: label }) }).last().locator("dd");
    for (const [label, says] of [["性别", "男"], ["衣着与随身物品", child.clothing], ["联系电话", contact.phone], ["疑似被拐", "是"]]) {
      assert.equal(await fact(label).textContent(), says);
    }
    await fact("走失地（区县）").getByText("210102 辽宁省沈阳市和平区").waitFor();
    assert.match(await fact("位置").textContent(), /^41\.\d+, 123\.\d+ WGS84$/);
    assert.ok(await facts.getByAltText("儿童照片").isVisible());
    await page.locator("main").getByText("待发布", { exact: true }).waitFor();
    assert.equal(await page.locator("main .decide").count(), 0);
    await assertAccessible(page, "a report that is only read");
    await page.getByRole("button", { name: "English" }).click();
    await page.getByRole("heading", { name: "What the report says" }).waitFor();
    await assertAccessible(page, "a report that is only read, in English");
    await page.getByRole("button", { name: "中文" }).click();
  });
  const alert = await released();
  await alone("operator", async (page, go) => {
    assert.deepEqual([await offered(page, "接报"), await offered(page, "演练")], [0, 1]);
    await page.route("**/api/v1/exercises", (route) => route.fulfill({ json: { alertId: alert.id } }));
    await go("#/exercises");
    await page.getByRole("button", { name: "立即开始演练" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "开始演练" }).click();
    await page.getByRole("heading", { name: "各单位得分" }).waitFor();
    assert.match(page.url(), new RegExp(`#/exercises/${alert.id}$`), "and not the board, which is nobody's who operates");
    await page.getByRole("row").nth(1).waitFor();
  });
});

test("who does not decide on a case is offered no decision on it, and a lookout leads to its report", async () => {
  const credential = await system.officer("210103000000", "000902", "submitter", "releaser");
  const neighbour = await openAs(credential);
  const recall = (page) => page.getByRole("button", { name: "撤下警情" });
  const reached = await released();
  await neighbour.go(`#/alerts/${reached.id}`);
  await neighbour.page.getByText("您的单位不能更改或撤下").waitFor();
  // It answers by telephone for who lies in its division, and for nobody else.
  const { silent } = await system.ok(credential, "GET", `/alerts/${reached.id}/board`);
  const own = silent.filter(({ unitVouches }) => unitVouches);
  assert.ok(own.length > 0 && own.length < silent.length, `${own.length} of ${silent.length}`);
  await neighbour.page.getByRole("button", { name: /列出/ }).click();
  const called = neighbour.page.getByRole("button", { name: /已电话联系到/ });
  await called.nth(own.length - 1).waitFor();
  assert.deepEqual([await called.count(), await neighbour.page.getByRole("table", { name: /未答复/ }).getByRole("row").count()], [own.length, silent.length + 1]);
  assert.equal(await recall(neighbour.page).count(), 0);
  assert.equal(await neighbour.page.getByRole("link", { name: "更新内容" }).count(), 0);
  await neighbour.go(`#/alerts/${reached.id}/update`);
  await neighbour.page.getByText("您的单位不能更改或撤下").waitFor();
  assert.equal(await neighbour.page.locator("form").count(), 0);
  await neighbour.go(`#/alerts/${reached.id}`);
  await neighbour.page.getByText("您的单位不能更改或撤下").waitFor();
  assert.equal((await system.call(credential, "POST", `/alerts/${reached.id}:retract`, { reason: "误发" })).status, 403, "as it would be refused");
  const answer = ({ recipientId }) => system.call(credential, "POST", `/alerts/${reached.id}/acknowledgements`, { revision: 1, recipientId, kind: "CONFIRMED" });
  assert.equal((await answer(silent.find(({ unitVouches }) => !unitVouches))).status, 403, "and so would a call for another unit's recipient");
  await assertAccessible(neighbour.page, "the board of another unit's case");

  // Who took the report decides, wherever the child was lost.
  const taken = await system.ok(credential, "POST", "/reports", sampleReport());
  const theirs = await system.ok(credential, "POST", `/reports/${taken.id}:release`, { status: "EXERCISE", duplicatesReviewed: taken.duplicates });
  await neighbour.go(`#/alerts/${theirs.id}`);
  await recall(neighbour.page).waitFor();
  assert.deepEqual(neighbour.wrong, []);
  await neighbour.end();

  const { page, wrong, go, end } = await officer();
  const report = await system.ok("submitter", "POST", "/reports", sampleReport());
  await page.route(`**/api/v1/reports/${report.id}`, async (route) => {
    const answer = await (await route.fetch()).json();
    await route.fulfill({ json: { ...answer, unitDecides: false } });
  });
  await go(`#/reports/${report.id}`);
  await page.getByText("您的单位不能发布或退回").waitFor();
  assert.equal(await release(page).count(), 0);
  await assertAccessible(page, "the preview of another unit's report");
  await page.unrouteAll();
  await go(`#/alerts/${report.alertId}`);
  await page.getByText("仅公安机关收到协查通知").waitFor();
  assert.equal(await recall(page).count(), 0);
  await assertAccessible(page, "a lookout");
  await go(`#/alerts/${report.alertId}/update`);
  await page.getByRole("heading", { name: "更新警情内容" }).waitFor();
  await page.getByText("仅公安机关收到协查通知").waitFor();
  assert.equal(await page.locator("form").count(), 0, "an update of it would be refused");
  await page.getByRole("link", { name: "打开警情" }).click();
  await page.getByRole("link", { name: "发布或退回报告" }).click();
  await page.getByRole("button", { name: "退回报告" }).waitFor();
  assert.deepEqual(wrong, []);
  await end();
});

test("a lookout stands in the list with its report, and by itself for who reads no reports", async () => {
  const named = sampleReport();
  named.child.name = "演练儿童协";
  const report = await system.ok("submitter", "POST", "/reports", named);
  const operator = await openAs(system.ready.credentials.operator);
  const { page, wrong, go, end } = await officer();
  await Promise.all([go(), operator.go()]);
  const cards = (desk) => desk.locator(".card", { hasText: "演练儿童协" });
  await cards(page).getByText("待发布", { exact: true }).waitFor();
  await cards(page).getByText("协查中（未发布）").waitFor();
  assert.equal(await page.getByRole("heading", { name: "协查中的警情" }).count(), 0, "it is not listed twice");
  await assertAccessible(page, "a report with its lookout");
  await operator.page.getByRole("heading", { name: "协查中的警情" }).waitFor();
  await cards(operator.page).getByText("协查中（未发布）").waitFor();
  await assertAccessible(operator.page, "a lookout without its report");
  await cards(page).getByRole("link", { name: "查看协查" }).click();
  await page.getByText("仅公安机关收到协查通知").waitFor();
  assert.match(page.url(), new RegExp(`#/alerts/${report.alertId}$`));

  await go();
  await page.getByRole("button", { name: "English" }).click();
  await cards(page).getByText("Lookout (not released)").waitFor();
  await cards(page).getByRole("link", { name: "See the lookout" }).waitFor();
  await system.ok("releaser", "POST", `/reports/${report.id}:reject`, { reason: "误报" });
  for (const desk of [page, operator.page]) await cards(desk).waitFor({ state: "detached" });
  assert.deepEqual([wrong, operator.wrong], [[], []]);
  await Promise.all([end(), operator.end()]);
});

test("without an officer's certificate the desk says how to get one in", async () => {
  for (const [credential, says] of [[null, "需要警员证书"], [system.ready.credentials.station, "该证书没有值班台可用的角色"]]) {
    const { page, wrong, go, end } = await openAs(credential);
    await go();
    await page.getByText(says).first().waitFor();
    assert.equal(await page.getByRole("navigation").count(), 0);
    await assertAccessible(page, says);
    assert.deepEqual(wrong, []);
    await end();
  }
});

test("a daemon that cannot say now who one is can be asked again", async () => {
  const { page, wrong, go, end } = await officer();
  const caller = "**/api/v1/caller";
  for (const refuse of [
    (route) => route.fulfill({ status: 503, json: { type: "about:blank", title: "正在启动", status: 503 } }),
    (route) => route.abort("connectionreset"),
  ]) {
    await page.route(caller, refuse);
    await page.goto("about:blank");
    await go();
    await page.getByText(/正在启动|没有收到答复/).first().waitFor();
    assert.equal(await page.getByText("需要警员证书").count(), 0);
    await assertAccessible(page, "a daemon that does not say who one is");
    await page.unroute(caller);
    await page.getByRole("button", { name: "再试一次" }).click();
    await page.getByRole("heading", { name: "警情与报告" }).waitFor();
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
