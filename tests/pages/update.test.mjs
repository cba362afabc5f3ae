// An update while it is typed: a reload, an answer that is lost, another officer's update, the alert's end.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertAccessible, pictureFile } from "./browser.mjs";
import { atDesk } from "./desk.mjs";

const { system, officer, released } = atDesk();

test("a reload loses nothing of an update, and what was accepted is forgotten", async () => {
  const { page, wrong, go, end } = await officer();
  const alert = await released();
  const marks = page.getByLabel("特征（疤痕");
  const clothing = page.getByLabel("衣着与随身物品");
  const reason = page.getByLabel("更新理由");
  const note = page.getByText("已恢复未提交的草稿。");
  const keeps = (words) => page.waitForFunction((kept) => Object.values(sessionStorage).join().includes(kept), words);
  const keepsNothing = () => page.waitForFunction(() => sessionStorage.length + Object.keys(localStorage).length === 0);
  await go(`#/alerts/${alert.id}/update`);
  await marks.fill("左手背有一处浅色疤痕");
  await reason.fill("家属补充");
  await keeps("家属补充");
  const kept = await page.evaluate(() => Object.values(sessionStorage).map((text) => JSON.parse(text)));
  const stood = (await system.ok("releaser", "GET", `/reports/${alert.reportId}`)).report.child.marks ?? "";
  assert.deepEqual(kept, [{ values: { "child.marks": "左手背有一处浅色疤痕" }, stood: { "child.marks": stood }, reason: "家属补充" }],
    "what was typed, what stood there, and nothing else of the child");
  // What another officer has changed since stays.
  await system.ok("releaser", "POST", `/alerts/${alert.id}:update`, { report: { child: { clothing: "蓝色外套" } }, updateMask: "child.clothing", reason: "更正" });
  await page.reload();
  await note.waitFor();
  assert.deepEqual([await marks.inputValue(), await clothing.inputValue(), await reason.inputValue()], ["左手背有一处浅色疤痕", "蓝色外套", "家属补充"]);
  await assertAccessible(page, "an update that was restored");

  // The daemon gets it and commits; its word never arrives.
  let sent = 0;
  await page.route("**/*:update", async (route) => {
    if (sent++ === 0) await route.fetch();
    return route.abort("connectionreset");
  });
  await page.getByRole("button", { name: "发送更新" }).click();
  await page.getByText(/正在第 \d 次发送/).waitFor();
  await page.reload();
  await page.getByText("内容没有变化").waitFor();
  assert.equal(await note.count(), 0, "it is in force");
  await keepsNothing();
  await page.unrouteAll();

  await clothing.fill("绿色外套");
  await keeps("绿色外套");
  await page.reload();
  await note.waitFor();
  await page.getByRole("button", { name: "清除草稿" }).click();
  await note.waitFor({ state: "detached" });
  assert.equal(await clothing.inputValue(), "蓝色外套");
  await keepsNothing();
  await clothing.fill("绿色外套");
  await reason.fill("更正");
  await page.getByRole("button", { name: "发送更新" }).click();
  await page.getByRole("heading", { name: "答复" }).waitFor();
  await keepsNothing();
  assert.equal((await system.ok("releaser", "GET", `/alerts/${alert.id}`)).revision, 4, "each was made once");
  assert.deepEqual(wrong, []);
  await end();
});

