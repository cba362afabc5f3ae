// From the preview to the release: it is stale, not of what is chosen, a duplicate, corrected, released alone, stopped.
import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleReport } from "../end_to_end/system.mjs";
import { assertAccessible } from "./browser.mjs";
import { atDesk, promised, submitButton } from "./desk.mjs";

const { system, officer, reports } = atDesk();
const release = (page) => page.getByRole("button", { name: "发布演练" });

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
