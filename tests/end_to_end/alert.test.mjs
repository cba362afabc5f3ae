// One alert, end to end, seen by a client that shares no code with the daemon.
import assert from "node:assert/strict";
import { createPublicKey, randomUUID, verify } from "node:crypto";
import { after, before, test } from "node:test";
import { compactVerify, importSPKI } from "jose";
import { message, sampleReport, sha256, System } from "./system.mjs";

const system = new System();
before(() => system.start());
after(async () => {
  await system.stop();
  system.remove();
});

const SignedNotice = message("SignedNotice");
const Notice = message("Notice");
const Acknowledgement = message("Acknowledgement");
const Receipt = message("Receipt");

const isEmpty = (payload) => payload.length === 0;
const noticeOf = (payload) => Notice.decode(SignedNotice.decode(payload).notice);
const jsonNoticeOf = (payload) => JSON.parse(payload.toString()).notice;
const kindOf = (notice) => Notice.Kind[notice.kind];

async function divisionOf(recipient) {
  const directory = await system.ok("operator", "GET", `/recipients/${recipient}`);
  return directory.division;
}

async function release(report = sampleReport()) {
  const submitted = await system.ok("submitter", "POST", "/reports", report, { "idempotency-key": randomUUID() });
  const alert = await system.ok("releaser", "POST", `/reports/${submitted.id}:release`, {}, { "idempotency-key": randomUUID() });
  return { report, submitted, alert };
}

const closing = { outcome: "FOUND_SAFE", cause: "LOST", reason: "演练结束" };
const close = (id) => system.ok("releaser", "POST", `/alerts/${id}:close`, closing);

async function acknowledge(subscriber, id, answer) {
  const bytes = Acknowledgement.encode(Acknowledgement.fromObject({ recipientId: id, ...answer })).finish();
  await subscriber.client.publishAsync(`tuanyuan/v1/acknowledgements/${id}`, Buffer.from(bytes), { qos: 1 });
  const receipt = await subscriber.next(
    (m) => {
      if (m.topic !== `tuanyuan/v1/receipts/${id}` || m.taken) return false;
      const decoded = Receipt.toObject(Receipt.decode(m.payload), { enums: String });
      const same = decoded.alertId === answer.alertId && decoded.revision === answer.revision && decoded.kind === answer.kind;
      if (same) m.taken = true;
      return same;
    }, `a receipt for ${answer.kind}`);
  return Receipt.toObject(Receipt.decode(receipt.payload), { enums: String, longs: Number });
}

test("a station hears, verifies, answers, and takes down", async () => {
  const { recipient_id: id } = system.ready.credentials.station;
  const division = await divisionOf(id);
  const station = await system.subscriber("station", [
    `tuanyuan/v1/notices/partner/${division}/+`, `tuanyuan/v1/json/notices/partner/${division}/+`,
    `tuanyuan/v1/photos/partner/${division}/+`, `tuanyuan/v1/receipts/${id}`, "tuanyuan/v1/json/keys",
  ]);
  const keysMessage = await station.next((m) => m.topic === "tuanyuan/v1/json/keys", "the keys");
  const keys = JSON.parse(keysMessage.payload).keys;

  const { report, alert } = await release();
  assert.equal(alert.state, "ACTIVE");
  assert.equal(alert.revision, 1);

  const binary = await station.next((m) => m.topic === `tuanyuan/v1/notices/partner/${division}/${alert.id}`, "the notice");
  const signed = SignedNotice.decode(binary.payload);
  const notice = Notice.decode(signed.notice);
  assert.equal(kindOf(notice), "ALERT");
  assert.equal(Notice.Status[notice.status], "EXERCISE");
  assert.equal(notice.child.name, report.child.name);
  assert.equal(binary.packet.properties.contentType, "application/x-protobuf");
  assert.ok(binary.packet.properties.messageExpiryInterval > 0);
  for (const text of notice.texts) {
    for (const part of [text.headline, text.body, text.speech]) assert.match(part, /^(【演练】|\[EXERCISE\] )/);
  }

  assert.ok(signed.signatures.length > 0);
  for (const signature of signed.signatures) {
    const key = keys.find((k) => k.keyId === signature.keyId);
    assert.equal(key.use, "EXERCISE");
    const spki = createPublicKey({ key: Buffer.from(key.publicKey, "base64"), format: "der", type: "spki" });
    assert.ok(verify(null, signed.notice, spki, signature.value), "the signature is over the exact bytes");
  }

  const json = await station.next((m) => m.topic === `tuanyuan/v1/json/notices/partner/${division}/${alert.id}`, "the JSON notice");
  const envelope = JSON.parse(json.payload);
  const kid = JSON.parse(Buffer.from(envelope.jws.split(".")[0], "base64url")).kid;
  const key = keys.find((k) => k.keyId === kid);
  const pem = `-----BEGIN PUBLIC KEY-----\n${key.publicKey}\n-----END PUBLIC KEY-----\n`;
  const { payload } = await compactVerify(envelope.jws, await importSPKI(pem, "EdDSA"));
  assert.deepEqual(JSON.parse(Buffer.from(payload)), envelope.notice);
  assert.equal(envelope.notice.alertId, alert.id);

  const photo = await station.next((m) => m.topic === `tuanyuan/v1/photos/partner/${division}/${alert.id}`, "the photo");
  assert.deepEqual(sha256(photo.payload), Buffer.from(notice.photo.sha256));
  assert.ok(photo.payload.length <= 64 * 1024);

  const first = await acknowledge(station, id, { alertId: alert.id, revision: 1, kind: "CONFIRMED" });
  assert.equal(first.result, "RECORDED");
  const again = await acknowledge(station, id, { alertId: alert.id, revision: 1, kind: "CONFIRMED" });
  assert.equal(again.result, "DUPLICATE");
  const board = await system.ok("releaser", "GET", `/alerts/${alert.id}/board`);
  assert.equal(board.counts.CONFIRMED, 1);
  assert.equal(board.counts.RECEIVED, 1);
  assert.ok(board.expected >= 100);

  await close(alert.id);
  const recall = await station.next((m) => m.topic === binary.topic && !isEmpty(m.payload) && kindOf(noticeOf(m.payload)) === "CLOSE", "the recall");
  assert.equal(noticeOf(recall.payload).revision, 2);
  assert.ok(!recall.payload.includes(report.child.name), "a recall holds nothing of the child");
  await station.next((m) => m.topic === photo.topic && isEmpty(m.payload), "the clearing of the photo");
  assert.equal((await acknowledge(station, id, { alertId: alert.id, revision: 2, kind: "REMOVED" })).result, "RECORDED");
  assert.equal((await system.ok("releaser", "GET", `/alerts/${alert.id}/board`)).counts.REMOVED, 1);
  await acknowledge(station, id, { alertId: alert.id, revision: 1, kind: "ACTING" });
  assert.equal((await system.ok("releaser", "GET", `/alerts/${alert.id}`)).state, "CLOSED", "a late answer reopens nothing");
  await station.end();
});

