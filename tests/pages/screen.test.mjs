// A station's screen in a browser, from the release to the recall, with the network gone at the worst moments.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, afterEach, before, test } from "node:test";
import { Rig, until } from "../end_to_end/rig.mjs";
import { sampleReport } from "../end_to_end/system.mjs";
import { launch, picture } from "./browser.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const rig = new Rig();
let browser;
let station;
let url;
const contexts = [];
const openAlerts = new Set();

function startStation() {
  const port = rig.portBase + 20;
  url = `http://127.0.0.1:${port}/`;
  station = rig.station(rig.ready.credentials.station,
    { args: ["--screen", `127.0.0.1:${port}`, "--public-copy", "https://example.org/alerts/", "--public-copy-of-exercises"] });
  return until("the station", () => station.isAlive ? station.events("connected").length > 0 : "dead");
}

before(async () => {
  await rig.prepare();
  await rig.startBroker();
  await rig.startDaemon();
  await startStation();
  browser = await launch();
});
// What a test that fails leaves behind does not disturb the next one.
afterEach(async () => {
  await Promise.all(contexts.splice(0).map((context) => context.close()));
  for (const id of openAlerts) await close(id);
});
after(async () => {
  await browser?.close();
  await rig.end();
});

/// A window on the screen. `faked`: its clock goes as the test says.
async function open({ width = 1920, height = 1080, faked = false, at = url, query = "", prepare } = {}) {
  const context = await browser.newContext({ viewport: { width, height } });
  contexts.push(context);
  const page = await context.newPage();
  page.errors = [];
  page.on("pageerror", (error) => page.errors.push(String(error)));
  page.on("console", (line) => line.type() === "error" && !/Failed to load resource/.test(line.text()) && page.errors.push(line.text()));
  if (faked) await page.clock.install();
  await prepare?.(page);
  await page.goto(at + query);
  await page.waitForSelector(".idle, .screen");
  return page;
}

async function release(changes) {
  const report = sampleReport(changes);
  const submitted = await rig.ok("submitter", "POST", "/reports", report);
  const alert = await rig.ok("releaser", "POST", `/reports/${submitted.id}:release`, {});
  openAlerts.add(alert.id);
  return { id: alert.id, name: report.child.name, at: Date.now() };
}

const close = (id) => {
  openAlerts.delete(id);
  return rig.ok("releaser", "POST", `/alerts/${id}:close`, { outcome: "FOUND_SAFE", cause: "LOST", reason: "演练结束" });
};
const counts = async (id) => (await rig.ok("releaser", "GET", `/alerts/${id}/board`)).counts;
const answered = (id, kind) => until(`${kind} on the board`, async () => (await counts(id))[kind] === 1);
const shown = (page, name, timeout) => page.waitForFunction((text) => document.querySelector(".headline")?.textContent.includes(text), name, { timeout });
/// From now on the page's time goes by only as the test says.
const stopTime = async (page) => page.clock.pauseAt((await page.evaluate(() => Date.now())) + 5_000);
/// As much of it as the page takes to paint a notice, on a machine that may be busy.
const paints = (page, id) => until("DISPLAYED on the board", async () => {
  await page.clock.runFor(100);
  return (await counts(id)).DISPLAYED === 1;
});
const empty = (page) => page.waitForSelector(".idle");
const current = async () => (await fetch(`${url}current.json`)).json();

test("a released exercise is shown within a second, and the screen is empty after the recall", async () => {
  const page = await open();
  assert.match(await page.textContent(".idle"), /\d\d:\d\d/);
  // When something is shown, by the page itself. The machine may be busy with something else for once: three tries.
  await page.evaluate(() => new MutationObserver(() => {
    window.shownAt = window.shownAt ?? (document.querySelector(".headline p") ? Date.now() : undefined);
  }).observe(document.body, { childList: true, subtree: true }));
  const took = [];
  while (took.length < 3 && !(took.at(-1) < 1_000)) {
    const { id, name, at } = await release();
    await shown(page, name);
    took.push(await page.evaluate(() => { const then = window.shownAt; window.shownAt = undefined; return then; }) - at);
    await close(id);
    await empty(page);
    await page.evaluate(() => { window.shownAt = undefined; });
  }
  assert.ok(took.at(-1) < 1_000, `it took ${took} ms`);
});

