// The MQTT contract, with Node's mqtt and protobufjs: which topics carry what, who answers for whom, what is receipted
// where, and how an alert comes down again.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import path from "node:path";
import { after, before, test } from "node:test";
import { message, sampleReport, sha256, System } from "./system.mjs";

const system = new System();
before(() => system.start());
after(async () => {
  await system.stop();
  system.remove();
});

const prefix = "tuanyuan/v1";
const [SignedNotice, Notice, Acknowledgement, Receipt, Receipts, Sighting, Keys] =
  ["SignedNotice", "Notice", "Acknowledgement", "Receipt", "Receipts", "Sighting", "Keys"].map(message);
const plain = (type, bytes) => type.toObject(type.decode(bytes), { enums: String, longs: Number, bytes: String });
const noticeOf = (payload) => plain(Notice, SignedNotice.decode(payload).notice);
const jsonNoticeOf = (payload) => JSON.parse(payload).notice;
const binary = (type, object) => Buffer.from(type.encode(type.fromObject(object)).finish());

async function release(report = sampleReport(), options = {}) {
  const submitted = await system.ok("submitter", "POST", "/reports", report);
  return system.ok("releaser", "POST", `/reports/${submitted.id}:release`, options);
}
const close = (id) => system.ok("releaser", "POST", `/alerts/${id}:close`, { outcome: "FOUND_SAFE", cause: "LOST", reason: "演练结束" });
const credentials = () => system.ready.credentials;
/// Anybody of the sample directory.
const certificateOf = (id) => ({ certificate: path.join(system.state, "credentials", `${id}.crt`), key: path.join(system.state, "credentials", `${id}.key`), recipient_id: id });
const directory = async () => (await system.ok("operator", "GET", "/recipients?page_size=1000")).recipients;
const publish = (subscriber, topic, payload, options = {}) => subscriber.client.publishAsync(`${prefix}/${topic}`, payload, { qos: 1, ...options });
const acknowledgement = (id, alertId, changes = {}) => ({ alertId, revision: 1, recipientId: id, kind: "RECEIVED", ...changes });

async function receiptFor(subscriber, id, wanted, what) {
  const got = await subscriber.next((m) => m.topic === `${prefix}/receipts/${id}` && m.payload[0] !== 0x7b && wanted(plain(Receipt, m.payload)), what);
  return plain(Receipt, got.payload);
}

test("the keys lie on their topic as GET /keys answers them", async () => {
  const station = await system.subscriber("station", [`${prefix}/keys`, `${prefix}/json/keys`]);
  const [bytes, json] = [await station.next((m) => m.topic === `${prefix}/keys`), await station.next((m) => m.topic === `${prefix}/json/keys`)];
  assert.ok(bytes.packet.retain && json.packet.retain);
  const { keys } = await system.ok("station", "GET", "/keys");
  assert.deepEqual(JSON.parse(json.payload).keys, keys);
  assert.deepEqual(plain(Keys, bytes.payload).keys.map((key) => [key.keyId, key.use, key.publicKey]), keys.map((key) => [key.keyId, key.use, key.publicKey]));
  await station.end();
});

