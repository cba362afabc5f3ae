// The whole of one alert through the page, by a certified officer with a mouse, in Debian's Chromium.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { root, System } from "../end_to_end/system.mjs";
import { assertAccessible, assertLooks, endBoth, fillReport, launch, openDesk, unfold } from "./browser.mjs";

const system = new System();
let browser, desk, page;
let alertId;
before(async () => {
  await system.start();
  browser = await launch();
  desk = await openDesk(browser, system, system.ready.credentials.officer);
  page = desk.page;
});
after(() => endBoth(browser, system));

/// In a word and in its colour, whatever is decided there.
const saysExercise = (page) => page.locator("dialog.dialog-exercise").getByText("演练", { exact: true }).waitFor();

const changing = [".clocks", ".card-title", ".number", ".copy-body", ".copy-headline"];

test("an empty desk says so, and how many would hear an alert", async () => {
  await desk.go();
  await page.getByText("没有生效中的警情。").waitFor();
  await page.getByText(/\d+ \/ \d+ 家/).waitFor();
  await assertAccessible(page, "the list");
  await assertLooks(page, "list-empty", [".number"]);
});

test("from the fields to the release: one page and two clicks", async () => {
  await page.getByRole("link", { name: "接报" }).first().click();
  await page.getByRole("heading", { name: "接报" }).waitFor();
  await assertAccessible(page, "the form");
  await assertLooks(page, "report-empty");
  await fillReport(page);
  await unfold(page, "儿童的更多情况");
  await page.getByLabel("姓名").fill("演练儿童甲");
  await page.getByLabel("衣着与随身物品").fill("红色拉链外套，深蓝色双肩书包");
  await page.getByLabel("拍照或选择照片").setInputFiles({ name: "p.png", mimeType: "image/png", buffer: photo() });
  await page.getByAltText("已选的照片").waitFor();

  // Counted from here, by the browser itself.
  await page.evaluate(() => {
    window.counted = { clicks: 0, pages: 0 };
    document.addEventListener("click", (event) => { if (event.isTrusted && event.detail > 0) ++window.counted.clicks; }, true);
    window.addEventListener("hashchange", () => ++window.counted.pages);
  });
  await page.getByRole("button", { name: "提交并预览" }).click();
  await page.getByRole("heading", { name: /预览与发布/ }).waitFor();
  await page.getByRole("heading", { name: "预计接收单位" }).waitFor();
  assert.deepEqual(await page.evaluate(() => window.counted), { clicks: 1, pages: 1 }, "submitted, and previewed by that");
  assert.equal(await page.evaluate(() => sessionStorage.length), 0, "nothing of the child stays in the browser");

  await page.getByRole("button", { name: "发布演练" }).click();
  await page.getByRole("dialog").getByText(/发给 \d+ 家（公安机关、协作单位），其中 \d+ 家此刻收不到/).waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "发布演练" }).click();
  await page.getByRole("button", { name: "撤下警情" }).waitFor();
  assert.deepEqual(await page.evaluate(() => window.counted), { clicks: 3, pages: 2 }, "one page, two clicks, and the board is there");
  alertId = page.url().split("/").at(-1);
  const alert = await system.ok("releaser", "GET", `/alerts/${alertId}`);
  assert.equal(alert.status, "EXERCISE");
  assert.equal(alert.state, "ACTIVE");
  assert.equal(alert.notice.child.name, "演练儿童甲");
  assert.equal(alert.notice.photo.mediaType, "image/jpeg");
});

