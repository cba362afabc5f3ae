// What time and officers do to an alert that is out: lookout, widening circle, suspension. The hours of the rings are
// reached by a report whose child was last seen so long ago, not by waiting.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertProblem, closing, iso, pathsOf, startSystem } from "./calls.mjs";
import { sampleReport } from "./system.mjs";

const { system, submit, release, close } = startSystem();

const noticeOf = (arrived) => JSON.parse(arrived.payload.toString()).notice;
const isNotice = (id, revision, step) => (m) => m.topic.includes("/notices/") && m.topic.endsWith(`/${id}`) && m.payload.length > 0 &&
  noticeOf(m).revision === revision && noticeOf(m).step === step;
const noticesOf = (audience) => `tuanyuan/v1/json/notices/${audience}/210102/+`;
const lostAt = (minutes, seconds = 0) => ({ lastSeen: { ...sampleReport().lastSeen, time: iso(-minutes * 60_000 - seconds * 1_000), timeLatest: undefined } });

async function answer(subscriber, id, fields) {
  const topic = `tuanyuan/v1/acknowledgements/${id}`;
  await subscriber.client.publishAsync(topic, JSON.stringify({ recipientId: id, ...fields }), { qos: 1 });
  const arrived = await subscriber.next((m) => m.topic === `tuanyuan/v1/receipts/${id}` && JSON.parse(m.payload).alertId === fields.alertId &&
    JSON.parse(m.payload).revision === fields.revision && JSON.parse(m.payload).kind === fields.kind, `the receipt for ${fields.kind}`);
  return JSON.parse(arrived.payload);
}

test("the division's police hear of a report at once, and of its rejection", async () => {
  const { recipient_id: id } = system.ready.credentials.police;
  const police = await system.subscriber("police", [noticesOf("police"), `tuanyuan/v1/receipts/${id}`]);
  const station = await system.subscriber("station", [noticesOf("partner")]);
  const submitted = await submit();
  const lookout = noticeOf(await police.next(isNotice(submitted.alertId, 0, 0), "the lookout"));
  assert.deepEqual([lookout.kind, lookout.audience, lookout.status], ["ALERT", "POLICE", "EXERCISE"]);
  assert.match(lookout.texts[0].headline, /^【演练】/);
  assert.equal((await system.ok("releaser", "GET", `/alerts/${submitted.alertId}`)).state, "LOOKOUT");
  assertProblem(await system.call("station", "GET", `/alerts/${submitted.alertId}`), 404, "a partner, of a lookout");
  const unasked = await system.call("releaser", "GET", `/alerts/${submitted.alertId}/poster?format=led`);
  assertProblem(unasked, 404, "the police's copy as a line for the street, where nobody asked for it by name");
  const led = await system.call("releaser", "GET", `/alerts/${submitted.alertId}/poster?format=led&audience=POLICE`);
  assert.match(String(led.raw), /^【演练】【公安机关内部使用，请勿外传】/, "an officer gets the police's copy who asks for it, and it says whose it is");
  const street = await system.call("releaser", "GET", `/alerts/${submitted.alertId}/poster?format=led&audience=PUBLIC`, undefined, { "accept-language": "en" });
  assertProblem(street, 404, "the public's copy of a lookout");
  assert.match(street.body.detail, /not released to it/);
  assert.equal((await answer(police, id, { alertId: submitted.alertId, revision: 0, kind: "CONFIRMED" })).result, "RECORDED");
  assertProblem(await system.call("releaser", "POST", `/alerts/${submitted.alertId}:close`, closing), 409, "a lookout that is closed");

  const rejected = await system.ok("releaser", "POST", `/reports/${submitted.id}:reject`, { reason: "误报" });
  assert.equal(rejected.state, "REJECTED");
  const recall = noticeOf(await police.next(isNotice(submitted.alertId, 1, 0), "its recall"));
  assert.equal(recall.kind, "RETRACT");
  assert.equal(recall.child, undefined);
  assert.equal((await system.ok("releaser", "GET", `/alerts/${submitted.alertId}`)).state, "RETRACTED");
  assert.ok(!station.seen.some((m) => m.topic.endsWith(submitted.alertId)), "no partner ever heard of it");
  await Promise.all([police.end(), station.end()]);
});

test("the circle widens with the hours since the loss, as a step that rings nobody again", async () => {
  const station = await system.subscriber("station", [noticesOf("partner")]);
  const { alert } = await release(sampleReport(lostAt(59, 54)));
  assert.deepEqual([alert.revision, alert.step, alert.circle.radiusKm], [1, 0, 100]);
  const before = await system.ok("releaser", "GET", `/alerts/${alert.id}/board`);
  const wider = noticeOf(await station.next(isNotice(alert.id, 1, 1), "the wider circle"));
  assert.deepEqual([wider.kind, wider.circle.radiusKm], ["ALERT", 200]);
  assert.ok(wider.divisions.length > alert.notice.divisions.length);
  const after = await system.ok("releaser", "GET", `/alerts/${alert.id}/board`);
  assert.ok(after.expected > before.expected, "who is newly covered is newly expected");
  assert.ok(after.byRing["200"].expected > 0);
  const journal = await system.ok("supervisor", "GET", "/journal?page_size=1000");
  const stepped = journal.entries.filter((entry) => entry.type === "alert.stepped" && entry.subject === alert.id);
  assert.deepEqual(stepped.map((entry) => entry.actor), ["system"]);
  await close(alert.id);
  await station.end();
});