test("an alert goes to each audience and division, the same bytes everywhere, and comes down from all of them", async () => {
  const { division } = await system.ok("operator", "GET", `/recipients/${credentials().police.recipient_id}`);
  const elsewhere = (await directory()).find((is) => is.audience === "PARTNER" && is.division === "210103" && !is.coverage.length);
  const police = await system.subscriber("police", [`${prefix}/notices/police/${division}/+`, `${prefix}/json/notices/police/${division}/+`, `${prefix}/photos/police/${division}/+`]);
  const here = await system.subscriber("station", [`${prefix}/notices/partner/210102/+`, `${prefix}/photos/partner/210102/+`]);
  const there = await system.subscriber(certificateOf(elsewhere.id), [`${prefix}/notices/partner/210103/+`]);
  const alert = await release();
  const at = (m) => m.topic.endsWith(alert.id) && m.payload.length > 0;
  const first = await police.next((m) => m.topic === `${prefix}/notices/police/${division}/${alert.id}`, "the police's copy");
  assert.deepEqual([noticeOf(first.payload).audience, noticeOf(first.payload).status], ["POLICE", "EXERCISE"]);
  const json = await police.next((m) => m.topic === `${prefix}/json/notices/police/${division}/${alert.id}`, "the same in JSON");
  assert.equal(json.packet.properties.contentType, "application/json");
  assert.equal(jsonNoticeOf(json.payload).audience, "POLICE");
  const [one, other] = [await here.next((m) => at(m) && m.topic.includes("/notices/"), "here"), await there.next(at, "there")];
  assert.deepEqual(one.payload, other.payload, "the same audience, revision and step have the same bytes");
  const photo = await here.next((m) => at(m) && m.topic.includes("/photos/"), "the photo");
  assert.equal(sha256(photo.payload).toString("base64"), noticeOf(one.payload).photo.sha256);

  await system.ok("releaser", "POST", `/alerts/${alert.id}:update`, { report: { child: { clothing: "绿" } }, updateMask: "child.clothing", reason: "x" });
  for (const subscriber of [police, here, there]) {
    const update = await subscriber.next((m) => at(m) && m.topic.startsWith(`${prefix}/notices/`) && noticeOf(m.payload).revision === 2, "the update");
    assert.equal(noticeOf(update.payload).kind, "UPDATE");
  }
  await close(alert.id);
  for (const subscriber of [police, here, there]) {
    const recall = await subscriber.next((m) => at(m) && m.topic.startsWith(`${prefix}/notices/`) && noticeOf(m.payload).revision === 3, "the recall");
    const notice = noticeOf(recall.payload);
    assert.equal(notice.kind, "CLOSE");
    for (const field of ["child", "suspect", "lastSeen", "circumstances", "photo", "incidentNumber"]) assert.equal(notice[field], undefined, field);
  }
  for (const subscriber of [police, here]) await subscriber.next((m) => m.topic.includes("/photos/") && m.payload.length === 0, "the clearing of the photo");
  for (const subscriber of [police, here, there]) await subscriber.end();
});

test("who covers a division, or wants it so, is addressed directly", async () => {
  const all = await directory();
  const covering = all.find((is) => is.audience === "PARTNER" && is.coverage.some((one) => one === "*" || "210102".startsWith(one)));
  const wanting = all.find((is) => is.delivery === "direct" && !is.coverage.length && is.division.startsWith("2101"));
  for (const { id, audience } of [covering, wanting]) {
    const subscriber = await system.subscriber(certificateOf(id), [`${prefix}/direct/${id}/+`, `${prefix}/json/direct/${id}/+`]);
    const alert = await release();
    const notice = await subscriber.next((m) => m.topic === `${prefix}/direct/${id}/${alert.id}`, `the direct copy of ${id}`);
    assert.equal(noticeOf(notice.payload).audience, audience);
    const json = await subscriber.next((m) => m.topic === `${prefix}/json/direct/${id}/${alert.id}`, "the same in JSON");
    const { photo } = jsonNoticeOf(json.payload);
    const fetched = await system.call(certificateOf(id), "GET", photo.url.slice(system.ready.api.length));
    assert.equal(sha256(fetched.raw).toString("base64"), photo.sha256, "the photo by its URL");
    await subscriber.end();
    const late = await system.subscriber(certificateOf(id), [`${prefix}/direct/${id}/+`]);
    await late.next((m) => m.topic.endsWith(alert.id) && m.packet.retain, "the retained copy");
    await close(alert.id);
    await late.next((m) => m.topic.endsWith(alert.id) && m.payload.length > 0 && noticeOf(m.payload).kind === "CLOSE", "the recall");
    await late.end();
  }
});