test("the preview shows the copies, who and how many, and what is missing", async () => {
  const tab = await openDesk(browser, system, system.ready.credentials.officer);
  await tab.go("#/report");
  await fillReport(tab.page, { age: "9" });
  await tab.page.getByRole("button", { name: "提交并预览" }).click();
  await tab.page.getByRole("heading", { name: "预计接收单位" }).waitFor();
  for (const copy of ["公安版", "协作单位版"]) await tab.page.getByRole("article", { name: copy }).getByText(/【演练】/).first().waitFor();
  assert.equal(await tab.page.getByRole("article", { name: "公众版" }).count(), 0, "the public hears no exercise");
  await tab.page.getByText("尚缺的信息").waitFor();
  await tab.page.getByRole("img", { name: /范围：半径 100 千米的圆/ }).waitFor();
  await tab.page.getByText(/\d+ 家单位此刻收不到/).first().waitFor();
  await tab.page.getByText(/涉及 \d+ 个区县/).waitFor();
  await assertAccessible(tab.page, "the preview");
  await assertLooks(tab.page, "preview", changing);

  // Fewer hear it: the numbers follow.
  const figure = tab.page.locator(".panel", { hasText: "预计接收单位" }).locator(".figure");
  const all = Number(await figure.textContent());
  await tab.page.getByRole("checkbox", { name: "协作单位" }).uncheck();
  await tab.page.waitForFunction(([selector, was]) => [...document.querySelectorAll(selector)].some((each) => Number(each.textContent) < was), [".figure", all]);

  // A radius counts as soon as its field is left, and what is none stands beside it.
  const radius = tab.page.getByLabel("半径（千米）");
  await radius.fill("40 公里");
  await tab.page.keyboard.press("Tab");
  await tab.page.locator("#field-radiusKm-error").waitFor();
  assert.equal(await tab.page.getByRole("button", { name: "发布演练" }).getAttribute("aria-disabled"), "true");
  await radius.fill("40");
  await tab.page.keyboard.press("Tab");
  await tab.page.getByRole("img", { name: /范围：半径 40 千米的圆/ }).waitFor();
  await tab.page.getByRole("button", { name: "退回报告" }).click();
  await assertAccessible(tab.page, "the rejection");
  await tab.page.getByRole("dialog").getByRole("button", { name: "退回报告" }).click();
  await tab.page.locator("#field-reason-error").waitFor();
  await tab.page.getByLabel("理由").fill("重复接报");
  await tab.page.getByRole("dialog").getByRole("button", { name: "退回报告" }).click();
  await tab.page.getByText("报告已退回。").waitFor();
  assert.deepEqual(tab.wrong, []);
  await tab.end();
});

test("answers fill the board while one looks at it", async () => {
  const answers = page.locator(".answers li", { hasText: "已确认" }).locator(".figure");
  assert.equal(await answers.textContent(), "0");
  await page.evaluate(() => { window.same = true; });
  const station = await system.subscriber("station", []);
  const { recipient_id: recipientId } = system.ready.credentials.station;
  await station.client.publishAsync(`tuanyuan/v1/acknowledgements/${recipientId}`,
    JSON.stringify({ alertId, revision: 1, recipientId, kind: "CONFIRMED" }), { qos: 1 });
  await page.waitForFunction(() => [...document.querySelectorAll(".answers li")].some((each) => /已确认.*1/.test(each.textContent)));
  await station.end();
  assert.equal(await page.evaluate(() => window.same), true, "by itself, without a reload");
  await assertAccessible(page, "the board");
});