test("an alert released late starts at the ring of its age, and an officer holds, advances and sets the circle", async () => {
  const { alert } = await release(sampleReport(lostAt(150)));
  assert.equal(alert.circle.radiusKm, 300);
  const target = `/alerts/${alert.id}:circle`;
  for (const [body, expected] of [[{ reason: "x" }, "hold"], [{ hold: true, advance: true, reason: "x" }, "hold"], [{ hold: true }, "reason"],
    [{ radiusKm: 0, reason: "x" }, "radiusKm"], [{ radiusKm: 50, centre: { latitude: 99, longitude: 1, crs: "WGS84" }, reason: "x" }, "centre"]]) {
    const answered = await system.call("releaser", "POST", target, body);
    assertProblem(answered, 422, JSON.stringify(body));
    assert.ok(pathsOf(answered).some((is) => is.startsWith(expected)), `${expected} in ${pathsOf(answered)}`);
  }
  assertProblem(await system.call("submitter", "POST", target, { hold: true, reason: "x" }), 403, "a submitter");
  const held = await system.ok("releaser", "POST", target, { hold: true, reason: "研判中" });
  assert.deepEqual([held.revision, held.step], [1, 0]);
  assertProblem(await system.call("releaser", "POST", target, { hold: true, reason: "x" }), 409, "held twice");
  const advanced = await system.ok("releaser", "POST", target, { advance: true, reason: "线索外移" });
  assert.deepEqual([advanced.step, advanced.circle.radiusKm], [1, 500]);
  assertProblem(await system.call("releaser", "POST", target, { advance: true, reason: "x" }), 409, "beyond the last ring");
  const set = await system.ok("releaser", "POST", target, { radiusKm: 20, centre: { latitude: 41.8, longitude: 123.4, crs: "WGS84" }, reason: "锁定" });
  assert.deepEqual([set.revision, set.step, set.circle.radiusKm, set.circle.latitude], [1, 2, 20, 41.8]);
  const board = await system.ok("releaser", "GET", `/alerts/${alert.id}/board`);
  assert.ok(board.silentTotal > 0 && board.silent.every((row) => row.nextStep && row.dueAt), "everybody silent has a next step");
  await close(alert.id);
});

test("a suspension takes it from the partners, the police keep theirs, and it comes again as a new revision", async () => {
  const police = await system.subscriber("police", [noticesOf("police")]);
  const station = await system.subscriber("station", [noticesOf("partner"), "tuanyuan/v1/photos/partner/210102/+"]);
  const { alert } = await release();
  await station.next(isNotice(alert.id, 1, 0), "the alert");
  await police.next(isNotice(alert.id, 1, 0), "the police copy");
  const target = `/alerts/${alert.id}:suspend`;
  for (const body of [{}, { audiences: ["POLICE"], reason: "OTHER" }, { audiences: ["PARTNER"], reason: "MAYBE" }]) {
    assertProblem(await system.call("releaser", "POST", target, body), 422, JSON.stringify(body));
  }
  const suspended = await system.ok("releaser", "POST", target, { audiences: ["PARTNER"], reason: "CHILD_AT_RISK" });
  assert.deepEqual([suspended.state, suspended.revision, suspended.notice.revision], ["SUSPENDED", 2, 1]);
  const recall = noticeOf(await station.next(isNotice(alert.id, 2, 0), "the suspension"));
  assert.equal(recall.kind, "CLOSE");
  assert.equal(recall.child, undefined);
  await station.next((m) => m.topic === `tuanyuan/v1/photos/partner/210102/${alert.id}` && m.payload.length === 0, "the clearing of the photo");
  const resumed = await system.ok("releaser", "POST", `/alerts/${alert.id}:resume`, { audiences: ["PARTNER"] });
  assert.equal(resumed.state, "ACTIVE");
  const again = noticeOf(await station.next(isNotice(alert.id, 3, 0), "the alert again"));
  assert.equal(again.kind, "UPDATE");
  assert.ok(again.child.name);
  assert.equal(police.seen.filter((m) => m.topic.endsWith(alert.id) && noticeOf(m).revision > 0).length, 1, "the police were not disturbed");
  await close(alert.id);
  await police.next(isNotice(alert.id, 4, 0), "the recall");
  await Promise.all([police.end(), station.end()]);
});

test("tuanyuanctl draws circles and suspends", async () => {
  const { alert } = await release();
  const drawn = await system.ctl("releaser", "alert", "circle", alert.id, "--radius-km", "60", "--reason", "锁定", "--json");
  assert.equal(drawn.status, 0, drawn.stderr);
  assert.equal(JSON.parse(drawn.stdout).circle.radiusKm, 60);
  assert.equal((await system.ctl("releaser", "alert", "circle", alert.id, "--hold", "--advance", "--reason", "x")).status, 2);
  const suspended = await system.ctl("releaser", "alert", "suspend", alert.id, "--audience", "PARTNER", "--reason", "LEADS_HELD", "--json");
  assert.equal(JSON.parse(suspended.stdout).state, "SUSPENDED");
  assert.equal((await system.ctl("releaser", "alert", "resume", alert.id, "--audience", "PARTNER")).status, 0);
  await close(alert.id);
});
