// A form while it is typed and sent: what is wrong in it, the map, photos, and what a reload or a lost answer does to it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertAccessible, assertLooks, fillReport, pictureFile, unfold } from "./browser.mjs";
import { atDesk, promised, submitButton } from "./desk.mjs";

const { system, officer, reports, released } = atDesk();

test("what is wrong stands beside its field, and the first gets the focus", async () => {
  const { page, wrong, go, end } = await officer();
  await go("#/report");
  await submitButton(page).click();
  await page.getByText(/有 \d+ 处需要修改/).waitFor();
  for (const path of ["exercise", "incidentNumber", "child.birthDate", "lastSeen.time", "lastSeen.division", "contact.phone"]) {
    const says = page.locator(`[id="field-${path}-error"]`);
    await says.waitFor();
    const control = page.locator(`[aria-describedby~="field-${path}-error"]`);
    assert.equal(await control.count(), 1, `${path} is tied to what is wrong with it`);
  }
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute("name")), "exercise");
  await assertAccessible(page, "the form with errors");
  await assertLooks(page, "report-wrong");
  await page.getByRole("link", { name: "联系电话" }).click();
  assert.equal(await page.evaluate(() => document.activeElement.id), "field-contact.phone");
  assert.deepEqual(wrong, []);
  await end();
});

test("the form leads to a position, closes its list, forgets its note with the draft, and lets a photo be chosen", async () => {
  const { page, wrong, go, end } = await officer();
  await go("#/report");
  assert.equal(await page.getByLabel("拍照或选择照片").getAttribute("capture"), null, "or a telephone takes one at once");
  const division = page.getByRole("combobox", { name: "走失地" });
  await division.fill("和平");
  await page.getByRole("option").first().waitFor();
  await page.keyboard.press("Tab");
  await page.getByRole("listbox").waitFor({ state: "hidden" });
  assert.equal(await division.inputValue(), "和平", "what was typed is still there");
  await page.keyboard.press("Shift+Tab");
  await page.getByRole("option").first().waitFor();
  await page.keyboard.press("Enter");

  await page.route("**/api/v1/reports", (route) => route.fulfill({ status: 422, json: {
    type: "about:blank", title: "不行", status: 422, errors: [{ path: "lastSeen.position", message: "不在该国" }],
  } }));
  await submitButton(page).click();
  await page.getByText("不在该国").first().waitFor();
  await page.getByRole("link", { name: "位置", exact: true }).click();
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute("name")), "lastSeen.position.latitude");

  await page.reload();
  const note = page.getByText("已恢复未提交的草稿。");
  await note.waitFor();
  await page.getByRole("button", { name: "清除草稿" }).click();
  await note.waitFor({ state: "detached" });
  await page.getByLabel("接警单编号").fill("J1");
  await page.waitForFunction(() => /J1/.test(sessionStorage.getItem("tuanyuan.draft")));
  assert.equal(await note.count(), 0);
  assert.deepEqual(wrong, []);
  await end();
});

