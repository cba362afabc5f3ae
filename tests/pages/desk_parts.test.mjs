// Parts of the desk without a browser.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { test } from "node:test";

const pages = new URL("../../daemon/pages/", import.meta.url);
const { buildSync } = createRequire(new URL("package.json", pages))("esbuild");

/// Files of the desk's source, with those that they need.
async function part(...names) {
  const stdin = { contents: names.map((name) => `export * from "./${name}";`).join(""), resolveDir: fileURLToPath(new URL("desk", pages)) };
  const { outputFiles: [{ text }] } = buildSync({ stdin, bundle: true, write: false, format: "esm", logLevel: "silent" });
  return import(`data:text/javascript;base64,${Buffer.from(text).toString("base64")}`);
}

const { Intake } = await part("form/intake");
const { dialled } = await part("format");
const { changedFields, changesIn, updateFields, withChanges } = await part("form/draft");
const { placed, triedWays } = await part("views/ways");
const { asSeen, changedElsewhere, isOvertaken, stoodIn, withNewer, NoAnswer, Refused } = await part("form/newer", "api/call");

/// What is read comes when the test says so; what became of it.
function intake(msMax = 1_000) {
  const told = [];
  const reading = new Map();
  const taken = new Intake((name) => new Promise((come, fail) => reading.set(name, { come, fail })), msMax, (state) => told.push(state));
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  const reads = (read) => told.push(read);
  return {
    told, taken, reads,
    take: (name) => void taken.take(name, reads),
    async comes(name) {
      reading.get(name).come(`photo of ${name}`);
      await settled();
    },
    async fails(name) {
      reading.get(name).fail(new Error("no picture"));
      await settled();
    },
  };
}

test("a file is read, and what it holds is there before it is said that nothing is read any more", async () => {
  const { told, take, comes } = intake();
  take("a");
  assert.deepEqual(told, ["reading"]);
  await comes("a");
  assert.deepEqual(told, ["reading", "photo of a", "idle"]);
});

test("of two files the one chosen last counts, whichever is read first", async () => {
  for (const order of [["a", "b"], ["b", "a"]]) {
    const { told, take, comes } = intake();
    take("a");
    take("b");
    for (const name of order) await comes(name);
    assert.deepEqual(told, ["reading", "reading", "photo of b", "idle"], order.join());
  }
});

test("what cannot be read is said to be, but not of a file that does not count any more", async () => {
  const { told, take, comes, fails } = intake();
  take("a");
  take("b");
  await fails("a");
  assert.deepEqual(told, ["reading", "reading"]);
  await fails("b");
  take("c");
  await comes("c");
  assert.deepEqual(told, ["reading", "reading", "unreadable", "reading", "photo of c", "idle"]);
});

test("what was taken back does not come any more", async () => {
  const { told, taken, take, comes } = intake();
  take("a");
  taken.takeBack();
  await comes("a");
  assert.deepEqual(told, ["reading", "idle"]);
});

test("what takes too long cannot be read, and does not come later", async () => {
  const { told, taken, comes, reads } = intake(1);
  await taken.take("a", reads);
  assert.deepEqual(told, ["reading", "unreadable"]);
  await comes("a");
  assert.deepEqual(told, ["reading", "unreadable"]);
});

test("an extension is dialled after a pause, and not as more of the number", () => {
  for (const [written, number] of [
    ["024-5550-0101", "02455500101"], ["+86 (24) 5550 0101", "+862455500101"], ["110", "110"],
    ["024-22720110转8001", "02422720110,8001"], ["024-22720110 ext. 8001", "02422720110,8001"], ["024-22720110 EXT 12", "02422720110,12"],
    ["024-22720110转", "02422720110"],
  ]) assert.equal(dialled(written), number, written);
});

const draft = (values, photo) => ({ values, photo: photo ? { mediaType: "image/png", data: photo } : null });
const position = (latitude, longitude) => ({ "lastSeen.position.latitude": latitude, "lastSeen.position.longitude": longitude, "lastSeen.position.crs": "WGS84" });

test("what somebody else has changed since the form was opened is told from what is typed or was sent here", () => {
  const before = draft({ "child.clothing": "红色外套", "child.weightKg": "26", ...position("41.8", "123.4") }, "a");
  const typed = draft({ ...before.values, "child.clothing": "蓝色外套", "child.marks": "痣" }, "a");
  const elsewhere = (now, ...own) => changedElsewhere(before, now, [typed, ...own], updateFields);
  assert.deepEqual(elsewhere(before), []);
  assert.deepEqual(elsewhere(typed), [], "what was typed here is in force");
  assert.deepEqual(elsewhere(draft({ ...before.values, "child.weightKg": "26.0", "child.clothing": "蓝色外套 " }, "a")), [], "the same, written otherwise");
  const now = draft({ ...before.values, "child.clothing": "绿色外套", "child.weightKg": "27", ...position("41.8", "123.5") }, "b");
  assert.deepEqual(elsewhere(now), ["child.weightKg", "child.clothing", "lastSeen.position", "child.photo"]);
  assert.deepEqual(elsewhere(now, now), [], "what was sent from here is in force, and was typed over since");
});

