// Who keeps silent, on the real parts and with deadlines of seconds: followed up on its own topic, by the unit that answers
// for it, then on the late list that the journal keeps; within its own hours, unless the alert wakes; who answers is left
// alone, who cannot is passed over with its reason shown.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { closing, recipient } from "./calls.mjs";
import { Rig, until } from "./rig.mjs";
import { sampleReport } from "./system.mjs";

// Far from all sample recipients, so that nobody else is chased.
const place = { latitude: 40.62, longitude: 125.31 };
const rig = new Rig();
const who = {};       // role in this play -> credential

/// Open for an hour on the day before yesterday, and on no other day of the week.
function hoursThatAreOver() {
  const beijing = new Date(Date.now() + 8 * 3600_000);
  return `${["Su", "Mo", "Tu", "We", "Th", "Fr", "Sa"][(beijing.getUTCDay() + 5) % 7]} 08:00-09:00`;
}

before(async () => {
  await rig.prepare();
  rig.own.toml += `
[alerts.chase]
grace_seconds = 0
between_steps_seconds = 1

[[alerts.chase.deadlines]]
received_seconds = 1
confirmed_seconds = 2
removed_seconds = 60
`;
  await rig.startBroker();
  await rig.startDaemon();
  const { police, station, station2 } = rig.ready.credentials;
  Object.assign(who, { unit: police, silent: station, prompt: station2, unable: rig.ready.stations[0], shut: rig.ready.stations[1] });
  for (const [name, credential] of Object.entries(who)) {
    const id = credential.recipient_id;
    const entry = await rig.ok("operator", "GET", `/recipients/${id}`);
    await rig.ok("operator", "PUT", `/recipients/${id}`, recipient(id, {
      ...place, name: entry.name, category: entry.category, audience: entry.audience, division: entry.division,
      ...(name === "unit" ? {} : { unit: police.recipient_id }), ...(name === "shut" ? { hours: hoursThatAreOver() } : {}),
    }));
  }
});
after(() => rig.end());

const lostHere = () => sampleReport({ lastSeen: { ...sampleReport().lastSeen, position: { ...place, crs: "WGS84" } } });
async function release(options = {}) {
  const submitted = await rig.ok("submitter", "POST", "/reports", lostHere());
  return rig.ok("releaser", "POST", `/reports/${submitted.id}:release`, { radiusKm: 2, audiences: ["PARTNER"], ...options });
}
const listen = (credential) => rig.subscriber(credential, [`tuanyuan/v1/json/direct/${credential.recipient_id}/+`]);
const isDirect = (id) => (m) => m.topic.endsWith(`/${id}`) && m.payload.length > 0;
const say = (credential, alert, answer) => rig.ok(credential, "POST", `/alerts/${alert.id}/acknowledgements`, { revision: 1, ...answer });
const board = (alert) => rig.ok("releaser", "GET", `/alerts/${alert.id}/board`);
const rowOf = async (alert, credential) => (await board(alert)).silent.find((row) => row.recipientId === credential.recipient_id);
async function chasedIn(alert) {
  const { entries } = await rig.ok("supervisor", "GET", "/journal?page_size=1000");
  return entries.filter((entry) => entry.type === "silent" && entry.subject.startsWith(alert.id)).map((entry) => entry.detail);
}
const isLate = (alert, credential) => async () =>
  (await chasedIn(alert)).some((detail) => detail.step === "late" && detail.recipients.split(",").includes(credential.recipient_id));

test("who keeps silent is followed up step by step, up to the late list of the journal; who answers is left alone", { timeout: 120_000 }, async () => {
  const [own, unit, prompt] = await Promise.all([who.silent, who.unit, who.prompt].map(listen));
  const alert = await release();
  for (const kind of ["RECEIVED", "CONFIRMED"]) await say(who.prompt, alert, { kind });
  for (const kind of ["RECEIVED", "CONFIRMED"]) await say(who.unit, alert, { kind });
  await own.next(isDirect(alert.id), "the notice once more, on its own topic");
  await unit.next(isDirect(alert.id), "the notice for the unit that answers for it");
  await until("the late list", isLate(alert, who.silent));
  const row = await rowOf(alert, who.silent);
  assert.equal(row.nextStep, "telephone", "a person has to");
  assert.ok(row.liaison.telephone);
  assert.equal(prompt.seen.filter(isDirect(alert.id)).length, 0, "who answered is not followed up");
  assert.equal(await rowOf(alert, who.prompt), undefined);
  await rig.ok("submitter", "POST", `/alerts/${alert.id}/acknowledgements`, { revision: 1, kind: "CONFIRMED", recipientId: who.silent.recipient_id });
  assert.equal(await rowOf(alert, who.silent), undefined, "reached by telephone");
  await rig.ok("releaser", "POST", `/alerts/${alert.id}:close`, closing);
  await Promise.all([own, unit, prompt].map((each) => each.end()));
});

test("outside its hours nobody is chased, unless the alert wakes", { timeout: 120_000 }, async () => {
  const shut = await listen(who.shut);
  const asleep = await release();
  await until("everybody else to be late", isLate(asleep, who.silent));
  const row = await rowOf(asleep, who.shut);
  assert.equal(row.nextStep, "await");
  assert.ok(Date.parse(row.dueAt) > Date.now() + 24 * 3600_000, `not before it opens: ${row.dueAt}`);
  assert.equal(shut.seen.filter(isDirect(asleep.id)).length, 0);
  await rig.ok("releaser", "POST", `/alerts/${asleep.id}:close`, closing);
  const awake = await release({ wake: true });
  await shut.next(isDirect(awake.id), "the notice once more, at night");
  await until("the late list", isLate(awake, who.shut));
  await rig.ok("releaser", "POST", `/alerts/${awake.id}:close`, closing);
  await shut.end();
});

test("who cannot is passed over to the next step, and the board says why", { timeout: 120_000 }, async () => {
  const unit = await listen(who.unit);
  const alert = await release();
  for (const kind of ["RECEIVED", "CONFIRMED"]) await say(who.unit, alert, { kind });
  await say(who.unable, alert, { kind: "RECEIVED" });
  await say(who.unable, alert, { kind: "UNABLE", reason: "EQUIPMENT" });
  const row = await rowOf(alert, who.unable);
  assert.equal(row.reason, "EQUIPMENT");
  await unit.next(isDirect(alert.id), "the notice for its unit");
  await until("the late list", isLate(alert, who.unable));
  await rig.ok("releaser", "POST", `/alerts/${alert.id}:close`, closing);
  await unit.end();
});

test("before an alert it is known who would not hear one in any circle", { timeout: 60_000 }, async () => {
  const circle = `latitude=${place.latitude}&longitude=${place.longitude}&radius_km=2`;
  const unreachable = async () => (await rig.ok("operator", "GET", `/readiness?${circle}&page_size=1000`)).unreachable.map((row) => row.recipientId);
  const id = who.silent.recipient_id;
  const presence = `tuanyuan/v1/presence/${id}`;
  const subscriber = await rig.subscriber(who.silent, []);
  await subscriber.client.publishAsync(presence, "online", { qos: 1, retain: true });
  await until("it to be reachable", async () => !(await unreachable()).includes(id));
  await subscriber.client.publishAsync(presence, "offline", { qos: 1, retain: true });
  await until("it to be unreachable", async () => (await unreachable()).includes(id));
  const elsewhere = await rig.ok("operator", "GET", "/readiness?latitude=30&longitude=110&radius_km=2&page_size=1000");
  assert.ok(!elsewhere.unreachable.some((row) => row.recipientId === id), "another circle is another question");
  await subscriber.end();
});