test("a touch on the map is a position once its county is said, goes with another county, and leaves what was typed", async () => {
  const { page, wrong, go, end } = await officer();
  await go("#/report");
  const latitude = page.getByLabel("纬度", { exact: true });
  const county = (name) => page.getByRole("button", { name, exact: true });
  const city = page.getByRole("button", { name: "沈阳市" });
  const touch = async () => {
    const { x, y, width, height } = await city.boundingBox();
    await city.dispatchEvent("click", { clientX: x + width / 2, clientY: y + height / 2 });
  };
  const given = () => page.waitForFunction(() => /^4\d\.\d{3}$/.test(document.getElementsByName("lastSeen.position.latitude")[0].value));
  await page.getByRole("button", { name: "在地图上选" }).click();
  await page.getByRole("button", { name: "辽宁" }).focus();
  await page.keyboard.press("Enter");
  await city.waitFor();
  await touch();
  await county("和平区").waitFor();
  assert.equal(await page.locator(".map-point").count(), 1, "what was touched is marked");
  assert.equal(await latitude.inputValue(), "", "a city is touched to see its counties");
  await county("和平区").click();
  await given();
  assert.match(await page.getByRole("combobox", { name: "走失地" }).inputValue(), /^210102/);
  await county("沈河区").click();
  await page.waitForFunction(() => document.getElementsByName("lastSeen.position.latitude")[0].value === "");
  assert.match(await page.getByRole("combobox", { name: "走失地" }).inputValue(), /^210103/);
  await touch();
  await given();
  await assertAccessible(page, "a place on the map");

  await latitude.fill("41.5");
  await page.getByText("已输入的经纬度不会被地图改动。").waitFor();
  await touch();
  await county("和平区").click();
  await page.locator('.counties [aria-pressed="true"]', { hasText: "和平区" }).waitFor();
  assert.equal(await latitude.inputValue(), "41.5");
  assert.deepEqual(wrong, []);
  await end();
});

test("where the map's program cannot be read the form says so, and goes on", async () => {
  const { page, wrong, go, end } = await officer();
  const program = /\/assets\/place_picker-[^/]*\.js$/;
  await page.route(program, (route) => route.abort("internetdisconnected"));
  await go("#/report");
  const incident = await fillReport(page);
  await page.getByRole("button", { name: "在地图上选" }).click();
  await page.getByText("地图未能读取；请输入区县名称或代码。").waitFor();
  await assertAccessible(page, "a form without its map");
  assert.equal(await page.getByLabel("接警单编号").inputValue(), incident);
  await page.getByLabel("年龄").fill("8");
  await submitButton(page).click();
  await page.getByRole("heading", { name: "预计接收单位" }).waitFor();
  assert.equal((await reports(incident))[0].report.child.ageYears, 8);
  assert.deepEqual(wrong, []);
  await end();
});

test("a fold never shuts under who types in it, and what is wrong in it opens it", async () => {
  const { page, wrong, go, end } = await officer();
  await go("#/report");
  const fold = page.locator("details.fold", { hasText: "儿童的更多情况" });
  const name = page.getByLabel("姓名");
  await unfold(page, "儿童的更多情况");
  await name.fill("甲");
  await name.fill("");
  await page.getByLabel("身高").fill("高");
  assert.ok(await name.isVisible(), "emptied, and open all the same");
  await unfold(page, "或输入经纬度");
  await page.getByLabel("纬度", { exact: true }).fill("41.8");
  await page.getByLabel("纬度", { exact: true }).fill("");
  await page.getByLabel("经度", { exact: true }).fill("123.4");
  // A hand closes it; what is wrong with it is more than that.
  await fold.locator("summary").click();
  await name.waitFor({ state: "hidden" });
  await submitButton(page).click();
  await page.locator('[id="field-child.heightCm-error"]').waitFor();
  await fold.locator("summary").click();
  await name.waitFor({ state: "hidden" });
  await submitButton(page).click();
  await page.locator('[id="field-child.heightCm-error"]').waitFor();
  // What stands in one is seen after a reload too.
  await page.reload();
  await page.getByText("已恢复未提交的草稿。").waitFor();
  assert.ok(await page.getByLabel("身高").isVisible());
  assert.ok(await page.getByText("经过与嫌疑人").isVisible());
  assert.equal(await page.getByLabel("车牌").isVisible(), false, "nothing stands in that one");
  assert.deepEqual(wrong, []);
  await end();
});