test("whoever was reached by telephone is written down as such", async () => {
  await page.getByRole("button", { name: "列出前 100 家" }).click();
  const row = page.getByRole("row").filter({ has: page.getByRole("button", { name: /已电话联系到/ }) }).first();
  await row.getByRole("link").waitFor();
  await row.getByRole("button", { name: /已电话联系到/ }).click();
  await saysExercise(page);
  await assertAccessible(page, "the dialog for a call");
  await page.getByRole("dialog").getByRole("button", { name: "记录" }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.waitForFunction(() => [...document.querySelectorAll(".answers li")].some((each) => /已确认.*2/.test(each.textContent)));
  const board = await system.ok("releaser", "GET", `/alerts/${alertId}/board`);
  assert.equal(board.byChannel.telephone.counts.CONFIRMED, 1);
});

test("who says by telephone that it cannot, or that it searches, is written down as that", async () => {
  const dialog = page.getByRole("dialog");
  const says = async (kind, ...steps) => {
    await page.getByRole("row").getByRole("button", { name: /已电话联系到/ }).first().click();
    await dialog.getByLabel(kind, { exact: true }).check();
    for (const step of steps) await step();
    const sent = page.waitForRequest(/acknowledgements$/);
    await dialog.getByRole("button", { name: "记录" }).click();
    await dialog.waitFor({ state: "detached" });
    const { kind: written, reason } = (await sent).postDataJSON();
    return [written, reason];
  };
  const counted = (words) => page.waitForFunction((are) => [...document.querySelectorAll(".answers li")].some((each) => each.textContent.startsWith(are)), words);
  assert.deepEqual(await says("正在查找"), ["ACTING", undefined]);
  await counted("正在查找11 ");
  const reason = dialog.getByLabel("无法执行的原因");
  assert.deepEqual(await says("无法执行",
    async () => {
      await dialog.getByRole("button", { name: "记录" }).click();
      await dialog.locator("#field-reason-error").waitFor();
      await assertAccessible(page, "a call without the reason");
    },
    () => reason.selectOption("EQUIPMENT"),
  ), ["UNABLE", "EQUIPMENT"]);
  await counted("无法执行11 ");
});

test("a sighting comes in, is told of, and is assessed", async () => {
  const titled = (title) => page.waitForFunction((is) => document.title === is, title);
  await titled("警情 · 团圆 · 值班台");
  await system.ok("station2", "POST", `/alerts/${alertId}/sightings`,
    { sightingId: randomUUID(), seenAt: new Date().toISOString(), description: "在候车室东侧，独自一人", position: { latitude: 41.79, longitude: 123.4, crs: "WGS84" } });
  await page.getByText("在候车室东侧，独自一人").waitFor();
  await page.getByRole("status").filter({ hasText: "收到 1 条新线索，共 1 条。" }).waitFor({ state: "attached" });
  await titled("(1) 警情 · 团圆 · 值班台");
  await page.getByRole("button", { name: "研判", exact: true }).click();
  await assertAccessible(page, "the assessment");
  await page.getByLabel("可信", { exact: true }).check();
  await page.getByRole("button", { name: "记录研判" }).click();
  await page.locator(".sighting .tag", { hasText: "可信" }).waitFor();
  await page.locator(".map-seen").waitFor();
  await page.locator(".sighting a.telephone").waitFor();
  await page.getByText("线索所在位置 1 处", { exact: false }).waitFor();
  await titled("警情 · 团圆 · 值班台");
  assert.doesNotMatch(await page.locator(".sighting").textContent(), /WGS/, "what everybody takes it for is not said");
  await system.ok("station2", "POST", `/alerts/${alertId}/sightings`,
    { sightingId: randomUUID(), seenAt: new Date().toISOString(), description: "往东去了", position: { latitude: 41.8, longitude: 123.41, crs: "GCJ02" },
      photo: { mediaType: "image/jpeg", data: photo().toString("base64") } });
  const second = page.locator(".sighting", { hasText: "往东去了" });
  await second.getByText("41.8000, 123.4100 GCJ02").waitFor();
  await second.getByRole("button", { name: "研判", exact: true }).click();
  await assertAccessible(page, "the assessment of a photo");
  for (const place of [second, page.getByRole("dialog")]) {
    assert.ok(await place.getByAltText("线索照片").evaluate(async (picture) => {
      await picture.decode();
      return picture.clientWidth > 150 && Math.abs(picture.clientWidth / picture.clientHeight - picture.naturalWidth / picture.naturalHeight) < 0.02;
    }), "all of it");
  }
  await page.keyboard.press("Escape");
});

test("an update sends what was changed and nothing else", async () => {
  await page.getByRole("link", { name: "更新内容" }).click();
  await page.getByRole("heading", { name: "更新警情内容" }).waitFor();
  await assertAccessible(page, "the update");
  await page.getByLabel("特征（疤痕").fill("左手背有一处浅色疤痕");
  await page.getByLabel("更新理由").fill("家属补充");
  const sent = page.waitForRequest((request) => request.url().endsWith(":update"));
  await page.getByRole("button", { name: "发送更新" }).click();
  const body = (await sent).postDataJSON();
  assert.equal(body.updateMask, "child.marks");
  assert.deepEqual(body.report, { child: { marks: "左手背有一处浅色疤痕" } });
  await page.getByRole("heading", { name: "答复" }).waitFor();
  const alert = await system.ok("releaser", "GET", `/alerts/${alertId}`);
  assert.equal(alert.revision, 2);
  assert.equal(alert.notice.child.clothing, "红色拉链外套，深蓝色双肩书包");
});

test("what the alert says now can be read, with its picture", async () => {
  await unfold(page, "当前内容");
  const copy = page.getByRole("article", { name: "公安版" });
  await copy.getByText(/左手背有一处浅色疤痕/).waitFor();
  assert.ok(await copy.getByRole("img").evaluate(async (picture) => {
    await picture.decode();
    return picture.naturalWidth > 0;
  }));
  await assertAccessible(page, "the board with its content");
  // What is put up and read out, of each audience that has it: as anybody with the certificate gets it.
  const links = page.getByRole("list", { name: /公安版|协作单位版/ }).getByRole("link");
  assert.equal(await links.count(), 10);
  for (const link of await links.all()) {
    assert.deepEqual([await link.getAttribute("target"), await link.getAttribute("rel")], ["_blank", "noopener noreferrer"]);
    const target = (await link.getAttribute("href")).replace("/api/v1", "");
    const { status, headers } = await system.call("officer", "GET", target);
    assert.deepEqual([status, headers["content-language"]], [200, "zh-CN"], target);
  }
  await page.getByRole("link", { name: /LED 字幕（文字）\s*（协作单位版）/ }).waitFor();
});

test("the circle is advanced, held and set", async () => {
  const circle = async (choose, check) => {
    await page.getByRole("button", { name: "调整范围" }).click();
    await choose();
    await page.getByRole("dialog").getByLabel("理由").fill("按研判结论");
    await page.getByRole("button", { name: "确认调整" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await check(await system.ok("releaser", "GET", `/alerts/${alertId}`));
  };
  await circle(async () => {
    await saysExercise(page);
    await assertAccessible(page, "the circle");
  }, (alert) => assert.equal(alert.circle.radiusKm, 200));
  await circle(() => page.getByLabel("停在当前半径").check(), (alert) => assert.equal(alert.circleHeld, true));
  await circle(async () => {
    await page.getByLabel("停在当前半径").waitFor({ state: "detached" });
    await page.getByLabel("改为指定半径").check();
    await page.getByLabel("半径（千米）").fill("六十");
    await page.getByRole("button", { name: "确认调整" }).click();
    await page.locator("#field-radiusKm-error").waitFor();
    await page.getByLabel("半径（千米）").fill("60");
    await page.getByRole("dialog").getByRole("img", { name: /半径 60 千米的圆/ }).waitFor();
  }, (alert) => assert.equal(alert.circle.radiusKm, 60));
  await page.getByRole("img", { name: /半径 60 千米的圆/ }).waitFor();
  await page.getByText("不再自动扩大").waitFor();
});

/// What the middle of a circle is chosen by.
const centreDialog = () => {
  const dialog = page.getByRole("dialog");
  const map = dialog.getByRole("application", { name: "圆心" });
  return {
    dialog, map,
    async open() {
      await page.getByRole("button", { name: "调整范围" }).click();
      await dialog.getByLabel("改为指定圆心和半径").check();
      await map.locator(".map-ring-before").waitFor();
    },
    typed: async () => ({
      latitude: Number(await dialog.getByLabel("圆心纬度").inputValue()), longitude: Number(await dialog.getByLabel("圆心经度").inputValue()),
    }),
  };
};
const near = (is, was, what, most = 0.001) => assert.ok(Math.abs(is - was) < most, `${what}: ${is}, not ${was}`);

test("the circle's middle is put on the map, moved by keys, typed, and shown before it is ordered", async () => {
  const here = await system.ok("releaser", "GET", `/alerts/${alertId}`);
  const { dialog, map, open, typed } = centreDialog();
  const says = dialog.getByRole("status");
  const order = async () => {
    await dialog.getByRole("button", { name: "确认调整" }).click();
    await dialog.waitFor({ state: "detached" });
    return (await system.ok("releaser", "GET", `/alerts/${alertId}`)).circle;
  };
  const ringAt = () => map.locator(".map-ring:not(.map-ring-before)").evaluate((ring) => [ring.getAttribute("cx"), ring.getAttribute("cy")].map(Number));

  // By a touch: where it was touched, and there is the circle that it would be.
  await open();
  await dialog.getByText(/辽宁沈阳市；半径 60 千米/).waitFor();
  const [x, y] = await ringAt();
  const box = await map.boundingBox();
  await map.click({ position: { x: box.width * 0.6, y: box.height * 0.4 } });
  const touched = await typed();
  assert.ok(touched.latitude > here.circle.latitude && touched.longitude > here.circle.longitude, "up is north, and right is east");
  const [movedX, movedY] = await ringAt();
  assert.ok(movedX > x && movedY < y, "and there is the circle that it would be");
  assert.equal((await system.ok("releaser", "GET", `/alerts/${alertId}`)).step, here.step, "which nobody has ordered yet");
  await assertAccessible(page, "the choice of a centre");
  await dialog.getByLabel("理由").fill("线索显示向东北方向移动");
  const drawn = await order();
  near(drawn.latitude, touched.latitude, "the latitude touched");
  near(drawn.longitude, touched.longitude, "the longitude touched");
  assert.deepEqual([drawn.radiusKm, drawn.approximate], [60, false]);
  await page.getByRole("img", { name: /半径 60 千米的圆/ }).waitFor();

  // By keys: reached by Tab, left by Tab, and what it says follows.
  await open();
  await dialog.getByLabel("半径（千米）").fill("80");
  await page.keyboard.press("Tab");
  assert.ok(await map.evaluate((element) => element === document.activeElement), "the map has the focus");
  const before = await typed();
  for (const key of ["ArrowDown", "ArrowDown", "ArrowLeft", "Shift+ArrowUp"]) await page.keyboard.press(key);
  const moved = await typed();
  near((before.latitude - moved.latitude) * 111.32, 15, "two steps of 8 km to the south, one of 1 km back", 0.3);
  near((before.longitude - moved.longitude) * 111.32 * Math.cos((moved.latitude * Math.PI) / 180), 8, "one to the west", 0.3);
  assert.match(await says.textContent(), new RegExp(`北纬 ${moved.latitude.toFixed(3)}°，东经 ${moved.longitude.toFixed(3)}°.*半径 80 千米`));
  for (const button of ["放大地图", "缩小地图"]) {
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), button);
  }
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute("name")), "centre.latitude", "the keyboard leaves the map");

  // By numbers: what is wrong with them stands beside them, and the map says that there is nothing to draw.
  await dialog.getByLabel("圆心纬度").fill("99");
  await dialog.getByLabel("圆心经度").fill("");
  await says.getByText("还不能画成圆").waitFor();
  await dialog.getByLabel("理由").fill("线索显示向东北方向移动");
  await dialog.getByRole("button", { name: "确认调整" }).click();
  await page.locator('[id="field-centre.longitude-error"]').waitFor();
  await page.waitForFunction(() => document.activeElement.getAttribute("aria-describedby") === "field-centre.longitude-error");
  await dialog.getByLabel("圆心经度").fill("123.45");
  await dialog.getByRole("button", { name: "确认调整" }).click();
  await page.locator('[id="field-centre.latitude-error"]').waitFor();
  await assertAccessible(page, "a centre that is none");
  await dialog.getByLabel("圆心纬度").fill("41.8");
  await dialog.getByLabel("坐标系").selectOption("GCJ02");
  const set = await order();
  assert.equal(set.radiusKm, 80);
  const off = Math.hypot(set.latitude - 41.8, set.longitude - 123.45) * 111.32;
  assert.ok(off > 0.2 && off < 1, `${off} km: taken as the map's own coordinates, and turned into WGS 84`);
});

