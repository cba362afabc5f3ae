// What who runs it relies on: published keys, probes, metrics, the log.
import assert from "node:assert/strict";
import { test } from "node:test";
import { importJWK, importSPKI } from "jose";
import { logLines, startSystem } from "./calls.mjs";
import { sampleReport } from "./system.mjs";

const { system, release, close } = startSystem();

test("the keys are published with certificates, as messages and as JWK", async () => {
  const { keys } = await system.ok("station", "GET", "/keys");
  assert.deepEqual(keys.map((key) => key.use).sort(), ["ACTUAL", "EXERCISE"]);
  for (const key of keys) {
    assert.equal(key.algorithm, "ED25519");
    await importSPKI(`-----BEGIN PUBLIC KEY-----\n${key.publicKey}\n-----END PUBLIC KEY-----\n`, "EdDSA");
    assert.ok(key.certificate.length > 100 && Date.parse(key.notBefore) <= Date.now() && Date.parse(key.notAfter) > Date.now());
  }
  const set = await system.call("station", "GET", "/keys", undefined, { accept: "application/jwk-set+json" });
  assert.equal(set.headers["content-type"], "application/jwk-set+json");
  assert.deepEqual(set.body.keys.map((key) => key.kid).sort(), keys.map((key) => key.keyId).sort());
  for (const key of set.body.keys) await importJWK(key, "EdDSA");
});

const metricNames = ["tuanyuan_build_info", "tuanyuan_alerts", "tuanyuan_release_to_received_seconds", "tuanyuan_outbox_oldest_seconds",
  "tuanyuan_deliveries_total", "tuanyuan_acknowledgements_total", "tuanyuan_recipients_silent", "tuanyuan_recipients_unreachable",
  "tuanyuan_promise_violations_total", "tuanyuan_broker_connected", "tuanyuan_ledger_commit_seconds",
  "tuanyuan_certificate_expiry_timestamp_seconds", "tuanyuan_canary_success_timestamp_seconds"];

test("operations answer in the clear, and the metrics have their names", async () => {
  const { alert } = await release();
  for (const kind of ["RECEIVED", "CONFIRMED"]) await system.ok("station", "POST", `/alerts/${alert.id}/acknowledgements`, { revision: 1, kind });
  const read = async (target) => {
    const answer = await fetch(system.ready.ops + target);
    return { status: answer.status, type: answer.headers.get("content-type"), text: await answer.text() };
  };
  assert.equal((await read("/healthz")).status, 200);
  assert.equal((await read("/readyz")).status, 200);
  assert.equal((await read("/nothing")).status, 404);
  const wanted = [/tuanyuan_alerts\{[^}]*state="ACTIVE",status="EXERCISE"[^}]*\} [1-9]/, /tuanyuan_acknowledgements_total\{[^}]*kind="CONFIRMED"[^}]*\} [1-9]/,
    /tuanyuan_deliveries_total\{[^}]*channel="mqtt"[^}]*\} [1-9]/];
  let metrics = await read("/metrics");
  // Gauges are reckoned every few seconds, and the notices go out behind the answer to the release.
  for (const deadline = Date.now() + 30_000; Date.now() < deadline && !wanted.every((is) => is.test(metrics.text));) metrics = await read("/metrics");
  for (const is of wanted) assert.match(metrics.text, is);
  assert.match(metrics.type, /^text\/plain/);
  for (const name of metricNames) assert.match(metrics.text, new RegExp(`^# TYPE ${name} `, "m"), name);
  for (const secret of [alert.id, "210102", system.ready.credentials.station.recipient_id]) {
    assert.ok(!metrics.text.includes(`"${secret}"`), "no label names an alert, a recipient or a county");
  }
  await close(alert.id);
});

test("the log is JSON, a line an event, and knows nothing of the child", async () => {
  const report = sampleReport();
  const { alert } = await release(report);
  await close(alert.id);
  const lines = logLines(system);
  for (const secret of [report.child.name, report.incidentNumber, report.child.clothing, report.lastSeen.place]) {
    assert.ok(!lines.some((line) => line.includes(secret)), "the child's data is in the log");
  }
});
