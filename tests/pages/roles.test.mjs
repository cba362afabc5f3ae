// Who is offered what: roles, other units, lookouts, no certificate.
import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleReport } from "../end_to_end/system.mjs";
import { assertAccessible } from "./browser.mjs";
import { atDesk } from "./desk.mjs";

const { system, openAs, officer, released } = atDesk();
const release = (page) => page.getByRole("button", { name: "发布演练" });

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