test("the map comes nearer, so that a middle is put to a kilometre, and goes back", async () => {
  const { dialog, map, open, typed } = centreDialog();
  await page.getByRole("img", { name: /半径 80 千米的圆/ }).waitFor();
  await open();
  const [nearer, further] = ["放大地图", "缩小地图"].map((name) => dialog.getByRole("button", { name }));
  const high = (km) => dialog.getByText(`地图上下约 ${km} 千米`).waitFor();
  await high(320);
  assert.equal(await further.getAttribute("aria-disabled"), "true", "all of the circle is seen");
  await nearer.focus();
  for (const km of [160, 80, 40]) {
    await page.keyboard.press("Enter");
    await high(km);
  }
  assert.equal(await nearer.getAttribute("aria-disabled"), "true", "as near as it comes");
  await assertAccessible(page, "a map that has come nearer");

  await dialog.getByText("每次移动约 1 千米").waitFor();
  const before = await typed();
  await map.focus();
  await page.keyboard.press("ArrowUp");
  near(((await typed()).latitude - before.latitude) * 111.32, 1, "a step of 1 km to the north", 0.15);
  const { width, height } = await map.boundingBox();
  await map.click({ position: { x: width * 0.75, y: height / 2 } });
  const east = ((await typed()).longitude - before.longitude) * 111.32 * Math.cos((before.latitude * Math.PI) / 180);
  assert.ok(east > 5 && east < 20, `${east} km to the east, a quarter of the map`);

  for (const km of [80, 160, 320]) {
    await further.click();
    await high(km);
  }
  // As far as it goes is all of the circle, also of a larger one.
  await dialog.getByLabel("半径（千米）").fill("200");
  await high(800);
  assert.equal(await further.getAttribute("aria-disabled"), "true");
  const isInSight = await map.locator(".map-ring:not(.map-ring-before)").evaluate((ring) => {
    const [middle, radius] = ["cy", "ry"].map((name) => Number(ring.getAttribute(name)));
    const { y, height } = ring.ownerSVGElement.viewBox.baseVal;
    return middle - radius > y && middle + radius < y + height;
  });
  assert.ok(isInSight, "the ring of 200 km");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
});