test("displayed when it is painted, confirmed by a key alone, removed when it is gone", async () => {
  const page = await open({ faked: true });
  const { id, name } = await release();
  await shown(page, name);
  await page.waitForFunction(() => document.querySelector(".photo img")?.naturalWidth > 0);
  assert.match(await page.textContent(".band"), /【演练】/);
  assert.match(await page.textContent(".stripe"), /演练.*EXERCISE/);
  assert.equal(await page.textContent(".contact-phone"), "110");
  await answered(id, "DISPLAYED");

  const [listed] = (await current()).notices;
  assert.equal(listed.alertId, id);
  assert.equal(listed.status, "EXERCISE");
  assert.equal((await fetch(url + listed.photo)).headers.get("cache-control"), "no-store");

  // A script is no person.
  await page.evaluate(() => document.querySelectorAll(".duty button").forEach((button) => button.click()));
  await page.keyboard.press("Tab");
  assert.equal((await counts(id)).CONFIRMED, 0);
  await page.clock.runFor(1_000);
  await page.focus(".duty button");
  await page.keyboard.press("Enter");
  await answered(id, "CONFIRMED");
  await page.waitForFunction(() => /✓ 已阅读/.test(document.querySelector(".duty").textContent));

  await close(id);
  await empty(page);
  await answered(id, "REMOVED");
  assert.deepEqual((await current()).notices, []);
  assert.equal((await fetch(url + listed.photo)).status, 404);
  assert.ok(!(await page.content()).includes(name));
  assert.deepEqual(page.errors, []);
});

test("the police's own copy says on a screen too whose it is, and no other does", async () => {
  const at = `http://127.0.0.1:${rig.portBase + 21}/`;
  const police = rig.station(rig.ready.credentials.police, { args: ["--screen", new URL(at).host] });
  await until("the station of the police", () => police.isAlive ? police.events("connected").length > 0 : "dead");
  const [page, theirs, upright] = [await open(), await open({ at }), await open({ at, width: 1080, height: 1920 })];
  const { id, name } = await release();
  for (const each of [page, theirs, upright]) await shown(each, name);
  assert.equal(await page.locator(".internal").count(), 0);
  for (const each of [theirs, upright]) {
    assert.match(await each.textContent(".internal"), /^公安机关内部使用，请勿外传 For police use only/);
    const { top, bottom, left, right, band } = await each.evaluate(() => {
      const { top, bottom, left, right } = document.querySelector(".internal").getBoundingClientRect();
      return { top, bottom, left, right: innerWidth - right, band: document.querySelector(".band").getBoundingClientRect().bottom };
    });
    assert.deepEqual([left, right], [0, 0]);
    assert.ok(bottom > top && Math.abs(top - band) < 1, "below the band");
    assert.ok(await each.evaluate(() => document.querySelector(".foot").getBoundingClientRect().bottom <= innerHeight + 1), "nothing is pushed out");
    await each.evaluate(axe);
    assert.deepEqual((await each.evaluate(() => window.axe.run())).violations.map((one) => one.id), []);
    assert.deepEqual(each.errors, []);
  }
  await picture(theirs, "police");
  await close(id);
  for (const each of [page, theirs, upright]) await empty(each);
  await police.stop();
});

test("no window on the screen: nothing is displayed, and the recall is removed at once", async () => {
  const { id } = await release();
  await answered(id, "RECEIVED");
  await until("the station to have it", async () => (await current()).notices.length === 1);
  assert.equal((await counts(id)).DISPLAYED, 0);
  await close(id);
  await answered(id, "REMOVED");
});

