// Debian's Chromium as an officer uses it: with a client certificate, on the address that the quickstart prints.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { PNG } from "pngjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const desktop = { width: 1280, height: 900 };
export const phone = { width: 360, height: 740 };
/** What a page may take until it shows something, on a small machine that does other things too. */
export const patience = 60_000;

/** What a file's tests began with: the browser, if it came to that, and the whole system. */
export async function endBoth(browser, system) {
  await browser?.close();
  await system.stop();
  system.remove();
}

export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
      "--disable-sync", "--disable-quic"],
  });

/// A tab of its own, with this credential (null: none). Whatever the page itself does wrong ends up in `wrong`.
export async function openDesk(browser, system, credential, { viewport = desktop, touch = false, language = "zh-CN" } = {}) {
  const { origin } = new URL(system.ready.desk);
  const context = await browser.newContext({
    // The deployment's own authority is not in the browser's store; which certificate the officer shows is what matters.
    ignoreHTTPSErrors: true,
    viewport,
    hasTouch: touch,
    locale: "zh-CN",
    reducedMotion: "reduce",
    clientCertificates: credential ? [{ origin, certPath: credential.certificate, keyPath: credential.key }] : [],
  });
  if (language !== "zh-CN") await context.addInitScript((chosen) => localStorage.setItem("tuanyuan.language", chosen), language);
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  const wrong = [];
  page.on("pageerror", (error) => wrong.push(error.message));
  page.on("console", (message) => {
    // Refusals are part of the tests; what the content security policy stops is not.
    if (message.type() === "error" && !/Failed to load resource|net::ERR_/.test(message.text())) wrong.push(message.text());
  });
  return {
    context, page, wrong,
    async go(hash = "#/") {
      await page.goto(system.ready.desk + hash);
      await page.locator("main h1, main .board-head").first().waitFor();
    },
    async end() {
      // What a route of the test still waits for is nobody's failure once its page goes.
      await page.unrouteAll({ behavior: "ignoreErrors" });
      await context.close();
    },
  };
}

/// No violation of axe's rules (WCAG 2.2 AA and best practices) in what is shown now.
export async function assertAccessible(page, about) {
  // By its own script tag it would be refused by the page's policy, as it should.
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  assert.deepEqual(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target} ${node.failureSummary}`).join(" | ")}`), [], about);
}

/// Nothing is wider than the screen: one scrolls up and down only.
export async function assertFits(page, about) {
  const [content, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  assert.ok(content <= screen, `${about} is ${content} px wide on ${screen} px`);
}

/// Everything one touches is large enough to be hit (WCAG 2.2, 2.5.8: 24 px).
export async function assertTouchable(page, about) {
  const small = await page.evaluate(() => [...document.querySelectorAll("button, select, input:not([type=radio]):not([type=checkbox]), summary")]
    .filter((element) => element.checkVisibility() && !element.closest(".out-of-sight"))
    .map((element) => ({ word: element.textContent || element.name, height: element.getBoundingClientRect().height }))
    .filter(({ height }) => height < 24));
  assert.deepEqual(small, [], about);
}

/// What is looked at is compared in tiles: type is drawn a little differently by every version of font and browser, a layout
/// that fell apart differs in whole tiles.
const tilePx = 16;
const tileDiffers = 24;
const tilesDifferingMax = 0.03;

function tiles(png) {
  const [across, down] = [Math.floor(png.width / tilePx), Math.floor(png.height / tilePx)];
  const sums = new Float64Array(across * down * 3);
  for (let y = 0; y < down * tilePx; ++y) {
    for (let x = 0; x < across * tilePx; ++x) {
      const from = (y * png.width + x) * 4;
      const to = (Math.floor(y / tilePx) * across + Math.floor(x / tilePx)) * 3;
      for (let channel = 0; channel < 3; ++channel) sums[to + channel] += png.data[from + channel];
    }
  }
  return { across, down, means: sums.map((sum) => sum / (tilePx * tilePx)) };
}

/// Against the reviewed picture of that name; TUANYUAN_REVIEW=1 takes what there is now as the reviewed one.
export async function assertLooks(page, name, mask = []) {
  const taken = await page.screenshot({ animations: "disabled", caret: "hide", mask: mask.map((selector) => page.locator(selector)), maskColor: "#c4ccd4" });
  const reviewed = path.join(here, "reviewed", `${name}.png`);
  if (process.env.TUANYUAN_REVIEW) {
    mkdirSync(path.dirname(reviewed), { recursive: true });
    writeFileSync(reviewed, taken);
    return;
  }
  assert.ok(existsSync(reviewed), `${name} was never reviewed`);
  const [now, before] = [PNG.sync.read(taken), PNG.sync.read(readFileSync(reviewed))];
  assert.deepEqual([now.width, now.height], [before.width, before.height], name);
  const [a, b] = [tiles(now), tiles(before)];
  let differing = 0;
  for (let at = 0; at < a.means.length; at += 3) {
    if (Math.max(...[0, 1, 2].map((channel) => Math.abs(a.means[at + channel] - b.means[at + channel]))) > tileDiffers) ++differing;
  }
  const share = differing / (a.across * a.down);
  if (share > tilesDifferingMax && process.env.TUANYUAN_SHOTS) writeFileSync(path.join(process.env.TUANYUAN_SHOTS, `${name}.png`), taken);
  assert.ok(share <= tilesDifferingMax, `${name}: ${Math.round(share * 1000) / 10} % of it looks otherwise`);
}

/// Beijing's clock, as an input for date and time takes it.
export const beijing = (agoMinutes) => new Date(Date.now() - agoMinutes * 60_000 + 8 * 3_600_000).toISOString().slice(0, 16);

/// The required fields, as an officer fills them; what they were.
export async function fillReport(page, { exercise = true, incident = `J${Date.now()}${Math.floor(Math.random() * 1000)}`, age = "7" } = {}) {
  await page.getByLabel(exercise ? "演练：不是真的" : "实战：真有儿童走失").check();
  await page.getByLabel("接警单编号").fill(incident);
  await page.getByLabel("联系电话").fill("024-5550-0101");
  await page.getByLabel("年龄").fill(age);
  await page.getByLabel("最后看到儿童的时间").fill(beijing(40));
  const division = page.getByRole("combobox", { name: "走失地" });
  await division.fill("和平区");
  await page.getByRole("option", { name: "沈阳市和平区" }).waitFor();
  await division.press("Enter");
  return incident;
}

export async function unfold(page, title) {
  const fold = page.locator("details", { has: page.locator("summary", { hasText: title }) }).first();
  if (!(await fold.evaluate((details) => details.open))) await fold.locator("summary").first().click();
}

/// For people to look at, where PAGES_PICTURES names a folder.
export async function picture(page, name) {
  const folder = process.env.PAGES_PICTURES;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name}.png`) });
}

/// A grey picture as a file; of another width, another.
export function pictureFile(width) {
  const png = new PNG({ width, height: 480 });
  png.data.fill(192);
  return { name: `${width}.png`, mimeType: "image/png", buffer: PNG.sync.write(png) };
}