test("who connects late finds what is in force, and only its recall afterwards", async () => {
  const { recipient_id: id } = system.ready.credentials.station2;
  const division = await divisionOf(id);
  const topic = `tuanyuan/v1/json/notices/partner/${division}/`;
  const { alert } = await release();
  const late = await system.subscriber("station2", [`${topic}+`]);
  const retained = await late.next((m) => m.topic === topic + alert.id, "the retained notice");
  assert.equal(jsonNoticeOf(retained.payload).kind, "ALERT");
  await close(alert.id);
  await late.next((m) => m.topic === topic + alert.id && jsonNoticeOf(m.payload).kind === "CLOSE", "the recall");
  await late.end();
  const later = await system.subscriber("station2", [`${topic}+`]);
  const left = await later.next((m) => m.topic === topic + alert.id, "the retained recall");
  assert.equal(jsonNoticeOf(left.payload).kind, "CLOSE");
  await later.end();
});

test("a partner reads no police topics and no other division's, and writes no notices", async () => {
  const { recipient_id: id } = system.ready.credentials.station;
  const division = await divisionOf(id);
  const other = division === "210102" ? "210103" : "210102";
  const { alert } = await release();
  const forbidden = [`tuanyuan/v1/notices/police/${division}/+`, `tuanyuan/v1/notices/partner/${other}/+`,
    `tuanyuan/v1/json/notices/police/${division}/+`, "tuanyuan/v1/#", "#", `tuanyuan/v1/direct/${system.ready.credentials.station2.recipient_id}/+`,
    `tuanyuan/v1/receipts/${system.ready.credentials.station2.recipient_id}`, "tuanyuan/v1/acknowledgements/+"];
  const spy = await system.subscriber("station", [`tuanyuan/v1/notices/partner/${division}/+`, ...forbidden]);
  const own = `tuanyuan/v1/notices/partner/${division}/${alert.id}`;
  await spy.next((m) => m.topic === own, "its own notice");
  const forged = `tuanyuan/v1/notices/partner/${division}/${randomUUID()}`;
  await spy.client.publishAsync(forged, "forged", { qos: 1, retain: true }).catch(() => {});
  await spy.client.publishAsync(own, "", { qos: 1, retain: true }).catch(() => {});
  await acknowledge({ ...spy, next: (await system.subscriber("station", [`tuanyuan/v1/receipts/${id}`], { clientId: `probe-${randomUUID()}` })).next },
    id, { alertId: alert.id, revision: 1, kind: "RECEIVED" });
  const allowed = new RegExp(`^tuanyuan/v1/(json/)?(keys$|(notices|photos)/partner/${division}/|(receipts|direct)/${id}(/|$))`);
  assert.deepEqual(spy.seen.map((m) => m.topic).filter((topic) => !allowed.test(topic)), []);
  assert.ok(!spy.seen.some((m) => m.topic === forged || (m.topic === own && isEmpty(m.payload))));
  await spy.end();
  await close(alert.id);
});

