// Somebody who has never seen the desk, with a note of what the parents said: from the first page to a released exercise, by
// nothing but the words that can be seen. Each step is counted, and how long it takes is estimated from that, because a
// machine's own speed says nothing of a person's.
import assert from "node:assert/strict";
import { test } from "node:test";
import { beijing } from "./browser.mjs";
import { atDesk } from "./desk.mjs";

/// Seconds of the keystroke-level model (Card, Moran and Newell, Communications of the ACM 23, 1980): a key of an average
/// typist who is no secretary, pointing, pressing a button, a hand between keyboard and mouse, making up one's mind before a
/// command (before what is filled in there is nothing to make up: the note says it), and what a view takes to come.
const seconds = { key: 0.28, point: 1.1, press: 0.2, hand: 0.4, mind: 1.35, wait: 1 };
/// The model knows no reading: 255 characters of Chinese a minute aloud (Trauzettel-Klosinski and Dietz, Investigative
/// Ophthalmology & Visual Science 53, 2012), and silently as much more as 238 words of English are than 183 (Brysbaert,
/// Journal of Memory and Language 109, 2019).
const charactersPerSecond = ((255 / 60) * 238) / 183;
/// The desk's own words on that way, without those of the alert itself: with these it takes less than two minutes.
const charactersMax = 340;
/// A character by its pinyin takes about three keys, and each word one more to choose it.
const keysOf = (text) => (/^[ -~]*$/.test(text) ? text.length : text.length * 3 + 1);

const { system, officer } = atDesk();

/// What somebody does with a page, counted.
function strangerAt(page) {
  const steps = [];
  let hand = "mouse";
  const add = (what, parts) => steps.push({ what, characters: 0, keys: 0, points: 0, presses: 0, hands: 0, minds: 0, waits: 0, fields: 0, ...parts });
  const over = (to) => {
    const moved = hand === to ? 0 : 1;
    hand = to;
    return moved;
  };
  return {
    steps,
    async reads(what, ...places) {
      let characters = 0;
      for (const place of places) {
        for (const each of await place.all()) characters += (await each.innerText()).replace(/\s/g, "").length;
      }
      add(`read ${what}`, { characters });
    },
    async clicks(what, place, { command = true } = {}) {
      assert.ok(await place.isVisible(), `${what} is in sight`);
      await place.click();
      add(`click ${what}`, { minds: command ? 1 : 0, hands: over("mouse"), points: 1, presses: 1 });
    },
    /// Into the field that was clicked.
    async types(what, field, text, keys = keysOf(text), enter = false) {
      await field.click();
      await field.fill(text);
      if (enter) {
        await page.getByRole("option").first().waitFor();
        await field.press("Enter");
      }
      add(`fill in ${what}`, { hands: over("mouse") + over("keyboard"), points: 1, presses: 1, keys: keys + (enter ? 1 : 0), fields: 1 });
    },
    waits: (what) => add(`wait for ${what}`, { waits: 1 }),
  };
}

const secondsOf = (step) =>
  step.characters / charactersPerSecond + step.keys * seconds.key + step.points * seconds.point + step.presses * seconds.press +
  step.hands * seconds.hand + step.minds * seconds.mind + step.waits * seconds.wait;

/// What the parents and the incident say, by the words that a form might ask for it with.
const incident = `J210102${Date.now()}`;
const note = [
  [/实战还是演练/, { choose: "演练" }],
  [/接警单编号/, { text: incident }],
  [/电话/, { text: "110" }],
  [/年龄/, { text: "7" }],
  [/时间/, { text: beijing(40), keys: 12 }],
  [/区县/, { text: "和平区", enter: true }],
];