test("an update whose answer is lost rings once, though its photo and numbers come back as others, and so does what is typed after it", async () => {
  const { page, wrong, go, end } = await officer();
  const alert = await released();
  const [marks, clothing, reason] = ["特征（疤痕", "衣着与随身物品", "更新理由"].map((label) => page.getByLabel(label));
  const draftNote = page.getByText("已恢复未提交的草稿。");
  const sentNote = page.getByText("这份更新发送过，没有得到确认，可能已经生效。");
  const send = page.getByRole("button", { name: "发送更新" });
  const keeps = (words) => page.waitForFunction((kept) => Object.values(sessionStorage).join().includes(kept), words);
  const revision = async () => (await system.ok("releaser", "GET", `/alerts/${alert.id}`)).revision;
  // Key and body of each. The daemon gets as many as are left, and commits; its word never arrives.
  const updates = [];
  let left = Infinity;
  await page.route("**/*:update", async (route) => {
    const request = route.request();
    updates.push([request.headers()["idempotency-key"], request.postData()]);
    if (left === Infinity) return route.continue();
    if (left-- > 0) await route.fetch();
    return route.abort("connectionreset");
  });
  const choose = async (width) => {
    const shown = page.getByAltText("已选的照片");
    const before = await shown.getAttribute("src");
    await page.getByLabel("拍照或选择照片").setInputFiles(pictureFile(width));
    await page.waitForFunction((src) => document.querySelector(".photo-small").src !== src, before);
  };
  const sendInVain = async () => {
    left = 1;
    await send.click();
    await page.getByText(/正在第 \d 次发送/).waitFor();
    await page.reload();
    await sentNote.waitFor();
    left = Infinity;
  };
  const sendAndArrive = async () => {
    await send.click();
    await page.getByRole("heading", { name: "答复" }).waitFor();
    await page.waitForFunction(() => sessionStorage.length === 0);
  };

  await go(`#/alerts/${alert.id}/update`);
  await marks.fill("左手背有一处浅色疤痕");
  await page.getByLabel("体重").fill("26.50");
  await choose(240);
  await reason.fill("家属补充");
  await sendInVain();
  assert.equal(await revision(), 2);
  await assertAccessible(page, "an update that was sent and not confirmed");
  await page.reload();
  await sentNote.waitFor();
  await sendAndArrive();
  assert.deepEqual(updates.at(-1), updates[0], "to the letter, and by its key");
  assert.equal(await revision(), 2, "it was made once");

  // What is typed after that is another update, without what is in force.
  await go(`#/alerts/${alert.id}/update`);
  await page.getByLabel("身高").fill("126.0");
  await choose(480);
  await sendInVain();
  await clothing.fill("绿色外套");
  await draftNote.waitFor();
  await keeps("绿色外套");
  await page.reload();
  await draftNote.waitFor();
  assert.equal(await clothing.inputValue(), "绿色外套");
  await sendAndArrive();
  assert.equal(JSON.parse(updates.at(-1)[1]).updateMask, "child.clothing");
  assert.equal(await revision(), 4);

  // Spaces change nothing, and do not take the reason with them.
  await go(`#/alerts/${alert.id}/update`);
  await clothing.fill("绿色外套 ");
  await reason.fill("更正");
  await keeps("更正");
  await page.reload();
  await draftNote.waitFor();
  assert.equal(await reason.inputValue(), "更正");
  await page.getByText("内容没有变化").waitFor();
  assert.deepEqual(wrong, []);
  await end();
});

test("what another officer has changed since stands beside the button, and is loaded without what else was typed", async () => {
  const { page, wrong, go, end } = await officer();
  const alert = await released();
  const [marks, height, clothing] = ["特征（疤痕", "身高", "衣着与随身物品"].map((label) => page.getByLabel(label));
  const news = page.locator(".banner", { hasText: "这起警情已有新的更新" });
  await go(`#/alerts/${alert.id}/update`);
  await marks.fill("左手背有一处浅色疤痕");
  await clothing.fill("绿色外套");
  await page.getByLabel("更新理由").fill("家属补充");
  assert.equal(await news.count(), 0);
  await system.ok("releaser", "POST", `/alerts/${alert.id}:update`,
    { report: { child: { clothing: "蓝色外套", heightCm: 131 } }, updateMask: "child.clothing,child.heightCm", reason: "更正" });
  await news.getByText("衣着与随身物品：蓝色外套", { exact: true }).waitFor();
  await news.getByText("这些您也改了，发送会覆盖上面的内容：衣着与随身物品", { exact: true }).waitFor();
  assert.equal(await clothing.inputValue(), "绿色外套", "nothing changes by itself");
  await assertAccessible(page, "an update that another one has overtaken");
  await page.getByRole("button", { name: "English" }).click();
  await page.getByText("The alert was updated since the form was opened.").waitFor();
  await page.getByRole("button", { name: "中文" }).click();
  await news.getByRole("button", { name: "载入最新内容" }).click();
  await news.waitFor({ state: "detached" });
  assert.deepEqual([await marks.inputValue(), await clothing.inputValue(), await height.inputValue()], ["左手背有一处浅色疤痕", "蓝色外套", "131"]);
  await page.waitForFunction(() => document.activeElement.id === "field-child.heightCm");
  const sent = page.waitForRequest(/:update$/);
  await page.getByRole("button", { name: "发送更新" }).click();
  assert.equal((await sent).postDataJSON().updateMask, "child.marks");
  await page.getByRole("heading", { name: "答复" }).waitFor();
  const { child } = (await system.ok("releaser", "GET", `/reports/${alert.reportId}`)).report;
  assert.deepEqual([child.marks, child.clothing, child.heightCm], ["左手背有一处浅色疤痕", "蓝色外套", 131]);
  assert.deepEqual(wrong, []);
  await end();
});