test("partners are spared for a while, and told again: what can be suspended or resumed is offered, and nothing else", async () => {
  const suspend = page.getByRole("button", { name: "暂停", exact: true });
  const resume = page.getByRole("button", { name: "恢复", exact: true });
  const dialog = page.getByRole("dialog");
  for (const audience of ["公安机关", "协作单位"]) await page.locator("main .tag-good", { hasText: audience }).waitFor();
  assert.equal(await resume.count(), 0);
  await suspend.click();
  await saysExercise(page);
  await assertAccessible(page, "the suspension");
  for (const audience of ["公安机关", "公众"]) assert.equal(await dialog.getByLabel(audience).count(), 0, `${audience} cannot be spared`);
  await dialog.getByLabel("协作单位").uncheck();
  await page.getByRole("button", { name: "确认暂停" }).click();
  await page.locator("#field-audiences-error").waitFor();
  await page.waitForFunction(() => document.activeElement.getAttribute("aria-describedby") === "field-audiences-error");
  await assertAccessible(page, "a suspension for nobody");
  await dialog.getByLabel("协作单位").check();
  await dialog.getByLabel("理由").selectOption("LEADS_HELD");
  await page.getByRole("button", { name: "确认暂停" }).click();
  await page.getByText("部分暂停").waitFor();
  await page.locator("main .tag-warn", { hasText: "协作单位（已暂停）" }).waitFor();
  assert.equal(await suspend.count(), 0, "there is nobody left to spare");
  await resume.click();
  await saysExercise(page);
  await page.getByRole("button", { name: "确认恢复" }).click();
  await page.locator(".board-head").getByText("生效中").waitFor();
  await page.locator("main .tag-good", { hasText: "协作单位" }).waitFor();
});