test("from the first page to a released exercise by the words alone: four views, five fields, five clicks", async (context) => {
  const { page, wrong, go, end } = await officer();
  let views = 1;
  await go();
  await page.exposeFunction("anotherView", () => ++views);
  await page.evaluate(() => addEventListener("hashchange", () => window.anotherView()));
  const stranger = strangerAt(page);

  stranger.waits("the first page");
  await stranger.reads("the first page", page.getByRole("navigation"), page.locator("main .view-head"));
  await stranger.clicks("what says that a child is missing", page.getByRole("main").getByRole("link", { name: "接报走失儿童" }));
  await page.getByRole("heading", { name: "接报走失儿童" }).waitFor();
  stranger.waits("the form");
  await stranger.reads("what the form is", page.locator("main .view-head"));

  const required = page.locator(".field:visible", { has: page.locator(".field-needed") });
  for (const field of await required.all()) {
    const label = (await field.locator("label, .field-legend").first().innerText()).replace("必填", "").trim();
    await stranger.reads(label, field);
    const control = field.locator("input").first();
    if ((await field.getByRole("radio").count()) === 0 && (await control.inputValue()) !== "") continue;
    const [, { choose, text, keys, enter }] = note.find(([word]) => word.test(label)) ?? assert.fail(`nobody knows what to put into ${label}`);
    if (choose) await stranger.clicks(`${label} ${choose}`, field.locator("label", { hasText: choose }), { command: false });
    else await stranger.types(label, control, text, keys, enter);
  }
  await stranger.reads("what submitting does", page.locator("main .submit"));
  await stranger.clicks("the button below", page.locator("main").getByRole("button", { name: "提交并预览" }));
  await page.getByRole("heading", { name: "预计接收单位" }).waitFor();
  stranger.waits("the preview");

  // What would go out is what an officer answers for: one copy is read, the other is compared by its looks.
  await stranger.reads("what this is", page.locator("main .band"), page.getByRole("heading", { level: 1 }));
  await stranger.reads("a copy", page.getByRole("article").first());
  await stranger.reads("the button", page.locator("main .decide"));
  await stranger.clicks("the button", page.locator("main .decide").getByRole("button", { name: "发布演练" }));
  const dialog = page.getByRole("dialog");
  await stranger.reads("what is asked", dialog);
  await stranger.clicks("the same words again", dialog.getByRole("button", { name: "发布演练" }));
  await page.getByRole("button", { name: "撤下警情" }).waitFor();
  stranger.waits("the board");
  await stranger.reads("that it is out", page.locator("main .board-head"));

  const { alerts } = await system.ok("releaser", "GET", "/alerts?state=ACTIVE");
  assert.deepEqual(alerts.map(({ status, notice }) => [status, notice.incidentNumber]), [["EXERCISE", incident]]);

  const sum = (part) => stranger.steps.reduce((all, step) => all + step[part], 0);
  const estimate = stranger.steps.reduce((all, step) => all + secondsOf(step), 0);
  for (const step of stranger.steps) context.diagnostic(`${secondsOf(step).toFixed(1).padStart(6)} s  ${step.what}`);
  const reading = sum("characters") / charactersPerSecond;
  context.diagnostic(`${(estimate - reading).toFixed(1).padStart(6)} s  for ${sum("keys")} keys, ${sum("points")} times pointed, ${sum("minds")} times decided`);
  context.diagnostic(`${reading.toFixed(1).padStart(6)} s  for ${sum("characters")} characters read on the way`);
  context.diagnostic(`${estimate.toFixed(1).padStart(6)} s  in all`);
  assert.deepEqual({ views, fields: sum("fields"), clicks: sum("presses") - sum("fields") }, { views: 4, fields: 5, clicks: 5 },
    "list, form, preview, board; what is required and nobody but the officer knows; and one click each to begin, to say that it is an exercise, to submit, to release, to confirm");
  const copy = stranger.steps.find(({ what }) => what === "read a copy").characters;
  assert.ok(sum("characters") - copy <= charactersMax, `${sum("characters") - copy} characters: who reads them, and what for?`);
  assert.deepEqual(wrong, []);
  await end();
});
