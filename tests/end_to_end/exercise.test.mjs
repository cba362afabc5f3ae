// A planned exercise whose time has come when the daemon starts: it begins by itself, goes out like any alert, closes
// itself, and every simulated station gets a score.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { assertProblem } from "./calls.mjs";
import { root, sampleReport, System } from "./system.mjs";

const system = new System();
const approved = "210100000000/000201";
let stations;

/// Beijing's time of day now.
const now = () => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(11, 16);
const plan = (name, more) => `
[[exercises]]
name = "${name}"
approved_by = "${approved}"
division = "210102"
contact_phone = "110"
everybody = true
lasts_seconds = 15
${more}
`;

async function until(what, look, deadline = 90_000) {
  for (const end = Date.now() + deadline; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 200))) {
    const found = await look();
    if (found) return found;
  }
  throw new Error(`${what} did not come about`);
}

const exercises = async () => (await system.ok("supervisor", "GET", "/exercises")).exercises;

before(async () => {
  const photo = path.join(system.state, "photo");
  writeFileSync(photo, Buffer.from(sampleReport().child.photo.data, "base64"));
  writeFileSync(path.join(system.state, "exercises.toml"),
    plan("at-once", `every_days = 1\nat = "${now()}"\nphoto = "${photo}"`) + plan("by-hand", ""));
  await system.start();
  const programs = process.env.TUANYUAN_BUILD ?? path.join(root, "build/release");
  const readyFile = path.join(system.state, "stations.ready");
  stations = spawn(path.join(programs, "daemon/tuanyuan-station"), ["--simulate", "--broker", system.ready.mqtt, "--ca", system.ready.ca,
    "--recipients", system.ready.recipients, "--credentials", path.join(system.state, "credentials"), "--ready-file", readyFile], { stdio: "ignore" });
  await until("the stations", () => existsSync(readyFile));
});
after(async () => {
  stations?.kill("SIGTERM");
  await system.stop();
  system.remove();
});

test("a planned exercise begins and ends by itself, and is scored", async () => {
  const police = await system.subscriber("police", ["tuanyuan/v1/json/notices/police/+/+"]);
  const begun = await until("the exercise", async () => (await exercises())[0]);
  assert.equal(begun.name, "at-once");
  const arrived = await police.next((m) => m.topic.endsWith(begun.alertId) && m.payload.length > 0, "its notice");
  const { notice } = JSON.parse(arrived.payload);
  assert.equal(notice.status, "EXERCISE");
  for (const text of notice.texts) assert.match(text.headline, /^(【演练】|\[EXERCISE\])/);
  assert.equal(notice.issuer, "210100000000");
  assert.ok(notice.photo.size > 0, "with its photo");

  const ended = await until("its end, with everything taken down", async () => {
    const [one] = await exercises();
    return one.state === "CLOSED" && one.removed === one.expected ? one : undefined;
  });
  assert.ok(ended.expected > 10);
  assert.deepEqual([ended.received, ended.displayed, ended.confirmed], [ended.expected, ended.expected, ended.expected]);
  assert.ok(ended.meanScore > 90, `a mean score of ${ended.meanScore}`);

  const asked = await system.ctl("operator", "exercise", "scores", ended.alertId, "--csv");
  assert.equal(asked.status, 0, asked.stderr);
  const lines = asked.stdout.trim().split("\r\n").slice(1).map((line) => line.split(","));
  assert.equal(lines.length, ended.expected);
  const stationIds = readFileSync(system.ready.recipients, "utf8").split("\n").map((line) => line.split(",")[0]);
  for (const [id, , , score, received] of lines) {
    assert.ok(stationIds.includes(id));
    assert.ok(Number(score) > 80, `${id} has ${score}`);
    assert.equal(received, "IN_TIME");
  }
  const journal = (await system.ok("supervisor", "GET", "/journal?page_size=1000")).entries.filter((entry) => entry.subject === ended.alertId);
  const acts = journal.filter((entry) => /^(report|exercise|alert)\./.test(entry.type) && entry.type !== "alert.lookout");
  assert.deepEqual(acts.map((entry) => [entry.type, entry.actor]),
    [["report.submitted", "system"], ["exercise.ordered", "system"], ["alert.released", "system"], ["alert.closed", "system"]]);
  assert.equal(acts[1].detail.approvedBy, approved);
  const metrics = async () => (await fetch(`${system.ready.ops}/metrics`)).text();
  assert.match(await metrics(), /^tuanyuan_exercise_last_timestamp_seconds [1-9]/m);
  await until("its scores to be measured", async () => /^tuanyuan_exercise_score\{category="[a-z_]+"\} \d/m.test(await metrics()));
  await police.end();
});

test("a restart does not begin it again", async () => {
  const before = (await exercises()).length;
  await system.stop();
  await system.start();
  await until("the daemon to have looked", async () => /^tuanyuan_exercise_put_off 0/m.test(await (await fetch(`${system.ready.ops}/metrics`)).text()));
  const started = await system.ctl("operator", "exercise", "start", "by-hand", "--json");
  assert.equal(started.status, 0, started.stderr);
  const list = await exercises();
  assert.deepEqual([list.length, list[0].name], [before + 1, "by-hand"]);
});

test("an operator begins one at a time by hand", async () => {
  assertProblem(await system.call("operator", "POST", "/exercises", { name: "by-hand" }), 409, "a second one");
  assertProblem(await system.call("operator", "POST", "/exercises", { name: "nothing" }), 422, "no such plan");
  assertProblem(await system.call("supervisor", "POST", "/exercises", { name: "by-hand" }), 403, "a supervisor");
  const listed = await system.ctl("supervisor", "exercise", "list");
  assert.match(listed.stdout, /by-hand/);
  await until("its end", async () => (await exercises())[0].state === "CLOSED");
});