test("the alert stands in the list with its clocks", async () => {
  await page.getByRole("link", { name: "警情", exact: true }).click();
  const card = page.locator(".card", { hasText: "演练儿童甲" });
  await card.getByText("演练", { exact: true }).waitFor();
  for (const clock of ["已走失", "扩大范围", "展示至"]) await card.getByText(clock).waitFor();
  await assertAccessible(page, "the list with an alert");
  await card.getByRole("link").click();
  await page.getByRole("button", { name: "撤下警情" }).waitFor();
});

test("the child is found: one button takes it down, and the board counts who has", async () => {
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  const recall = page.getByRole("button", { name: "撤下警情" });
  assert.ok(await recall.evaluate((button) => {
    const { top, bottom } = button.getBoundingClientRect();
    return top >= 0 && bottom <= window.innerHeight;
  }), "in sight at the end of the page too");
  await recall.click();
  await saysExercise(page);
  await assertAccessible(page, "the recall");
  await page.getByRole("button", { name: "确认结案并撤下" }).click();
  await page.locator("#field-outcome-error").waitFor();
  await page.getByLabel("结果").selectOption("FOUND_SAFE");
  await page.getByLabel("原因").selectOption("LOST");
  await page.getByRole("dialog").getByLabel("理由").fill("演练结束");
  await page.getByRole("button", { name: "确认结案并撤下" }).click();
  await page.getByText("警情已结束").waitFor();
  await page.getByText("已找到，平安").first().waitFor();
  assert.equal((await system.ok("releaser", "GET", `/alerts/${alertId}`)).state, "CLOSED");
  const { recipient_id: recipientId } = system.ready.credentials.station;
  const revision = (await system.ok("station", "GET", `/alerts/${alertId}`)).revision;
  await system.ok("station", "POST", `/alerts/${alertId}/acknowledgements`, { revision, recipientId, kind: "REMOVED" });
  await page.waitForFunction(() => [...document.querySelectorAll(".answers li")].some((each) => /已撤下.*1/.test(each.textContent)));
  assert.equal(await recall.count(), 0);
  await page.locator(".clocks").getByText("发布于").waitFor();
  await assertAccessible(page, "the board of an ended alert");
  await page.getByRole("link", { name: "警情", exact: true }).click();
  const over = page.locator(".card", { hasText: "已结束" });
  await over.getByText("发布于").waitFor();
  await assertAccessible(page, "the list with an ended alert");
  assert.deepEqual(desk.wrong, []);
});

/// The picture of the sample report, as a file.
function photo() {
  const report = JSON.parse(readFileSync(path.join(root, "config/report.sample.json"), "utf8"));
  return Buffer.from(report.child.photo.data, "base64");
}
