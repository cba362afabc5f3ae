// Parts of the screen without a browser: whose answer a click is, when the screen turns, and what it was built into.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { test } from "node:test";

const pages = new URL("../../daemon/pages/", import.meta.url);
const require = createRequire(new URL("package.json", pages));
const esbuild = require("esbuild");

/// One file of the screen's source that needs no other.
async function part(name) {
  const source = readFileSync(new URL(`screen/${name}.ts`, pages), "utf8");
  const { code } = esbuild.transformSync(source, { loader: "ts", format: "esm" });
  return import(`data:text/javascript;base64,${Buffer.from(code).toString("base64")}`);
}

const { Answering } = await part("answering");
const { Player } = await part("player");

/// Buttons that are about notice A since 10 s.
function aboutA() {
  const answering = new Answering();
  answering.follow("A 1", 10_000);
  return answering;
}

test("a press counts once, and only where the buttons meant the same for a second", () => {
  const answering = aboutA();
  assert.equal(answering.take(), false, "nobody pressed anything");
  for (const [at, counts] of [[10_999, false], [11_000, true], [11_100, true]]) {
    answering.press(at);
    assert.equal(answering.take(), counts, `pressed at ${at}`);
    assert.equal(answering.take(), false, "one press, one click");
  }
});

test("a press over one notice says nothing of the next, nor of its next revision", () => {
  for (const next of ["B 1", "A 2"]) {
    const answering = aboutA();
    answering.press(19_990);
    answering.follow(next, 20_000);
    assert.equal(answering.take(), false, "let go of after the turn");
    answering.press(20_500);
    assert.equal(answering.take(), false, "meant for what was there before");
    answering.follow(next, 20_900);
    answering.press(21_000);
    assert.equal(answering.take(), true, "drawn again, it is the same");
  }
});

test("a key that is held down answers once, and nothing after a turn until it is let go of", () => {
  for (const marked of [true, false]) {
    const answering = aboutA();
    assert.equal(answering.keyDown("Enter", false, 12_000), true);
    assert.equal(answering.take(), true);
    for (const [about, at] of [["A 1", 13_000], ["B 1", 20_000], ["C 1", 30_000]]) {
      answering.follow(about, at);
      assert.equal(answering.keyDown("Enter", marked, at + 5_000), false, "it only comes again");
      assert.equal(answering.take(), false, about);
    }
    answering.keyUp(35_900);
    assert.equal(answering.keyDown("Enter", false, 36_000), true);
    assert.equal(answering.take(), true);
  }
});

test("a click that assistive technology sends alone counts where the buttons meant the same for a second", () => {
  const answering = aboutA();
  for (const [at, counts] of [[10_999, false], [11_000, true], [11_100, true]]) {
    answering.click(0, at);
    assert.equal(answering.take(), counts, `clicked at ${at}`);
    assert.equal(answering.take(), false, "one click");
  }
  answering.click(1, 15_000);
  assert.equal(answering.take(), false, "a pointer's, whose press nobody saw");
  answering.press(19_000); // beside the buttons, and so never taken
  answering.follow("B 1", 20_000);
  answering.click(0, 20_999);
  assert.equal(answering.take(), false, "meant for what was there before");
  answering.click(0, 21_000);
  assert.equal(answering.take(), true);
});

test("a key's click is none that comes alone, while it is held down and as it is let go of", () => {
  for (const isTaken of [false, true]) {
    const answering = aboutA();
    answering.keyDown(" ", false, 12_000);
    if (isTaken) {
      answering.press(12_500);
      assert.equal(answering.take(), true, "a finger's, meanwhile");
    }
    answering.follow("B 1", 20_000);
    answering.click(0, 25_000);
    assert.equal(answering.take(), false, "held down since another notice");
    answering.keyUp(30_000);
    answering.click(0, 30_000);
    assert.equal(answering.take(), false, "let go of after the turn");
    answering.click(0, 31_000);
    assert.equal(answering.take(), true, "that one comes alone");
  }
  const answering = aboutA();
  answering.keyDown(" ", false, 12_000);
  answering.keyUp(12_100);
  answering.click(0, 12_100);
  assert.equal(answering.take(), true, "by its own press");
});