test("the station dies: what is in force stays, marked, and is gone when it expires", async () => {
  const page = await open({ faked: true });
  const { id, name } = await release();
  await shown(page, name);
  await answered(id, "DISPLAYED");
  const [{ expiresAt }] = (await current()).notices;
  await station.stop("SIGKILL");
  await page.clock.fastForward(30_000);
  await page.waitForSelector(".lost");
  await shown(page, name);
  await page.waitForFunction(() => document.querySelector(".photo img")?.naturalWidth > 0);
  await picture(page, "lost");
  const left = Date.parse(expiresAt) - await page.evaluate(() => Date.now());
  await page.clock.fastForward(left - 60_000);
  await shown(page, name);
  await page.clock.fastForward(120_000);
  await empty(page);
  assert.ok(!(await page.content()).includes(name));
  await startStation();
  await close(id);
  await answered(id, "REMOVED");
});

test("recalled while the station is away: the window takes the station's word when it is back", async () => {
  const page = await open();
  const { id, name } = await release();
  await shown(page, name);
  await answered(id, "DISPLAYED");
  await station.stop("SIGKILL");
  await close(id);
  await shown(page, name);
  await startStation();
  await empty(page);
  await answered(id, "REMOVED");
  assert.deepEqual(page.errors, []);
});

test("events do not get through: the state is asked for instead", async () => {
  const page = await open({ prepare: (made) => made.route("**/events?*", (route) => route.abort()) });
  const { id, name } = await release();
  await shown(page, name);
  await answered(id, "DISPLAYED");
  await close(id);
  await empty(page);
  await answered(id, "REMOVED");
});

test("read aloud where that is wanted, each revision once", async () => {
  const prepare = (made) => made.addInitScript(listen);
  const mute = await open({ prepare });
  const page = await open({ prepare, faked: true, query: "?speech=1" });
  const { id, name } = await release();
  await shown(page, name);
  await answered(id, "DISPLAYED"); // by either of them
  for (const phrases of [1, 2]) {
    await until("it is read", async () => (await page.evaluate(() => window.spoken.length)) === phrases);
    await page.evaluate(() => window.finish());
  }
  await page.clock.runFor(120_000);
  const spoken = await page.evaluate(() => window.spoken);
  assert.equal(spoken.length, 2);
  assert.match(spoken[0], /^zh-CN 【演练】/);
  assert.match(spoken[1], /^en \[EXERCISE\]/);
  await close(id);
  await empty(page);
  assert.deepEqual(await mute.evaluate(() => window.spoken), []);
});

test("read aloud: only what is shown, and what is recalled takes nothing else with it", async () => {
  const page = await open({ prepare: (made) => made.addInitScript(listen), query: "?speech=1" });
  const heard = (what) => page.waitForFunction((wanted) => new RegExp(wanted).test(window.spoken.at(-1)), what);
  const first = await release();
  await shown(page, first.name);
  await heard("^zh-CN");
  const second = await release();
  await shown(page, second.name);
  await answered(second.id, "DISPLAYED");
  assert.equal(await page.evaluate(() => window.spoken.length), 1, "one at a time");
  await close(first.id);
  await answered(first.id, "REMOVED");
  await heard(`^zh-CN .*${second.name}`);
  assert.equal(await page.evaluate(() => window.spoken[1]), "silent");
  // A new revision: of the one before nothing more is read.
  await rig.ok("releaser", "POST", `/alerts/${second.id}:update`,
    { report: { child: { clothing: "绿色雨衣" } }, updateMask: "child.clothing", reason: "演练" });
  await page.waitForFunction(() => window.spoken.filter((one) => /^zh-CN/.test(one)).length === 3);
  await page.evaluate(() => window.finish());
  await heard("^en");
  await close(second.id);
  await empty(page);
  const spoken = await page.evaluate(() => window.spoken.map((one) => one.split(" ")[0]));
  assert.deepEqual(spoken, ["zh-CN", "silent", "zh-CN", "silent", "zh-CN", "en", "silent"]);
});