test("a reload loses nothing, and what was submitted is forgotten", async () => {
  const { page, wrong, go, end } = await officer();
  await go("#/report");
  const incident = await fillReport(page);
  await page.reload();
  await page.getByText("已恢复未提交的草稿。").waitFor();
  assert.equal(await page.getByLabel("接警单编号").inputValue(), incident);
  assert.match(await page.getByRole("combobox", { name: "走失地" }).inputValue(), /^210102/);
  assert.ok(await page.getByLabel("演练：不是真的").isChecked());
  await submitButton(page).click();
  await page.getByRole("heading", { name: "预计接收单位" }).waitFor();
  assert.equal(await page.evaluate(() => sessionStorage.length + Object.keys(localStorage).length), 0);
  await go("#/report");
  assert.equal(await page.getByLabel("接警单编号").inputValue(), "");
  assert.deepEqual(wrong, []);
  await end();
});

/// No photo is read before what this gives is called.
async function holdPhotos(page) {
  await page.evaluate(() => {
    const read = window.createImageBitmap;
    const held = new Promise((resolve) => { window.letPhotosBeRead = resolve; });
    window.createImageBitmap = async (...what) => {
      await held;
      return read.call(window, ...what);
    };
  });
  return () => page.evaluate(() => window.letPhotosBeRead());
}

test("what is sent waits for the photo that is being read, and does not go without one that cannot be", async () => {
  const { page, wrong, go, end } = await officer();
  const camera = page.getByLabel("拍照或选择照片");
  const reading = page.getByText("正在处理照片…").first();
  const waits = page.getByText("正在处理照片，完成后自动发送。");
  const stopped = page.getByText("照片不能读取，所以没有发送。");
  let sent = 0;
  page.on("request", (request) => { if (request.method() === "POST" && /\/reports$/.test(request.url())) ++sent; });
  await go("#/report");
  const incident = await fillReport(page);
  await unfold(page, "儿童的更多情况");

  let read = await holdPhotos(page);
  await camera.setInputFiles({ name: "a.png", mimeType: "image/png", buffer: Buffer.from("no picture") });
  await reading.waitFor();
  await submitButton(page).click();
  await waits.waitFor();
  assert.ok(await page.getByLabel("接警单编号").isDisabled(), "nothing is typed that would go with it or not");
  await assertAccessible(page, "a report that waits for its photo");
  await read();
  await stopped.waitFor();
  await page.waitForFunction(() => document.activeElement.id === "field-child.photo");
  assert.equal(sent, 0);
  await assertAccessible(page, "a report whose photo cannot be read");

  read = await holdPhotos(page);
  await camera.setInputFiles(pictureFile(240));
  await reading.waitFor();
  assert.equal(await stopped.count(), 0);
  await submitButton(page).click();
  await waits.waitFor();
  await read();
  await page.getByRole("heading", { name: "预计接收单位" }).waitFor();
  assert.equal(sent, 1);
  const [made] = await reports(incident);
  assert.ok((await system.ok("submitter", "GET", `/reports/${made.id}`)).report.child.photo, "it went with the photo");
  assert.equal(await page.evaluate(() => sessionStorage.length), 0, "and left no draft behind");

  // What was known before is said all the same, and once: who sends again sends without it.
  const alert = await released();
  const sends = page.getByRole("button", { name: "发送更新" });
  await go(`#/alerts/${alert.id}/update`);
  await page.getByLabel("特征（疤痕").fill("左手背有一处浅色疤痕");
  await page.getByLabel("更新理由").fill("家属补充");
  await camera.setInputFiles({ name: "a.png", mimeType: "image/png", buffer: Buffer.from("no picture") });
  await page.getByText("这个文件不是可读取的照片").waitFor();
  await sends.click();
  await stopped.waitFor();
  assert.equal((await system.ok("releaser", "GET", `/alerts/${alert.id}`)).revision, 1);
  const without = page.waitForRequest(/:update$/);
  await sends.click();
  assert.equal((await without).postDataJSON().updateMask, "child.marks");
  await page.getByRole("heading", { name: "答复" }).waitFor();

  await go(`#/alerts/${alert.id}/update`);
  read = await holdPhotos(page);
  await page.getByLabel("更新理由").fill("家属补充");
  await camera.setInputFiles(pictureFile(480));
  await reading.waitFor();
  const update = page.waitForRequest(/:update$/);
  await sends.click();
  await waits.waitFor();
  await read();
  assert.equal((await update).postDataJSON().updateMask, "child.photo");
  await page.getByRole("heading", { name: "答复" }).waitFor();
  assert.deepEqual(wrong, []);
  await end();
});