test("what another officer has changed while the form was not open is said before what was typed there goes over it", async () => {
  const { page, wrong, go, end } = await officer();
  const alert = await released();
  const clothing = page.getByLabel("衣着与随身物品");
  const news = page.locator(".banner", { hasText: "这起警情已有新的更新" });
  const note = page.getByText("已恢复未提交的草稿。");
  await go(`#/alerts/${alert.id}/update`);
  await clothing.fill("绿色外套");
  await page.waitForFunction(() => Object.values(sessionStorage).join().includes("绿色外套"));
  await go(`#/alerts/${alert.id}`);
  await system.ok("releaser", "POST", `/alerts/${alert.id}:update`,
    { report: { child: { clothing: "蓝色外套", heightCm: 131 } }, updateMask: "child.clothing,child.heightCm", reason: "更正" });
  await go(`#/alerts/${alert.id}/update`);
  for (const again of [() => page.reload(), null]) {
    await note.waitFor();
    await news.getByText("这些您也改了，发送会覆盖上面的内容：衣着与随身物品", { exact: true }).waitFor();
    assert.deepEqual([await news.getByRole("listitem").allInnerTexts(), await clothing.inputValue()], [["衣着与随身物品：蓝色外套"], "绿色外套"]);
    await again?.();
  }
  await news.getByRole("button", { name: "载入最新内容" }).click();
  await news.waitFor({ state: "detached" });
  assert.equal(await clothing.inputValue(), "蓝色外套");
  await page.getByText("内容没有变化").waitFor();
  assert.deepEqual(wrong, []);
  await end();
});

test("what another officer commits in the same moment is not overwritten unseen: it is said, and what was typed can be sent again", async () => {
  const { page, wrong, go, end } = await officer();
  const alert = await released();
  const [marks, clothing] = ["特征（疤痕", "衣着与随身物品"].map((label) => page.getByLabel(label));
  const refused = page.locator(".banner", { hasText: "这次没有发出：这起警情刚有新的版本。" });
  const send = page.getByRole("button", { name: "发送更新" });
  const another = (clothes) => () => system.ok("releaser", "POST", `/alerts/${alert.id}:update`,
    { report: { child: { clothing: clothes } }, updateMask: "child.clothing", reason: "更正" });
  const suspension = () => system.ok("releaser", "POST", `/alerts/${alert.id}:suspend`, { audiences: ["PARTNER"], reason: "LEADS_HELD" });
  const report = async () => (await system.ok("releaser", "GET", `/reports/${alert.reportId}`)).report.child;
  // What somebody else does while this one's request is on its way, and whether that is then lost.
  let meanwhile = null;
  let isLost = false;
  let updates = [];
  await page.route("**/*:update", async (route) => {
    updates.push([route.request().postDataJSON().expectedRevision, route.request().headers()["idempotency-key"]]);
    await meanwhile?.();
    meanwhile = null;
    if (!isLost) return route.continue();
    isLost = false;
    return route.abort("connectionreset");
  });
  let isRead = Promise.resolve();
  await page.route("**/reports/*", async (route) => {
    await isRead;
    return route.continue();
  });
  const take = refused.getByRole("button", { name: "载入最新内容" });
  const sends = async (does, loses = false) => {
    let read;
    isRead = new Promise((resolve) => { read = resolve; });
    [meanwhile, isLost, updates] = [does, loses, []];
    await send.click();
    await refused.waitFor();
    assert.equal(await page.locator(".banner-danger").count(), 0, "and no bare error beside it");
    assert.equal(await take.count(), 0, "nothing is the newest before it is read");
    read();
  };
  const sendsAgain = async () => {
    await send.click();
    await page.getByRole("heading", { name: "答复" }).waitFor();
    await page.waitForFunction(() => sessionStorage.length === 0);
    const [first, last] = [updates[0], updates.at(-1)];
    assert.deepEqual(last[0], first[0] + 1);
    assert.notEqual(last[1], first[1], "it is another request");
  };

  await go(`#/alerts/${alert.id}/update`);
  await marks.fill("左手背有一处浅色疤痕");
  await clothing.fill("绿色外套");
  await page.getByLabel("更新理由").fill("家属补充");
  await sends(another("蓝色外套"));
  await refused.getByText("衣着与随身物品：蓝色外套", { exact: true }).waitFor();
  await refused.getByText("这些您也改了，发送会覆盖上面的内容：衣着与随身物品", { exact: true }).waitFor();
  assert.deepEqual([await marks.inputValue(), await clothing.inputValue()], ["左手背有一处浅色疤痕", "绿色外套"]);
  assert.equal((await report()).clothing, "蓝色外套");
  await assertAccessible(page, "an update that another one has overtaken on its way");
  await page.reload();
  await page.getByText("已恢复未提交的草稿。").waitFor();
  assert.deepEqual([await marks.inputValue(), await clothing.inputValue()], ["左手背有一处浅色疤痕", "绿色外套"]);
  await sends(another("黄色外套"));
  await take.click();
  await refused.waitFor({ state: "detached" });
  assert.deepEqual([await marks.inputValue(), await clothing.inputValue()], ["左手背有一处浅色疤痕", "黄色外套"]);
  await sendsAgain();
  assert.deepEqual([(await report()).marks, (await report()).clothing], ["左手背有一处浅色疤痕", "黄色外套"]);

  // One whose answer is lost is sent again to the letter; refused then, it is not in force and becomes another.
  await go(`#/alerts/${alert.id}/update`);
  await clothing.fill("红色外套");
  await sends(another("白色外套"), true);
  await refused.getByText("衣着与随身物品：白色外套", { exact: true }).waitFor();
  assert.deepEqual(updates[1], updates[0]);
  await sendsAgain();
  assert.equal((await report()).clothing, "红色外套");

  // Another revision that says nothing else of the child.
  await go(`#/alerts/${alert.id}/update`);
  await clothing.fill("紫色外套");
  await sends(suspension);
  assert.equal(await refused.getByRole("listitem").count(), 0);
  await page.getByText("部分暂停").waitFor();
  await sendsAgain();
  assert.equal((await report()).clothing, "紫色外套");
  assert.deepEqual(wrong, []);
  await end();
});

