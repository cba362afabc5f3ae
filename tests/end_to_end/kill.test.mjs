// kill -9 of daemon, broker and both at random points, between request and answer and between acknowledgement and
// receipt: nothing that was answered is lost, what was not answered can be repeated without harm (promise 1), and no
// alert is sent after its recall (promise 4). TUANYUAN_KILLS says how many times.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { closing } from "./calls.mjs";
import { Rig } from "./rig.mjs";
import { message, sampleReport } from "./system.mjs";

const rounds = Number(process.env.TUANYUAN_KILLS ?? 9);
const reportsPerRound = 12;
const system = new Rig();
before(async () => {
  await system.prepare();
  await system.startBroker();
  await system.startDaemon();
});
after(() => system.end());

const Acknowledgement = message("Acknowledgement");
const Receipt = message("Receipt");

const encode = (answer) => Buffer.from(Acknowledgement.encode(Acknowledgement.fromObject(answer)).finish());

/// The stations answer, each on its own connection, and note what they have a receipt for.
async function stations(alertId) {
  const all = [];
  for (const credential of system.ready.stations.slice(0, 20)) {
    const id = credential.recipient_id;
    const subscriber = await system.subscriber(credential, [`tuanyuan/v1/receipts/${id}`]);
    all.push({ id, subscriber, receipted: () => receiptsOf(subscriber) });
  }
  // What was published to a broker that is gone is never answered: the end of the connection is the end of it.
  const answer = async (station, kind) => {
    const { client } = station.subscriber;
    if (!client.connected) return;
    const ended = new Promise((resolve) => client.once("close", resolve));
    const payload = encode({ alertId, revision: 1, recipientId: station.id, kind });
    const published = client.publishAsync(`tuanyuan/v1/acknowledgements/${station.id}`, payload, { qos: 1 }).catch(() => {});
    await Promise.race([published, ended]);
  };
  // However slow the machine is, in some rounds a receipt has to be there before the kill.
  const firstReceipt = () => Promise.any(all.map((station) => station.subscriber.next(() => true, "a receipt")));
  return { all, answer, firstReceipt, end: () => Promise.all(all.map((s) => s.subscriber.end().catch(() => {}))) };
}

/// What is killed, round by round; the other one lives on and has to cope.
const victims = [["daemon"], ["broker"], ["daemon", "broker"]];
const revive = {
  broker: () => system.startBroker(),
  daemon: () => system.startDaemon({ connected: false }),
};

/// Reports that were answered are there, by the keys they were submitted under.
async function kept(reports) {
  for (const [key, id] of reports) {
    const found = await system.call("submitter", "GET", `/reports/${id}`);
    assert.equal(found.status, 200, `report ${key} was answered and is lost`);
  }
}

const kindOf = (arrived) => JSON.parse(arrived.payload.toString()).notice.kind;
const noticesOf = (subscriber, id) => subscriber.seen.filter((m) => m.topic.includes("/notices/") && m.topic.endsWith(`/${id}`) && m.payload.length);

/// An alert that is being closed when everything dies: closed for good if that was answered, else closed by asking
/// again; and whoever listens hears nothing but the recall from then on.
async function closedUnderFire(alert, key, wasAnswered) {
  const listener = await system.subscriber("station", ["tuanyuan/v1/json/notices/partner/210102/+"]);
  if (!wasAnswered) {
    await system.ok("releaser", "POST", `/alerts/${alert.id}:close`, closing, { "idempotency-key": key });
  }
  assert.equal((await system.ok("releaser", "GET", `/alerts/${alert.id}`)).state, "CLOSED", "a close that was answered is lost");
  await listener.next((m) => m.topic.endsWith(`/${alert.id}`) && m.payload.length > 0 && kindOf(m) === "CLOSE", "the recall");
  const heard = noticesOf(listener, alert.id).map(kindOf);
  assert.ok(!heard.slice(heard.indexOf("CLOSE")).includes("ALERT"), `an alert was sent after its recall: ${heard}`);
  return listener;
}

function receiptsOf(subscriber) {
  return subscriber.seen.map((m) => Receipt.toObject(Receipt.decode(m.payload), { enums: String }));
}