test("one answers for another only where the directory says so", async () => {
  const { recipient_id: station } = credentials().station;
  const member = `member-${randomUUID().slice(0, 8)}`;
  const stranger = credentials().station2.recipient_id;
  await system.ok("operator", "PUT", `/recipients/${member}`, { id: member, name: "分店", category: "hotel", audience: "PARTNER", division: "210102",
    latitude: 41.79, longitude: 123.4, crs: "WGS84", via: station, delivery: "direct", endpoints: [{ channel: "mqtt", address: "" }] });
  const subscriber = await system.subscriber("station", [`${prefix}/direct/${station}/+`, `${prefix}/receipts/${station}`]);
  const alert = await release();
  await subscriber.next((m) => m.topic === `${prefix}/direct/${station}/${alert.id}`, "the member's notice, on the topics of who answers for it");
  await publish(subscriber, `acknowledgements/${station}`, binary(Acknowledgement, acknowledgement(member, alert.id)));
  assert.equal((await receiptFor(subscriber, station, (r) => r.recipientId === member, "the member's receipt")).result, "RECORDED");
  await publish(subscriber, `acknowledgements/${station}`, binary(Acknowledgement, acknowledgement(stranger, alert.id)));
  const refused = await receiptFor(subscriber, station, (r) => r.recipientId === stranger, "the refusal");
  assert.deepEqual([refused.result, refused.recordedAt], ["REFUSED", undefined]);
  assert.ok(refused.reason);
  const board = await system.ok("releaser", "GET", `/alerts/${alert.id}/board`);
  assert.equal(board.counts.RECEIVED, 1);
  await close(alert.id);
  await subscriber.end();
  await system.ok("operator", "DELETE", `/recipients/${member}`);
});

test("what cannot be accepted is receipted as refused, and what cannot be read harms nobody", async () => {
  const { recipient_id: id } = credentials().station;
  const subscriber = await system.subscriber("station", [`${prefix}/receipts/${id}`]);
  const alert = await release();
  const unknown = randomUUID();
  await publish(subscriber, `acknowledgements/${id}`, binary(Acknowledgement, acknowledgement(id, unknown)));
  assert.equal((await receiptFor(subscriber, id, (r) => r.alertId === unknown, "of an unknown alert")).result, "REFUSED");
  await publish(subscriber, `acknowledgements/${id}`, binary(Acknowledgement, acknowledgement(id, alert.id, { revision: 9 })));
  assert.equal((await receiptFor(subscriber, id, (r) => r.revision === 9, "of an unknown revision")).result, "REFUSED");
  for (const garbage of ["", "{", "[]", "{}", Buffer.from([0xff, 0xff, 0xff]), Buffer.alloc(200_000, 1)]) await publish(subscriber, `acknowledgements/${id}`, garbage);
  for (const garbage of ["{", Buffer.from([0xff])]) await publish(subscriber, `sightings/${id}`, garbage);
  const inJson = async (match, what) => JSON.parse((await subscriber.next((m) => m.payload[0] === 0x7b && match(JSON.parse(m.payload)), what)).payload);
  await publish(subscriber, `acknowledgements/${id}`, JSON.stringify({ ...acknowledgement(id, alert.id, { kind: "DISPLAYED" }), colour: 1 }));
  assert.deepEqual((({ result, reason }) => [result, reason])(await inJson((r) => r.kind === "DISPLAYED", "of an unknown field")), ["REFUSED", "malformed"]);
  await publish(subscriber, `json/acknowledgements/${id}`, JSON.stringify(acknowledgement(id, alert.id, { kind: "ACTING" })));
  assert.equal((await inJson((r) => r.kind === "ACTING", "said under json/")).result, "RECORDED");
  await publish(subscriber, `acknowledgements/${id}`, binary(Acknowledgement, acknowledgement(id, alert.id, { kind: "CONFIRMED" })));
  assert.equal((await receiptFor(subscriber, id, (r) => r.kind === "CONFIRMED", "after all that")).result, "RECORDED");
  await close(alert.id);
  await subscriber.end();
});