test("an answer for somebody else is refused, with a receipt", async () => {
  const { recipient_id: id } = system.ready.credentials.station;
  const { recipient_id: other } = system.ready.credentials.station2;
  const { alert } = await release();
  const station = await system.subscriber("station", [`tuanyuan/v1/receipts/${id}`]);
  const bytes = Acknowledgement.encode(Acknowledgement.fromObject({ recipientId: other, alertId: alert.id, revision: 1, kind: "RECEIVED" })).finish();
  await station.client.publishAsync(`tuanyuan/v1/acknowledgements/${id}`, Buffer.from(bytes), { qos: 1 });
  const receipt = await station.next((m) => m.topic.endsWith(`/receipts/${id}`), "the refusal");
  assert.equal(Receipt.toObject(Receipt.decode(receipt.payload), { enums: String }).result, "REFUSED");
  await station.end();
  await close(alert.id);
});

test("JSON answers get JSON receipts, at the response topic with the correlation data", async () => {
  const { recipient_id: id } = system.ready.credentials.station;
  const { alert } = await release();
  const station = await system.subscriber("station", [`tuanyuan/v1/receipts/${id}/#`]);
  await station.client.publishAsync(`tuanyuan/v1/acknowledgements/${id}`,
    JSON.stringify({ alertId: alert.id, revision: 1, recipientId: id, kind: "DISPLAYED" }),
    { qos: 1, properties: { responseTopic: `tuanyuan/v1/receipts/${id}/mine`, correlationData: Buffer.from("abc") } });
  const receipt = await station.next((m) => m.topic === `tuanyuan/v1/receipts/${id}/mine`, "the receipt");
  assert.equal(JSON.parse(receipt.payload).result, "RECORDED");
  assert.equal(receipt.packet.properties.correlationData.toString(), "abc");
  await station.end();
  await close(alert.id);
});

test("the broker forgets everything: the notice is there again", async () => {
  const { recipient_id: id } = system.ready.credentials.station;
  const division = await divisionOf(id);
  const topic = `tuanyuan/v1/json/notices/partner/${division}/`;
  const { alert } = await release();
  await system.killAll();
  await system.start();
  const station = await system.subscriber("station", [`${topic}+`]);
  const again = await station.next((m) => m.topic === topic + alert.id, "the notice after the restart");
  assert.equal(jsonNoticeOf(again.payload).kind, "ALERT");
  await station.end();
  await close(alert.id);
});

test("every bad input is refused with its path", async () => {
  const report = sampleReport();
  delete report.exercise;
  report.reportingUnit = "21";
  report.child.birthDate = "2001-02-30";
  report.lastSeen.division = "nowhere";
  report.lastSeen.position.latitude = 123;
  report.circumstances = "身份证 11010519491231002X";
  report.dnaProfile = "…";
  const refused = await system.call("submitter", "POST", "/reports", report);
  assert.equal(refused.status, 422);
  assert.match(refused.headers["content-type"], /application\/problem\+json/);
  const paths = refused.body.errors.map((error) => error.path);
  assert.ok(paths.includes("dnaProfile"), String(paths));
  delete report.dnaProfile;
  const second = await system.call("submitter", "POST", "/reports", report);
  const wrong = second.body.errors.map((error) => error.path);
  for (const expected of ["exercise", "reportingUnit", "child.birthDate", "lastSeen.division", "lastSeen.position.latitude", "circumstances"]) {
    assert.ok(wrong.includes(expected), `${expected} in ${wrong}`);
  }
  assert.ok(!JSON.stringify(second.body).includes("11010519491231002X"), "errors never repeat values");
});

test("roles, divisions and the order of refusal", async () => {
  const { submitted, alert } = await release();
  const rows = [
    [null, "GET", "/reports", undefined, 401],
    ["station", "GET", "/reports", undefined, 403],
    ["submitter", "POST", `/reports/${submitted.id}:release`, {}, 403],
    ["releaser", "GET", "/reports/nothing", undefined, 404],
    ["releaser", "POST", "/alerts/nothing:close", "{", 404],
    ["releaser", "POST", `/reports/${submitted.id}:release`, {}, 409],
    ["releaser", "POST", `/alerts/${alert.id}:close`, { outcome: "MAYBE" }, 422],
    ["releaser", "POST", `/alerts/${alert.id}:excuse`, {}, 404],
    ["operator", "GET", "/statistics", undefined, 404],
  ];
  for (const [who, method, target, body, status] of rows) {
    const answer = await system.call(who, method, target, body);
    assert.equal(answer.status, status, `${who} ${method} ${target}: ${answer.raw}`);
  }
  await close(alert.id);
  assert.equal((await system.call("releaser", "POST", `/alerts/${alert.id}:close`, { outcome: "MAYBE" })).status, 409);
});

test("the same key and body give the same answer, another body 409", async () => {
  const report = sampleReport();
  const key = { "idempotency-key": randomUUID() };
  const first = await system.call("submitter", "POST", "/reports", report, key);
  const again = await system.call("submitter", "POST", "/reports", report, key);
  assert.equal(first.status, 201);
  assert.equal(again.status, 201);
  assert.deepEqual(again.body, first.body);
  assert.equal((await system.call("submitter", "POST", "/reports", { ...report, circumstances: "另一份" }, key)).status, 409);
});