test(`killed ${rounds} times under load, it loses nothing that it answered`, { timeout: Math.max(900_000, rounds * 30_000) }, async () => {
  const submitted = await system.ok("submitter", "POST", "/reports", sampleReport());
  const alert = await system.ok("releaser", "POST", `/reports/${submitted.id}:release`, {});
  const answered = new Map();   // key -> id, of every report that was answered
  const unanswered = new Map(); // key -> report, of every one that was not
  const receipted = new Set();  // "station/kind", with a receipt
  const closed = [];            // alerts that are over, for good

  for (let round = 0; round < rounds; ++round) {
    const before = new Set(answered.keys());
    const kind = ["RECEIVED", "DISPLAYED", "CONFIRMED", "ACTING"][round % 4];
    const listeners = await stations(alert.id);
    const churned = await system.ok("submitter", "POST", "/reports", sampleReport());
    const short = await system.ok("releaser", "POST", `/reports/${churned.id}:release`, {});
    const closeKey = randomUUID();
    let closeAnswered = false;
    const load = [delay(Math.random() * 60).then(() => system.call("releaser", "POST", `/alerts/${short.id}:close`, closing,
      { "idempotency-key": closeKey })).then((answer) => { closeAnswered = answer.status === 200; }, () => {})];
    for (let index = 0; index < reportsPerRound; ++index) {
      const key = randomUUID();
      const report = sampleReport();
      unanswered.set(key, report);
      load.push(system.call("submitter", "POST", "/reports", report, { "idempotency-key": key }).then((answer) => {
        assert.equal(answer.status, 201, String(answer.raw));
        answered.set(key, answer.body.id);
        unanswered.delete(key);
      }, () => {}));
    }
    load.push(...listeners.all.map((station) => listeners.answer(station, kind)));
    if (round % 2 === 1) await listeners.firstReceipt();
    await delay(Math.random() * 120);
    const killed = victims[round % victims.length];
    await Promise.all(killed.map((victim) => system[victim].stop("SIGKILL")));
    await Promise.all(load);
    for (const station of listeners.all) {
      for (const receipt of station.receipted()) {
        assert.notEqual(receipt.result, "REFUSED", receipt.reason);
        receipted.add(`${station.id}/${receipt.kind}`);
      }
    }
    await listeners.end();
    for (const victim of ["broker", "daemon"].filter((each) => killed.includes(each))) await revive[victim]();
    await system.well("broker");

    await kept([...answered].filter(([key]) => !before.has(key)));
    for (const [key, report] of [...unanswered]) {
      const repeated = await system.call("submitter", "POST", "/reports", report, { "idempotency-key": key });
      assert.equal(repeated.status, 201, String(repeated.raw));
      answered.set(key, repeated.body.id);
      unanswered.delete(key);
    }
    assert.equal(new Set(answered.values()).size, answered.size, "no request became two reports");
    const listener = await closedUnderFire(short, closeKey, closeAnswered);
    for (const id of closed) {
      assert.ok(!noticesOf(listener, id).some((m) => kindOf(m) === "ALERT"), "an alert that is over came again");
    }
    closed.push(short.id);
    await listener.end();
  }

  await kept(answered);
  const listeners = await stations(alert.id);
  for (const pair of receipted) {
    const [id, kind] = pair.split("/");
    const station = listeners.all.find((s) => s.id === id);
    const before = station.subscriber.seen.length;
    await listeners.answer(station, kind);
    await station.subscriber.next((m) => station.subscriber.seen.indexOf(m) >= before, `a receipt for ${pair}`);
    const last = station.receipted().at(-1);
    assert.equal(last.result, "DUPLICATE", `${pair} had its receipt and is lost`);
  }
  await listeners.end();
  assert.ok(receipted.size > 0 && answered.size === rounds * reportsPerRound);
});

test("when daemon or broker dies, what was started together stops and says so, and goes on where it stopped", { timeout: 300_000 }, async () => {
  await Promise.all([system.daemon.stop(), system.broker.stop()]);
  await system.start();
  const { alertId } = await system.ok("submitter", "POST", "/reports", sampleReport());
  for (const victim of ["pid", "broker_pid"]) {
    process.kill(system.ready[victim], "SIGKILL");
    assert.notEqual(await system.exited, 0, `${victim} was killed`);
    await system.start();
    assert.equal((await system.ok("releaser", "GET", `/alerts/${alertId}`)).state, "LOOKOUT");
  }
});