test("a key that went to another window before it was let go of is held no longer", () => {
  const answering = aboutA();
  answering.keyDown("Alt", false, 12_000);
  answering.keyDown("Tab", false, 12_100);
  assert.equal(answering.take(), true, "it was a press");
  answering.leave(12_200);
  answering.click(0, 13_199);
  assert.equal(answering.take(), false, "it was just down");
  answering.click(0, 13_200);
  assert.equal(answering.take(), true, "that one comes alone");
  assert.equal(answering.keyDown("Tab", false, 14_000), true, "pressed anew");
  assert.equal(answering.take(), true);
  answering.keyUp(14_100);
  answering.leave(16_000);
  answering.click(0, 16_001);
  assert.equal(answering.take(), true, "no key was down as the window was left");
});

test("a key that lies under something does not keep a finger from answering", () => {
  const answering = aboutA();
  answering.keyDown("Enter", true, 12_000);
  answering.press(12_010);
  answering.keyDown("Enter", true, 12_020);
  assert.equal(answering.take(), true);
});

test("the question for a reason: its buttons count after a second, and so do those that come back", () => {
  const answering = aboutA();
  answering.ask(true, 20_000);
  answering.press(20_300);
  assert.equal(answering.take(), false, "the second touch of two");
  answering.ask(true, 20_400);
  answering.press(21_000);
  assert.equal(answering.take(), true);
  answering.ask(false, 22_000);
  answering.press(22_300);
  assert.equal(answering.take(), false);
});

test("the question for a reason closes with its notice, and by itself after half a minute", () => {
  const answering = aboutA();
  answering.ask(true, 20_000);
  answering.follow("B 1", 21_000);
  assert.equal(answering.asksWhy, false);
  answering.ask(true, 30_000);
  answering.tick(59_999);
  assert.equal(answering.asksWhy, true);
  answering.tick(60_000);
  assert.equal(answering.asksWhy, false);
  answering.press(60_100);
  assert.equal(answering.take(), false, "a touch on a reason is not one on what came in its place");
});

/// What the player asks of a board.
function boardOf(...items) {
  return { items, find: (alertId) => items.find((item) => item.notice.alertId === alertId) };
}
const item = (alertId, painted) => ({ notice: { alertId, revision: 1, texts: [{}] }, painted });

test("while somebody is about to answer the screen does not turn, except to what nobody has seen", () => {
  const board = boardOf(item("a", true), item("b", true));
  const player = new Player(board);
  player.follow();
  assert.equal(player.advance(2, true), false);
  assert.deepEqual([player.place.alertId, player.place.page], ["a", 0]);
  board.items.push(item("c", false));
  assert.equal(player.advance(1, true), true);
  assert.equal(player.place.alertId, "c");
  board.items[2].painted = true;
  assert.equal(player.advance(1, false), true);
  assert.equal(player.place.alertId, "a", "nobody is any more");
  board.items.push(item("d", false));
  assert.equal(player.follow(), true);
  assert.equal(player.place.alertId, "d", "at once, whoever is about to answer");
});

/// The browsers that it runs in (daemon/pages/screen/README.md).
const oldest = ["es2015", "chrome51"];

/// Put in those browsers' words it is another script: esbuild rewrites what is newer, or refuses to, and leaves the rest. But
/// for templates, which it always takes apart for them; so none is left in what was built.
function isNewer(code) {
  const asItIs = esbuild.transformSync(code, { target: "esnext" }).code;
  try {
    return esbuild.transformSync(code, { target: oldest, logLevel: "silent" }).code !== asItIs;
  } catch {
    return true;
  }
}

test("the script that was built has no syntax that Chrome 51 does not know", () => {
  for (const newer of ["a?.b", "a ?? b", "({...a})", "a ** b", "async () => 1", "class A { b = 1 }", "try {} catch {}", "/a/s", "1n"]) {
    assert.ok(isNewer(newer), newer);
  }
  for (const known of ["const [a, b = 1] = [...c], d = (e) => ({ e });", "class F extends G { get h() { return /i/u; } }", "for (let k of l) ;"]) {
    assert.ok(!isNewer(known), known);
  }
  const assets = path.join(process.env.TUANYUAN_BUILD, "daemon/pages/screen/assets");
  const scripts = readdirSync(assets).filter((name) => name.endsWith(".js"));
  assert.equal(scripts.length, 1, "one script, and no modules");
  assert.ok(!isNewer(readFileSync(path.join(assets, scripts[0]), "utf8")));
});