test("receipts come where they are asked for, and nowhere else", async () => {
  const { recipient_id: id } = credentials().station;
  const { recipient_id: other } = credentials().station2;
  const alert = await release();
  const own = `${prefix}/receipts/${id}`;
  const subscriber = await system.subscriber("station", [`${own}/#`]);
  const spy = await system.subscriber("station2", [`${prefix}/receipts/${other}/#`]);
  const rows = [[`${own}/a/b`, `${own}/a/b`], [own, own], [`${prefix}/receipts/${other}`, own], [`${prefix}/notices/partner/210102/${alert.id}`, own],
    [`${own}x`, own], [`${own}/../../x`, `${own}/../../x`], [`${own}/+`, own], [`${own}/#`, own], [`${own}/`, `${own}/`], ["$SYS/x", own], [undefined, own]];
  for (const [index, [asked, expected]] of rows.entries()) {
    const correlationData = Buffer.from(`c${index}`);
    await publish(subscriber, `acknowledgements/${id}`, binary(Acknowledgement, acknowledgement(id, alert.id)), asked ? { properties: { responseTopic: asked, correlationData } } : {});
    const before = index;
    const got = await subscriber.next((m) => subscriber.seen.indexOf(m) >= before && m.topic === expected, `the receipt asked for at ${asked}`);
    if (asked === expected) assert.deepEqual(got.packet.properties.correlationData, correlationData);
  }
  assert.deepEqual(spy.seen, [], "a receipt went to somebody else");
  for (const each of [subscriber, spy]) await each.end();
  await close(alert.id);
});

test("receipts gather in one message for who asks for it", async () => {
  const { recipient_id: id } = credentials().station;
  const alert = await release();
  const subscriber = await system.subscriber("station", [`${prefix}/receipts/${id}`]);
  const kinds = ["RECEIVED", "DISPLAYED", "CONFIRMED", "ACTING"];
  const properties = { userProperties: { receipts: "batch" } };
  await Promise.all(kinds.map((kind) => publish(subscriber, `acknowledgements/${id}`, binary(Acknowledgement, acknowledgement(id, alert.id, { kind })), { properties })));
  const told = () => subscriber.seen.flatMap((m) => plain(Receipts, m.payload).receipts ?? []).map((receipt) => receipt.kind);
  await subscriber.next(() => kinds.every((kind) => told().includes(kind)), "all receipts");
  await publish(subscriber, `acknowledgements/${id}`, JSON.stringify(acknowledgement(id, alert.id, { kind: "UNABLE", reason: "NO_STAFF" })), { properties });
  const json = await subscriber.next((m) => m.payload[0] === 0x7b, "a batch in JSON");
  assert.deepEqual(JSON.parse(json.payload).receipts.map((receipt) => [receipt.kind, receipt.result]), [["UNABLE", "RECORDED"]]);
  await subscriber.end();
  await close(alert.id);
});

test("a sighting is receipted, and told to the police of the case's unit", async () => {
  const { recipient_id: id } = credentials().station;
  const { recipient_id: police } = credentials().police;
  const alert = await release();
  const officer = await system.subscriber("police", [`${prefix}/direct/${police}/sightings/+`, `${prefix}/json/direct/${police}/sightings/+`]);
  const station = await system.subscriber("station", [`${prefix}/receipts/${id}`]);
  const sighting = { sightingId: randomUUID(), alertId: alert.id, recipientId: id, seenAt: { seconds: Math.floor(Date.now() / 1000) - 60 },
    position: { latitude: 41.8, longitude: 123.4, crs: "WGS84" }, description: "在出站口" };
  await publish(station, `sightings/${id}`, binary(Sighting, sighting));
  const receipt = await receiptFor(station, id, (r) => r.sightingId === sighting.sightingId, "the receipt");
  assert.deepEqual([receipt.result, receipt.kind], ["RECORDED", undefined]);
  const told = await officer.next((m) => m.topic === `${prefix}/direct/${police}/sightings/${sighting.sightingId}`, "the police's copy");
  assert.equal(plain(Sighting, told.payload).description, sighting.description);
  const json = await officer.next((m) => m.topic.startsWith(`${prefix}/json/`), "the same in JSON");
  assert.equal(JSON.parse(json.payload).sightingId, sighting.sightingId);

  const second = { ...sighting, sightingId: randomUUID(), seenAt: new Date(Date.now() - 60_000).toISOString() };
  await publish(station, `sightings/${id}`, JSON.stringify(second));
  const answered = await station.next((m) => m.payload[0] === 0x7b, "a receipt in JSON");
  assert.deepEqual([JSON.parse(answered.payload).sightingId, JSON.parse(answered.payload).result], [second.sightingId, "RECORDED"]);
  await publish(station, `sightings/${id}`, binary(Sighting, sighting));
  const again = await receiptFor(station, id, (r) => r.sightingId === sighting.sightingId && r.result === "DUPLICATE", "the repeat's receipt");
  assert.deepEqual(again.recordedAt, receipt.recordedAt, "a repeat is told when it was first recorded");
  const { sightings } = await system.ok("submitter", "GET", `/alerts/${alert.id}/sightings`);
  assert.deepEqual(sightings.map((is) => is.sightingId).sort(), [sighting.sightingId, second.sightingId].sort());
  for (const each of [officer, station]) await each.end();
  await close(alert.id);
});

