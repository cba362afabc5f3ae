// The disk of ledger and log is full: what cannot be committed is refused and not receipted, what was answered stays,
// and once there is room again everything goes on by itself.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { closeSync, copyFileSync, fsyncSync, openSync, readFileSync, rmSync, statfsSync, writeSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { assertProblem, closing } from "./calls.mjs";
import { enter, run } from "./namespaces.mjs";
import { Rig, until } from "./rig.mjs";
import { sampleReport } from "./system.mjs";

const options = await enter(import.meta.url, "ip link set lo up; mount -t tmpfs -o size=1m none /mnt");
const rig = new Rig();
let disk;
before(async () => {
  if (options.skip) return;
  run("ip", "link", "set", "lo", "up");
  await rig.prepare();
  disk = rig.disk("disk", "32m");
  copyFileSync(path.join(rig.state, "ledger.sqlite"), path.join(disk, "ledger.sqlite"));
  rig.configure({ "ledger.path": path.join(disk, "ledger.sqlite"), "log.file": path.join(disk, "log") });
  await rig.startBroker();
  await rig.startDaemon();
});
after(() => options.skip ? undefined : rig.end());

const filler = () => path.join(disk, "filler");
/// Leaves so many pages of 4 KiB.
function fill(pages = 0) {
  const file = openSync(filler(), "a");
  const page = Buffer.alloc(4096, 1);
  try {
    while (statfsSync(disk).bfree > pages) writeSync(file, page);
  } catch (error) {
    assert.equal(error.code, "ENOSPC");
  }
  fsyncSync(file);
  closeSync(file);
}
const free = () => rmSync(filler());

async function release() {
  const submitted = await rig.ok("submitter", "POST", "/reports", sampleReport());
  return rig.ok("releaser", "POST", `/reports/${submitted.id}:release`, {});
}
const submit = (report, key) => rig.call("submitter", "POST", "/reports", report, { "idempotency-key": key, "accept-language": "en" });

test("full: refused by name, no receipt, and all goes on when there is room", { ...options, timeout: 180_000 }, async () => {
  const alert = await release();
  const pid = rig.daemon.pid;
  const { recipient_id: id } = rig.ready.credentials.station;
  const subscriber = await rig.subscriber("station", [`tuanyuan/v1/receipts/${id}`]);
  const acknowledge = (kind) => subscriber.client.publishAsync(`tuanyuan/v1/acknowledgements/${id}`,
    JSON.stringify({ alertId: alert.id, revision: 1, recipientId: id, kind }), { qos: 1 });
  const receipt = (kind) => (m) => JSON.parse(m.payload).kind === kind;
  await acknowledge("RECEIVED");
  await subscriber.next(receipt("RECEIVED"), "a receipt");

  fill();
  const said = await rig.degraded("ledger", /full/);
  assert.equal(said.status, 503);
  const probe = await rig.readyz();
  assert.match(probe.headers["retry-after"], /^\d+$/);
  assert.match(probe.body.degraded.disk, /0 MiB are free/);
  assert.equal((await rig.operations("/healthz")).status, 200);
  const [key, report] = [randomUUID(), sampleReport()];
  const refused = await submit(report, key);
  assertProblem(refused, 503, "a report");
  assert.match(refused.headers["retry-after"], /^\d+$/);
  assertProblem(await rig.call("releaser", "POST", `/alerts/${alert.id}:close`, closing), 503, "a recall");
  assert.ok(await rig.metric("tuanyuan_ledger_failures_total") >= 2);
  assert.equal((await rig.call("releaser", "GET", `/alerts/${alert.id}/board`)).status, 200, "what is known can be read");
  const unavailable = () => rig.metric("tuanyuan_broker_answers_total", 'result="unavailable"').then((count) => count ?? 0);
  const before = await unavailable();
  await acknowledge("CONFIRMED");
  const station = rig.station(rig.ready.credentials.station2);
  await until("a station's own answer to be refused", async () => await unavailable() >= before + 2);
  assert.ok(!subscriber.seen.some(receipt("CONFIRMED")), "no receipt for what is not committed");
  await until("the log to fail", async () => {
    process.kill(pid, "SIGHUP"); // which it answers by a line
    return /No space left.*lines are lost/.test((await rig.readyz()).body.degraded.log);
  });

  free();
  await rig.well("ledger");
  assert.ok(rig.daemon.isAlive && rig.daemon.pid === pid, "it was never started again");
  assert.equal((await submit(report, key)).status, 201);
  await acknowledge("CONFIRMED");
  assert.equal(JSON.parse((await subscriber.next(receipt("CONFIRMED"), "the receipt")).payload).result, "RECORDED");
  const answered = async () => (await rig.ok("releaser", "GET", `/alerts/${alert.id}/board`)).counts;
  await until("what the station repeats by itself", async () => (await answered()).DISPLAYED >= 2);
  await rig.ok("releaser", "POST", `/alerts/${alert.id}:close`, closing);
  await until("the recall", () => station.events("take-down").some((event) => event.alert_id === alert.id));
  await rig.well("log");
  await subscriber.end();
  await station.stop();
});

test("filled by reports, to the last pages: every one that was answered is there afterwards", { ...options, timeout: 180_000 }, async () => {
  const answered = [];
  for (const pages of [1, 2, 3, 5, 9, 17, 33]) {
    fill(pages);
    let refused;
    for (let count = 0; count < 200 && !refused; ++count) {
      const answer = await submit(sampleReport(), randomUUID());
      if (answer.status === 201) answered.push(answer.body.id);
      else refused = answer;
    }
    assertProblem(refused, 503, `with ${pages} pages`);
    free();
    await rig.well("ledger");
  }
  await rig.daemon.stop("SIGKILL");
  await rig.startDaemon();
  for (const id of answered) assert.equal((await rig.call("submitter", "GET", `/reports/${id}`)).status, 200, "answered and lost");
  const events = readFileSync(path.join(disk, "log"), "utf8").trim().split("\n").map((line) => JSON.parse(line).event);
  assert.ok(events.includes("log.lines_lost"), "the log says what it could not say");
  assert.ok(events.includes("health.degraded") && events.includes("health.recovered"));
});
