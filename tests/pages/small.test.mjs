// A telephone (360 x 740), a keyboard, the other language, and what the first screen weighs.
import assert from "node:assert/strict";
import https from "node:https";
import { after, before, test } from "node:test";
import { System, sampleReport } from "../end_to_end/system.mjs";
import { assertAccessible, assertFits, assertLooks, assertTouchable, beijing, endBoth, launch, openDesk, phone } from "./browser.mjs";

const firstScreenBytesMax = 200 * 1024;

/// Two children that look the same in every picture, and are nobody's duplicates.
function named(name) {
  const report = sampleReport();
  report.child.name = name;
  return report;
}

const system = new System();
let browser, alert, waiting;
before(async () => {
  await system.start();
  browser = await launch();
  const report = await system.ok("submitter", "POST", "/reports", named("演练儿童甲"));
  alert = await system.ok("releaser", "POST", `/reports/${report.id}:release`, { status: "EXERCISE" });
  waiting = await system.ok("submitter", "POST", "/reports", named("演练儿童乙"));
});
after(() => endBoth(browser, system));

test("every view fits a telephone, and a finger", async () => {
  const { page, wrong, go, end } = await openDesk(browser, system, system.ready.credentials.officer, { viewport: phone, touch: true });
  const views = [
    ["list", "#/", page.getByText(/\d+ \/ \d+ 家/)],
    ["report", "#/report", page.getByRole("button", { name: "提交并预览" })],
    ["preview", `#/reports/${waiting.id}`, page.getByRole("button", { name: "发布演练" })],
    ["released report", `#/reports/${alert.reportId}`, page.getByRole("heading", { name: "报告内容" })],
    ["board", `#/alerts/${alert.id}`, page.getByRole("heading", { name: "答复" })],
    ["update", `#/alerts/${alert.id}/update`, page.getByRole("button", { name: "发送更新" })],
    ["readiness", "#/readiness", page.getByRole("cell").first()],
    ["exercises", "#/exercises", page.getByRole("cell").first()],
    ["scores", `#/exercises/${alert.id}`, page.getByRole("cell").first()],
  ];
  for (const [name, address, shown] of views) {
    await go(address);
    await shown.first().waitFor();
    await assertFits(page, name);
    await assertTouchable(page, name);
    await assertAccessible(page, `${name} on a telephone`);
  }
  await go(`#/reports/${waiting.id}`);
  await page.getByRole("heading", { name: "预计接收单位" }).waitFor();
  await assertLooks(page, "phone-preview");
  await page.getByRole("button", { name: "发布演练" }).click();
  await page.getByRole("dialog").waitFor();
  await assertFits(page, "the release");
  await assertTouchable(page, "the release");
  await assertLooks(page, "phone-release");
  await page.keyboard.press("Escape");
  await go(`#/alerts/${alert.id}`);
  await page.getByRole("heading", { name: "答复" }).waitFor();
  await page.getByRole("table", { name: /未答复/ }).waitFor();
  await assertLooks(page, "phone-board", [".clocks"]);
  // Whom to telephone: each a block with its number, not a column of single characters.
  const silent = page.getByRole("table", { name: /未答复/ }).getByRole("row").nth(1);
  const { width: rowWidth } = await silent.boundingBox();
  const { width: nameWidth } = await silent.getByRole("rowheader").boundingBox();
  assert.ok(nameWidth > rowWidth * 0.9, `${nameWidth} of ${rowWidth} px`);
  await go("#/readiness");
  const away = page.getByRole("table", { name: "收不到的单位" }).getByRole("row").nth(1);
  await away.waitFor();
  const [row, name] = await Promise.all([away.boundingBox(), away.getByRole("rowheader").boundingBox()]);
  assert.ok(name.width > row.width * 0.9, `${name.width} of ${row.width} px`);
  await go(`#/alerts/${alert.id}`);
  await page.getByRole("button", { name: "撤下警情" }).click();
  await assertFits(page, "the recall");
  await assertAccessible(page, "the recall on a telephone");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "调整范围" }).click();
  await page.getByLabel("改为指定圆心和半径").check();
  const map = page.getByRole("application", { name: "圆心" });
  await map.locator(".map-ring-before").waitFor();
  await page.getByRole("button", { name: "放大地图" }).tap();
  await map.scrollIntoViewIfNeeded();
  const { width, height } = await map.boundingBox();
  await map.tap({ position: { x: width * 0.4, y: height * 0.6 } });
  assert.notEqual(await page.getByLabel("圆心纬度").inputValue(), String(Number(alert.circle.latitude.toFixed(3))), "a finger moves it");
  await assertFits(page, "the circle");
  await assertTouchable(page, "the circle");
  await assertAccessible(page, "the circle on a telephone");
  assert.deepEqual(wrong, []);
  await end();
});