test("MQTT 3.1.1 hears, answers, and has its receipt", async () => {
  const { recipient_id: id } = credentials().station;
  const old = await system.subscriber("station", [`${prefix}/json/notices/partner/210102/+`, `${prefix}/receipts/${id}`], { protocolVersion: 4 });
  const alert = await release();
  const notice = await old.next((m) => m.topic.endsWith(alert.id), "the notice");
  assert.equal(jsonNoticeOf(notice.payload).alertId, alert.id);
  await publish(old, `acknowledgements/${id}`, JSON.stringify(acknowledgement(id, alert.id, { kind: "DISPLAYED" })));
  const receipt = await old.next((m) => m.topic === `${prefix}/receipts/${id}`, "the receipt");
  assert.equal(JSON.parse(receipt.payload).result, "RECORDED");
  await old.end();
  await close(alert.id);
});

test("presence says who would not hear an alert", async () => {
  const { recipient_id: id } = credentials().station;
  const submitted = await system.ok("submitter", "POST", "/reports", sampleReport());
  const unreachable = async () => (await system.ok("releaser", "POST", `/reports/${submitted.id}:preview`)).unreachableTotal;
  const before = await unreachable();
  const station = await system.subscriber("station", [`${prefix}/receipts/${id}`],
    { will: { topic: `${prefix}/presence/${id}`, payload: "offline", qos: 1, retain: true } });
  const until = async (count, what) => {
    for (const deadline = Date.now() + 20_000; Date.now() < deadline;) if ((await unreachable()) === count) return;
    assert.fail(`${what}: ${await unreachable()} instead of ${count}`);
  };
  await publish(station, `presence/${id}`, "online", { retain: true });
  await until(before - 1, "online");
  station.client.stream.destroy();
  await until(before, "offline by its will");
});

test("nobody connects without a certificate, or writes where it may not", async () => {
  await assert.rejects(system.subscriber({ certificate: system.ready.ca, key: system.ready.credentials.station.key }, []));
  const { recipient_id: id } = credentials().station;
  const { recipient_id: other } = credentials().station2;
  const alert = await release();
  const listener = await system.subscriber("station2", [`${prefix}/receipts/${other}`, `${prefix}/notices/partner/210102/+`]);
  const station = await system.subscriber("station", [`${prefix}/receipts/${id}`]);
  const seen = listener.seen.length;
  for (const topic of [`acknowledgements/${other}`, `receipts/${other}`, `direct/${other}/${alert.id}`, `presence/${other}`, "keys",
    `notices/partner/210102/${randomUUID()}`, `json/notices/partner/210102/${alert.id}`, `photos/partner/210102/${alert.id}`]) {
    await publish(station, topic, binary(Acknowledgement, acknowledgement(other, alert.id)), { retain: true }).catch(() => {});
  }
  await publish(station, `acknowledgements/${id}`, binary(Acknowledgement, acknowledgement(id, alert.id, { kind: "DISPLAYED" })));
  await receiptFor(station, id, (r) => r.kind === "DISPLAYED", "its own receipt, after all the others");
  assert.deepEqual(listener.seen.slice(seen).map((m) => m.topic).filter((topic) => !topic.endsWith(alert.id)), []);
  assert.equal((await system.ok("releaser", "GET", `/alerts/${alert.id}/board`)).counts.RECEIVED, 1, "an answer written under another's name counts");
  for (const each of [listener, station]) await each.end();
  await close(alert.id);
});