test("while an update is typed the alert can be taken down, wherever one has scrolled to", async () => {
  const { page, wrong, go, end } = await officer();
  const alert = await released();
  const recall = page.getByRole("button", { name: "撤下警情" });
  const dialog = page.getByRole("dialog");
  await go(`#/alerts/${alert.id}/update`);
  await page.getByLabel("衣着与随身物品").fill("绿色外套");
  await page.getByLabel("更新理由").fill("更正");
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  assert.ok(await recall.evaluate((button) => {
    const { top, bottom } = button.getBoundingClientRect();
    return top >= 0 && bottom <= window.innerHeight;
  }), "in sight at the end of the form");
  await recall.click();
  await dialog.getByLabel("撤回：警情发错了").check();
  await assertAccessible(page, "a recall from an update");
  await dialog.getByRole("button", { name: "确认撤回" }).click();
  await page.locator("#field-reason-error").waitFor();
  await page.waitForFunction(() => document.activeElement.id === "field-reason");
  await dialog.getByLabel("理由").fill("误发");
  await dialog.getByRole("button", { name: "确认撤回" }).click();
  await page.getByText("警情已结束。下面是撤下的情况。").waitFor();
  await page.waitForFunction(() => sessionStorage.length === 0);
  assert.equal((await system.ok("releaser", "GET", `/alerts/${alert.id}`)).state, "RETRACTED");
  assert.deepEqual(wrong, []);
  await end();
});

test("what was typed for an update is forgotten when the alert ends, whichever view is open", async () => {
  const { page, wrong, go, end } = await officer();
  const over = page.getByText("警情已结束，不能再更新。");
  for (const view of [null, "#/exercises"]) {
    const alert = await released();
    await go(`#/alerts/${alert.id}/update`);
    await page.getByLabel("衣着与随身物品").fill("绿色外套");
    await page.waitForFunction(() => sessionStorage.length > 0);
    if (view) {
      await go(view);
      await page.getByRole("heading", { name: "演练", exact: true }).waitFor();
    }
    await system.ok("releaser", "POST", `/alerts/${alert.id}:retract`, { reason: "误发" });
    if (view === null) await over.waitFor();
    await page.waitForFunction(() => sessionStorage.length === 0);
    await go(`#/alerts/${alert.id}/update`);
    await over.waitFor();
    assert.equal(await page.getByRole("button", { name: "发送更新" }).count(), 0);
    await assertAccessible(page, "an update of what is over");
  }
  assert.deepEqual(wrong, []);
  await end();
});