test("a unit sees how ready each of its own divisions is, the worst first, and a province goes into its cities", async () => {
  // One of two in a county hears it, of all the others nobody does.
  const { recipient_id: recipientId } = system.ready.credentials.station;
  const { division } = await system.ok("operator", "GET", `/recipients/${recipientId}`);
  const station = await system.subscriber("station", []);
  await station.client.publishAsync(`tuanyuan/v1/presence/${recipientId}`, "online", { qos: 1, retain: true });
  for (let reachable = 0; reachable === 0;) ({ reachable } = await system.ok("operator", "GET", `/readiness?division=${division}&page_size=1`));

  const see = async (credential, check) => {
    const { page, wrong, go, end } = await openDesk(browser, system, credential);
    await go("#/readiness");
    const rows = page.getByRole("table", { name: "各地就绪情况" }).getByRole("row");
    const map = page.getByRole("img", { name: /就绪地图/ });
    await map.waitFor();
    await check(page, rows, map);
    await assertAccessible(page, "the readiness");
    assert.deepEqual(wrong, []);
    await end();
  };
  const shaded = (map) => map.locator(".map-area").evaluateAll((areas) => areas.filter((area) => area.style.fill).map((area) => area.textContent));

  await see(system.ready.credentials.officer, async (page, rows, map) => {
    await page.getByRole("heading", { name: "就绪情况：辽宁省沈阳市" }).waitFor();
    const { recipients } = await system.ok("operator", "GET", `/readiness?division=${division}&page_size=1`);
    const last = rows.last();
    await last.getByText(`1 / ${recipients}`).waitFor();
    assert.equal(await last.getByRole("cell").first().textContent(), String(recipients - 1), "how many do not, and where most do comes last");
    assert.equal(await rows.count(), 14, "each district and county of the city, and the heading");
    assert.deepEqual(await shaded(map), ["沈阳市"], "the city among its neighbours, of which nothing is known here");
    assert.match(await map.getAttribute("aria-label"), /沈阳市/);
    // A long list unfolds.
    const list = page.getByRole("table", { name: "收不到的单位" }).getByRole("row");
    assert.equal(await list.count(), 21);
    await page.getByRole("button", { name: /列出前 200 家/ }).click();
    assert.equal(await list.count(), 201);
    await page.getByText(/另有 \d+ 条未列出/).waitFor();
  });
  await see(system.ready.credentials.supervisor, async (page, rows, map) => {
    await page.getByRole("heading", { name: "就绪情况：辽宁省", exact: true }).waitFor();
    assert.equal((await shaded(map)).length, 14);
    assert.equal(await rows.count(), 15);
    await page.getByRole("link", { name: "沈阳市" }).click();
    await page.getByRole("heading", { name: "就绪情况：辽宁省沈阳市" }).waitFor();
    await rows.nth(13).waitFor();
    await page.getByRole("link", { name: "返回上一级" }).click();
    await page.getByRole("heading", { name: "就绪情况：辽宁省", exact: true }).waitFor();
    await rows.nth(14).waitFor();
  });
  await see(await system.officer("210103000000", "000901", "supervisor"), async (page, rows, map) => {
    await page.getByRole("heading", { name: "就绪情况：辽宁省沈阳市沈河区" }).waitFor();
    assert.equal(await rows.count(), 0, "a county has no parts");
    assert.deepEqual(await shaded(map), [], "and its city's colour would say nothing of it");
    await page.getByText("各区县见表格").waitFor({ state: "detached" });
  });
  await station.end();
});

test("a report is taken and released with the keyboard alone", async () => {
  const { page, wrong, go, end } = await openDesk(browser, system, system.ready.credentials.officer);
  await go("#/report");
  const tabTo = async (name) => {
    for (let presses = 0; presses < 60; ++presses) {
      if ((await page.evaluate(() => document.activeElement?.getAttribute("name"))) === name) return;
      await page.keyboard.press("Tab");
    }
    assert.fail(`${name} is not reached by the keyboard`);
  };
  await tabTo("exercise");
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowRight");
  assert.ok(await page.getByLabel("演练：不是真的").isChecked());
  await tabTo("incidentNumber");
  await page.keyboard.type(`K${Date.now()}`);
  await tabTo("child.ageYears");
  await page.keyboard.type("8");
  await tabTo("lastSeen.time");
  await page.getByLabel("最后看到儿童的时间").fill(beijing(40)); // how a date is typed is the browser's own
  await tabTo("contact.phone");
  await page.keyboard.type("110");
  await tabTo("lastSeen.division");
  await page.keyboard.type("210103");
  // A map by the keyboard, too: the province, a city, one of its counties.
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  const city = page.getByRole("button", { name: "沈阳市" });
  await city.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "和平区" }).focus();
  await page.keyboard.press("Enter");
  assert.match(await page.getByRole("combobox", { name: "走失地" }).inputValue(), /^210102/);
  await assertAccessible(page, "the form with its map");
  await page.getByLabel("联系电话").focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "预计接收单位" }).waitFor();
  for (let presses = 0; presses < 25; ++presses) {
    await page.keyboard.press("Tab");
    const covered = await page.evaluate(() => {
      const [own, decide] = [document.activeElement, document.querySelector("main .decide")];
      if (!own.closest("main") || decide.contains(own)) return null;
      const { bottom, height } = own.getBoundingClientRect();
      return height < 150 && bottom > decide.getBoundingClientRect().top + 2 ? own.outerHTML.slice(0, 80) : null;
    });
    assert.equal(covered, null, "what has the focus lies under what decides");
  }
  await page.getByRole("button", { name: "发布演练" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  assert.ok(await page.evaluate(() => document.activeElement.closest("dialog") !== null), "the focus is in the dialog");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "撤下警情" }).waitFor();
  assert.deepEqual(wrong, []);
  await end();
});