/// A voice that reads on until the test says that it has come to an end.
function listen() {
  window.spoken = [];
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  const voice = {
    speaking: false, pending: false,
    speak(one) { window.spoken.push(`${one.lang} ${one.text}`); voice.speaking = true; voice.one = one; },
    cancel() { window.spoken.push("silent"); voice.speaking = false; voice.one.onerror?.(); },
  };
  window.finish = () => { voice.speaking = false; voice.one.onend?.(); };
  Object.defineProperty(window, "speechSynthesis", { value: voice });
}

test("two windows of one browser have names of their own; after a restart there is one of before", async () => {
  const named = async (page) => (await page.waitForRequest(/\/shown$/)).postDataJSON().page;
  const context = await browser.newContext();
  contexts.push(context);
  const window = async () => {
    const page = await context.newPage();
    const name = named(page);
    await page.goto(url);
    return { page, name: await name };
  };
  const left = await window();
  const right = await window();
  assert.notEqual(left.name, right.name);
  await right.page.close();
  assert.equal((await window()).name, right.name);
  await left.page.close();
  assert.equal((await window()).name, left.name);
});

test("an answer that is not delivered says so in both languages", async () => {
  const page = await open({ faked: true, prepare: (made) => made.route("**/answers", (route) => route.abort()) });
  const { id, name } = await release();
  await shown(page, name);
  await answered(id, "DISPLAYED");
  await page.getByRole("group", { name: "Answer of the officer on duty" }).waitFor();
  await page.clock.runFor(1_000);
  await page.focus(".duty button");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").getByText("Not delivered, try again").waitFor();
  await close(id);
  await empty(page);
});

/// A window on a notice that has been read, whose time stands still, and what persons said at it.
async function readNotice() {
  const page = await open({ faked: true });
  const said = [];
  page.on("request", (request) => {
    if (/\/answers$/.test(request.url())) said.push(`${request.postDataJSON().alertId} ${request.postDataJSON().kind}`);
  });
  const first = await release();
  await shown(page, first.name);
  await answered(first.id, "DISPLAYED");
  await stopTime(page);
  return { page, said, first };
}

test("a key that is held down, or pressed as the screen turns, says nothing of what nobody has read", async () => {
  const { page, said, first } = await readNotice();
  await page.focus(".duty button");
  await page.keyboard.down("Enter");
  await answered(first.id, "CONFIRMED");
  // Something lies on the key: it comes again and again.
  const second = await release();
  await shown(page, second.name);
  await paints(page, second.id);
  await page.clock.runFor(1_000);
  await page.focus(".duty button");
  for (let times = 0; times < 3; ++times) await page.keyboard.down("Enter");
  await page.keyboard.up("Enter");
  // Meant for the second, and too late for it.
  const third = await release();
  await shown(page, third.name);
  await page.focus(".duty button");
  await page.keyboard.press("Enter");
  await paints(page, third.id);
  await page.clock.runFor(1_000);
  await page.focus(".duty button");
  await page.keyboard.press("Enter");
  await answered(third.id, "CONFIRMED");
  assert.deepEqual(said, [`${first.id} CONFIRMED`, `${third.id} CONFIRMED`]);
  await page.clock.resume();
  for (const { id } of [first, second, third]) await close(id);
  await empty(page);
});

test("the question for a reason gives way to a new alert, and closes by itself", async () => {
  const { page, said, first } = await readNotice();
  const unable = page.getByRole("button", { name: /无法办理/ });
  const nobody = page.getByRole("button", { name: /无人值守/ });
  await unable.focus();
  await page.keyboard.press("Enter");
  await nobody.waitFor();
  const second = await release();
  await shown(page, second.name);
  await nobody.waitFor({ state: "detached" });
  await page.focus(".duty button");
  await page.keyboard.press("Enter"); // meant for a reason, on what stands in its place
  await paints(page, second.id);
  await page.clock.runFor(1_000);
  await unable.focus();
  await page.keyboard.press("Enter");
  await nobody.waitFor();
  await page.clock.runFor(31_000);
  await nobody.waitFor({ state: "detached" });
  assert.deepEqual(said, []);
  await page.clock.resume();
  for (const { id } of [first, second]) await close(id);
  await empty(page);
});