test("what was typed before a reload is known for typed over what somebody else has changed since", () => {
  const before = draft({ "child.clothing": "红色外套", "child.name": "甲", "child.weightKg": "26", ...position("41.8", "123.4") }, "a");
  const typed = draft({ ...before.values, "child.clothing": "蓝色外套", "child.name": "", "child.marks": "痣", ...position("41.9", "123.4") }, "a");
  const changes = changesIn(before, typed, updateFields);
  const stood = stoodIn(before, changes);
  assert.deepEqual(stood, { "child.clothing": "红色外套", "child.name": "甲", "child.marks": "", ...position("41.8", "123.4") }, "and nothing else of the report");
  const newer = (now, sent) => {
    const own = withChanges(now, changes);
    const seen = asSeen(now, stood, sent ? [changes, sent] : [changes], updateFields);
    assert.deepEqual(withChanges(seen, changes), own, "what is typed stays");
    assert.deepEqual(changedFields(seen, own, updateFields), changedFields(now, own, updateFields), "and so does what would be sent");
    return changedElsewhere(seen, now, [own], updateFields);
  };
  assert.deepEqual(newer(before), []);
  assert.deepEqual(newer(typed), [], "it is in force");
  const other = draft({ ...before.values, "child.clothing": "绿色外套", "child.weightKg": "27", ...position("41.8", "123.5") }, "a");
  assert.deepEqual(newer(other), ["child.clothing", "lastSeen.position"]);
  assert.deepEqual(newer(other, { values: { "child.clothing": "绿色外套" } }), ["lastSeen.position"], "that was sent from here, and typed over since");
  assert.deepEqual(newer(draft({ ...before.values, "child.marks": "无" }, "a")), ["child.marks"], "where nothing stood");
});

test("what is newer is taken over, and all else that was typed stays", () => {
  const before = draft({ "child.clothing": "红色外套", "child.name": "甲", "child.weightKg": "26", ...position("41.8", "123.4") }, "a");
  const typed = draft({ ...before.values, "child.clothing": "蓝色外套", "child.name": "", "child.marks": "痣", ...position("41.9", "123.4") });
  const now = draft({ ...before.values, "child.clothing": "绿色外套", "child.weightKg": "27", ...position("41.8", "123.5") }, "a");
  const newer = changedElsewhere(before, now, [typed], updateFields);
  assert.deepEqual(withNewer(before, typed, now, newer, updateFields),
    draft({ ...now.values, "child.name": "", "child.marks": "痣" }), "emptied fields and the photo that is taken away, too; of a position nothing alone");
  assert.equal(withNewer(before, typed, draft(before.values, "b"), ["child.photo"], updateFields).photo.data, "b");
});

test("an update was overtaken where the daemon says so, and nowhere else", () => {
  const refused = (name, status) => new Refused({ type: `urn:tuanyuan:problem:${name}`, title: "", status });
  for (const [failure, overtaken] of [
    [refused("stale-revision", 409), true], [refused("conflict", 409), false], [refused("idempotency-key-reused", 409), false],
    [new NoAnswer(), false], [null, false],
  ]) assert.equal(isOvertaken(failure), overtaken, failure?.problem?.type);
});

test("of several ways of one channel each is told by its place, and by nothing else of it", () => {
  const way = (channel, tried = false) => ({ channel, state: "UP", tried });
  const words = (ways) => ways.map(({ channel, place }) => `${channel}${place ?? ""}`).join();
  for (const [endpoints, tried, all, those] of [
    [[way("mqtt", true), way("voice"), way("sms")], ["mqtt"], "mqtt,voice,sms", "mqtt"],
    [[way("voice", true), way("sms", true), way("voice", true)], ["voice", "sms", "voice"], "voice1,sms,voice2", "voice1,sms,voice2"],
    [[way("voice"), way("voice", true)], ["voice"], "voice1,voice2", "voice2"],
    [[way("voice", true), way("voice")], ["voice", "voice"], "voice1,voice2", "voice1,voice"],
    [[way("voice")], ["mqtt", "voice"], "voice", "mqtt,voice"],
    [[], ["sms"], "", "sms"],
  ]) assert.deepEqual([words(placed(endpoints)), words(triedWays({ tried, endpoints }))], [all, those]);
  assert.equal(words(triedWays({ tried: ["sms"] })), "sms", "a daemon that does not say how each is");
});
