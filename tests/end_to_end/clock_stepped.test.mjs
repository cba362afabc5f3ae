// The daemon's wall clock is set forward and back by hours while it works (libfaketime, which leaves the steady clock
// alone): no alert is lost, late or repeated, no step is taken twice, and what waits to be sent goes on waiting no
// longer than it should.
import assert from "node:assert/strict";
import { existsSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { closing, iso } from "./calls.mjs";
import { Rig, until } from "./rig.mjs";
import { sampleReport } from "./system.mjs";

const library = readdirSync("/usr/lib").map((name) => `/usr/lib/${name}/faketime/libfaketimeMT.so.1`).find(existsSync);
const isSanitized = process.env.TSAN_OPTIONS !== undefined || process.env.ASAN_OPTIONS !== undefined;
const options = library && !isSanitized ? {} : { skip: library ? "sanitizers bear no preloaded library" : "libfaketime is not installed" };
const hour = 3_600_000;

const rig = new Rig();
let faked;
let stations;
/// The daemon's clock against the true one, in hours.
function set(hours) {
  const file = path.join(rig.state, "faketime");
  writeFileSync(`${file}.new`, hours < 0 ? `${hours}h\n` : `+${hours}h\n`);
  renameSync(`${file}.new`, file);
}
/// And the daemon has noticed, so that what follows happens by the new time.
async function step(hours) {
  set(hours);
  await until("the step", async () => {
    const { headers } = await rig.call("submitter", "GET", "/keys");
    return Math.abs(Date.parse(headers.date) - Date.now() - hours * hour) < 60_000;
  });
}

before(async () => {
  if (options.skip) return;
  await rig.prepare();
  set(0);
  faked = { env: { LD_PRELOAD: library, FAKETIME_TIMESTAMP_FILE: path.join(rig.state, "faketime"), FAKETIME_NO_CACHE: "1",
    FAKETIME_DONT_FAKE_MONOTONIC: "1", DONT_FAKE_MONOTONIC: "1" } };
  await rig.startBroker();
  await rig.startDaemon(faked);
  stations = rig.ready.stations.slice(0, 2).map((credential) => rig.station(credential));
  await Promise.all(stations.map((station) => until("a station", () => station.events("connected").length)));
});
after(() => options.skip ? undefined : rig.end());

const lostAgo = (minutes) => ({ lastSeen: { ...sampleReport().lastSeen, time: iso(-minutes * 60_000), timeLatest: undefined } });
async function release(report = sampleReport(lostAgo(10))) {
  const submitted = await rig.ok("submitter", "POST", "/reports", report);
  return rig.ok("releaser", "POST", `/reports/${submitted.id}:release`, {});
}
const close = (id) => rig.ok("releaser", "POST", `/alerts/${id}:close`, closing);
const shown = (station, id) => station.events("show").filter((event) => event.alert_id === id);
const everybody = (what, is) => Promise.all(stations.map((station) => until(what, () => is(station))));
const over = (id) => everybody("the recall", (station) => station.events("take-down").some((event) => event.alert_id === id));
const settled = () => until("an empty outbox", async () => await rig.metric("tuanyuan_outbox_oldest_seconds", 'channel="mqtt"') === 0);
const steps = async (id) => (await rig.ok("supervisor", "GET", "/journal?page_size=1000")).entries
  .filter((entry) => entry.type === "alert.stepped" && entry.subject === id).length;
const radius = async (id) => (await rig.ok("releaser", "GET", `/alerts/${id}`)).circle.radiusKm;

test("two hours forward and back: one step to where the circle should be, nobody rung twice, and work goes on", { ...options, timeout: 180_000 }, async () => {
  const alert = await release();
  await everybody("the alert", (station) => shown(station, alert.id).length);
  assert.equal(await radius(alert.id), 100);
  await step(2);
  await until("the wider circle", async () => await radius(alert.id) === 300);
  assert.equal(await steps(alert.id), 1, "the ring between is not made up for");
  const later = await release();
  await everybody("an alert of later", (station) => shown(station, later.id).length);

  await step(0);
  const drawn = await rig.ok("releaser", "POST", `/alerts/${alert.id}:circle`, { radiusKm: 400, centre: { latitude: 41.8, longitude: 123.4, crs: "WGS84" }, reason: "外移" });
  assert.deepEqual([drawn.revision, drawn.step, drawn.circle.radiusKm], [1, 2, 400]);
  const now = await release();
  await everybody("an alert of now", (station) => shown(station, now.id).length);
  for (const { id } of [alert, later, now]) {
    await close(id);
    await over(id);
    for (const station of stations) {
      const versions = shown(station, id).map((event) => `${event.revision}/${event.step}`);
      assert.equal(new Set(versions).size, versions.length, "no version is shown twice");
      assert.deepEqual([...new Set(shown(station, id).map((event) => event.revision))], [1]);
    }
  }
  await settled();
});

test("what waits for the broker is not held back by a clock that is set meanwhile", { ...options, timeout: 180_000 }, async () => {
  for (const [from, to] of [[2, 0], [0, 2]]) {
    await step(from);
    await rig.broker.stop();
    await rig.degraded("broker");
    const alert = await release();
    await step(to);
    await rig.startBroker();
    await rig.well("broker");
    await everybody(`the alert (${from} to ${to})`, (station) => shown(station, alert.id).length);
    await settled();
    await close(alert.id);
    await over(alert.id);
    for (const station of stations) assert.equal(shown(station, alert.id).length, 1);
  }
});

test("nor by a clock that ran ahead before the daemon was started again", { ...options, timeout: 180_000 }, async () => {
  await step(2);
  await rig.broker.stop();
  await rig.degraded("broker");
  const alert = await release();
  await rig.daemon.stop("SIGKILL");
  set(0);
  await rig.startBroker();
  await rig.startDaemon(faked);
  await everybody("the alert", (station) => shown(station, alert.id).length);
  await settled();
  await close(alert.id);
  await over(alert.id);
  const { degraded } = (await rig.readyz()).body;
  assert.ok(!("promise 3" in degraded) && !("ledger" in degraded) && !("broker" in degraded), JSON.stringify(degraded));
  assert.equal(await rig.metric("tuanyuan_promise_violations_total"), undefined, "no promise was broken");
});