test("several: in turn, each with its place among them", async () => {
  const page = await open({ faked: true });
  const first = await release();
  await shown(page, first.name);
  await answered(first.id, "DISPLAYED");
  const second = await release();
  await shown(page, second.name);
  await answered(second.id, "DISPLAYED");
  assert.match(await page.textContent(".band-position"), /[12] \/ 2/);
  const seen = new Set();
  for (let turns = 0; turns < 40 && seen.size < 4; ++turns) {
    const [name, language] = await page.evaluate(() => [document.querySelector(".headline .fitted-text").textContent, document.querySelector(".headline").lang]);
    seen.add(`${name.includes(first.name) ? "first" : "second"} ${language}`);
    await page.clock.runFor(42_000);
  }
  assert.deepEqual([...seen].sort(), ["first en", "first zh-CN", "second en", "second zh-CN"]);
  await close(first.id);
  await close(second.id);
  await empty(page);
});

for (const [width, height] of [[1920, 1080], [1080, 1920], [1366, 768], [1024, 600]]) {
  test(`at ${width}x${height} nothing is cut, and it is legible from ten metres`, async () => {
    const page = await open({ width, height, faked: true });
    await picture(page, `${width}x${height}-idle`);
    const { id, name } = await release();
    await shown(page, name);
    await answered(id, "DISPLAYED");
    const body = (await current()).notices[0].texts[0].body;
    let read = "";
    for (let count = 1, at = 0; at < count; ++at) {
      const seen = await page.evaluate(() => {
        const inside = (box, room) => {
          const [a, b] = [box.getBoundingClientRect(), room.getBoundingClientRect()];
          return a.left >= b.left - 1 && a.right <= b.right + 1 && a.top >= b.top - 1 && a.bottom <= b.bottom + 1;
        };
        const all = [...document.querySelectorAll(".fitted")];
        const unit = Math.min(innerWidth, innerHeight) / 100;
        return {
          text: [...document.querySelectorAll(".body .fitted-text p")].map((one) => one.textContent).join(""),
          pages: Math.max(1, document.querySelectorAll(".dot").length),
          cut: all.filter((room) => !inside(room.querySelector(".fitted-text"), room)).map((room) => room.className),
          outside: [...document.querySelectorAll(".band > *, .photo img, .code, .text, .foot > *, .contact > *, .duty button, .dots")]
            .filter((box) => !inside(box, document.body)).map((box) => box.className),
          letters: parseFloat(getComputedStyle(document.querySelector(".body .fitted-text")).fontSize) / unit,
          telephone: parseFloat(getComputedStyle(document.querySelector(".contact-phone")).fontSize) / unit,
        };
      });
      if (at === 0) await picture(page, `${width}x${height}-exercise`);
      assert.deepEqual(seen.cut, []);
      assert.deepEqual(seen.outside, []);
      assert.ok(seen.letters > 4.69, `${seen.letters} hundredths of the shorter side`);
      assert.ok(seen.telephone >= 8);
      read += seen.text;
      count = seen.pages;
      for (let seconds = 0; at + 1 < count && seconds < 60; ++seconds) {
        await page.clock.runFor(1_000);
        if (await page.evaluate((next) => document.querySelectorAll(".dot")[next]?.className.includes("is-here"), at + 1)) break;
      }
    }
    assert.equal(read.replace(/\s/g, ""), body.replace(/\s/g, ""), "every page together is the whole text");
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run());
    assert.deepEqual(violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target).join(" ")}`), []);
    await close(id);
    await empty(page);
    assert.deepEqual(page.errors, []);
  });
}