test("the answer is lost on its way: it is sent again, and there is one report", async () => {
  const { page, wrong, go, end } = await officer();
  await go("#/report");
  const incident = await fillReport(page);
  let lost = 0;
  await page.route("**/api/v1/reports", async (route) => {
    if (lost++ > 0) return route.continue();
    // The daemon gets it and commits; its word never arrives.
    await route.fetch();
    return route.abort("connectionreset");
  });
  await submitButton(page).click();
  await page.getByRole("heading", { name: "预计接收单位" }).waitFor();
  assert.equal(lost, 2);
  assert.equal((await reports(incident)).length, 1);
  assert.deepEqual(wrong, []);
  await end();
});

test("the network goes in the middle of it, and the tab is reloaded: still one report", async () => {
  const { page, context, wrong, go, end } = await officer();
  await go("#/report");
  const incident = await fillReport(page);
  let sent = 0;
  await page.route("**/api/v1/reports", async (route) => {
    if (sent++ > 0) return route.abort("internetdisconnected");
    await route.fetch();
    return route.abort("connectionreset");
  });
  await submitButton(page).click();
  await page.getByText(/正在第 2 次发送/).waitFor();
  assert.equal(await page.getByLabel("接警单编号").inputValue(), incident, "nothing is lost");
  await page.unrouteAll();
  await page.reload();
  await page.getByText("已恢复未提交的草稿。").waitFor();
  await submitButton(page).click();
  await page.getByRole("heading", { name: "预计接收单位" }).waitFor();
  assert.equal((await reports(incident)).length, 1);
  assert.deepEqual(wrong, []);
  await end();
});

test("while a report or an update is sent nothing is typed that would not go with it, and the focus stays where it was", async () => {
  const { page, wrong, go, end } = await officer();
  const answer = promised();
  await page.route(/\/reports$|:update$/, async (route) => {
    if (route.request().method() === "GET") return route.continue();
    await answer.come;
    await route.fulfill({ status: 422, json: { type: "about:blank", title: "不行", status: 422 } });
  });
  await go("#/report");
  await fillReport(page);
  const number = page.getByLabel("接警单编号");
  await number.press("Enter");
  await page.waitForFunction(() => document.querySelector("form fieldset").disabled);
  for (const label of ["接警单编号", "联系电话", "演练：不是真的"]) assert.ok(await page.getByLabel(label).isDisabled(), label);
  assert.ok(await page.getByRole("combobox", { name: "走失地" }).isDisabled());
  await assertAccessible(page, "a report on its way");
  answer.give();
  await page.getByText("服务器没有接受").waitFor();
  await page.waitForFunction(() => document.activeElement.getAttribute("name") === "incidentNumber");
  assert.ok(await number.isEnabled());

  const alert = await released();
  const another = promised();
  [answer.come, answer.give] = [another.come, another.give];
  await go(`#/alerts/${alert.id}/update`);
  await page.getByLabel("特征（疤痕").fill("左手背有一处浅色疤痕");
  await page.getByRole("button", { name: "发送更新" }).click();
  await page.waitForFunction(() => document.querySelector("form fieldset").disabled);
  for (const label of ["特征（疤痕", "更新理由"]) assert.ok(await page.getByLabel(label).isDisabled(), label);
  assert.ok(await page.getByRole("link", { name: "取消" }).isEnabled());
  answer.give();
  await page.getByText("服务器没有接受").waitFor();
  assert.equal(await page.getByLabel("特征（疤痕").inputValue(), "左手背有一处浅色疤痕");
  assert.deepEqual(wrong, []);
  await end();
});