test("each view says in the browser's tab what it is, and is read out from its heading", async () => {
  const { page, wrong, go, end } = await openDesk(browser, system, system.ready.credentials.officer);
  const arrives = async (heading, title) => {
    await page.waitForFunction(([words, tab]) => {
      const { tagName, textContent } = document.activeElement;
      return tagName === "H1" && textContent.includes(words) && document.title === tab;
    }, [heading, title]);
  };
  await go();
  await page.waitForFunction(() => document.title === "警情与报告 · 团圆 · 值班台");
  await page.getByRole("navigation").getByRole("link", { name: "接报" }).click();
  await arrives("接报走失儿童", "接报走失儿童 · 团圆 · 值班台");
  // These are read first, and nothing of the child stands in the browser's history.
  await go(`#/alerts/${alert.id}`);
  await arrives("演练儿童甲", "警情 · 团圆 · 值班台");
  await go(`#/reports/${waiting.id}`);
  await arrives("演练儿童乙", "预览与发布 · 团圆 · 值班台");
  const decided = await system.ok("submitter", "POST", "/reports", sampleReport());
  await go(`#/reports/${decided.id}`);
  await page.waitForFunction(() => document.title === "预览与发布 · 团圆 · 值班台");
  await system.ok("releaser", "POST", `/reports/${decided.id}:reject`, { reason: "误报" });
  await page.waitForFunction(() => document.title === "走失儿童报告 · 团圆 · 值班台");
  await go(`#/reports/${waiting.id}`);
  await arrives("演练儿童乙", "预览与发布 · 团圆 · 值班台");
  await page.getByRole("button", { name: "English" }).click();
  await page.waitForFunction(() => document.title === "Preview and release · Tuanyuan · Desk");
  assert.deepEqual(wrong, []);
  await end();
});

test("the desk speaks English beside Chinese, and remembers it", async () => {
  const { page, wrong, go, end } = await openDesk(browser, system, system.ready.credentials.officer);
  await go();
  assert.equal(await page.evaluate(() => document.documentElement.lang), "zh-CN");
  await page.getByRole("button", { name: "English" }).click();
  await page.getByRole("heading", { name: "Alerts and reports" }).waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "Alerts and reports" }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), "en");
  for (const address of ["#/report", `#/reports/${waiting.id}`, `#/alerts/${alert.id}`, "#/readiness", "#/exercises"]) {
    await go(address);
    await assertAccessible(page, `${address} in English`);
  }
  await go(`#/alerts/${alert.id}`);
  await page.getByRole("button", { name: "Circle" }).click();
  await page.getByLabel("Set the centre and the radius").check();
  await page.getByRole("application", { name: "Centre of the circle" }).waitFor();
  await page.getByRole("status").getByText(/Centre: [\d.]+° N, [\d.]+° E, .*; a radius of \d+ km/).waitFor();
  await assertAccessible(page, "the circle in English");
  await go("#/report");
  await page.getByRole("button", { name: "Submit and preview" }).click();
  await page.getByText(/things to correct/).waitFor();
  assert.match(await page.locator('[id="field-contact.phone-error"]').textContent(), /^[ -~]+$/, "the server's words too");
  assert.deepEqual(wrong, []);
  await end();
});

test("the first screen without a map weighs less than 200 KiB, compressed", async () => {
  const load = (target) => new Promise((resolve, reject) => {
    https.get(new URL(target, system.ready.desk), { agent: system.agentOf(null), headers: { "accept-encoding": "gzip" } }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk)).on("error", reject);
      response.on("end", () => resolve({ headers: response.headers, bytes: Buffer.concat(chunks) }));
    }).on("error", reject);
  });
  const { page, end } = await openDesk(browser, system, system.ready.credentials.officer);
  const loaded = new Set();
  page.on("request", (request) => { if (request.url().startsWith(system.ready.desk)) loaded.add(request.url().split("#")[0]); });
  await page.goto(system.ready.desk);
  await page.locator("main h1").waitFor();
  assert.ok(loaded.size >= 3, "the page, its program and its styles");
  let bytes = 0;
  for (const url of loaded) {
    const file = await load(url);
    assert.equal(file.headers["content-encoding"], "gzip", url);
    bytes += file.bytes.length;
  }
  assert.ok(bytes < firstScreenBytesMax, `${bytes} bytes`);
  assert.ok(![...loaded].some((url) => /china/.test(url)), "no outlines yet");
  await end();
});
