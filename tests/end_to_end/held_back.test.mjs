// Bytes of the daemon's that the network holds back until what they say is over: an alert is released and recalled
// meanwhile, and whatever order the rest arrives in, nothing is shown and what is retained is the recall.
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { after, before, test } from "node:test";
import { closing } from "./calls.mjs";
import { Rig, until } from "./rig.mjs";
import { sampleReport } from "./system.mjs";

/// Between daemon and broker. A held connection takes bytes and passes none on, not even their end; others pass.
class Gate {
  constructor(port) {
    this.port = port;
    this.ways = [];
    this.holdsNew = false;
  }

  async open() {
    this.server = createServer((daemon) => {
      const broker = connect(this.port, "127.0.0.1");
      const way = { daemon, broker, held: this.holdsNew, kept: [] };
      const pass = (from, to, send) => {
        from.on("data", (bytes) => (way.held ? way.kept.push(() => send(bytes)) : send(bytes)));
        from.on("end", () => (way.held ? way.kept.push(() => to.end()) : to.end()));
        from.on("error", () => (way.held ? way.kept.push(() => to.destroy()) : to.destroy()));
      };
      pass(daemon, broker, (bytes) => { way.bytes = (way.bytes ?? 0) + bytes.length; broker.write(bytes); });
      pass(broker, daemon, (bytes) => daemon.writable && daemon.write(bytes));
      broker.on("close", () => { way.isOver = true; if (!way.held) daemon.destroy(); });
      this.ways.push(way);
    }).listen(0, "127.0.0.1");
    await once(this.server, "listening");
    return this.server.address().port;
  }

  /// What is open now; what comes after passes, unless new ones are held too.
  hold() {
    const held = this.ways.filter((way) => !way.daemon.destroyed);
    for (const way of held) way.held = true;
    return held;
  }

  letThrough(ways) {
    for (const way of ways) {
      way.held = false;
      for (const send of way.kept.splice(0)) send();
    }
  }

  close() {
    this.server.close();
    for (const { daemon, broker } of this.ways) { daemon.destroy(); broker.destroy(); }
  }
}

const rig = new Rig();
let gate;
let stations;
before(async () => {
  await rig.prepare();
  gate = new Gate(Number(new URL(rig.ready.mqtt).port));
  rig.configure({ "broker.uri": `mqtts://localhost:${await gate.open()}`, "broker.keep_alive_seconds": 2 });
  await rig.startBroker();
  await rig.startDaemon();
  stations = rig.ready.stations.slice(0, 2).map((credential) => rig.station(credential));
  await Promise.all(stations.map((station) => until("a station", () => station.events("connected").length)));
});
after(async () => {
  gate?.close();
  await rig.end();
});

async function release() {
  const submitted = await rig.ok("submitter", "POST", "/reports", sampleReport());
  return rig.ok("releaser", "POST", `/reports/${submitted.id}:release`, {});
}
const close = (id) => rig.ok("releaser", "POST", `/alerts/${id}:close`, closing);
const of = (station, name, id) => station.events(name).filter((event) => event.alert_id === id);

/// Once another alert has come and gone, everything before it has arrived too: nothing of the first is shown, and its
/// topic holds the recall. `reached`: the alert did reach the broker after its recall, so stations heard it.
async function assertOver(id, about, { reached = false } = {}) {
  const listener = await rig.subscriber("station", ["tuanyuan/v1/json/notices/partner/210102/+"]);
  const later = await release();
  await Promise.all(stations.map((station) => until("a later alert", () => of(station, "show", later.id).length)));
  await close(later.id);
  await Promise.all(stations.map((station) => until("a later recall", () => of(station, "take-down", later.id).length)));
  const retained = async () => {
    const late = await rig.subscriber("station2", ["tuanyuan/v1/json/notices/partner/210102/+"]);
    const found = await late.next((m) => m.topic.endsWith(`/${id}`) && m.payload.length > 0, "what is retained");
    await late.end();
    return JSON.parse(found.payload).notice.kind;
  };
  if (reached) await until("the recall to be retained again", async () => await retained() === "CLOSE");
  assert.equal(await retained(), "CLOSE", about);
  for (const station of stations) {
    const shows = of(station, "show", id).length;
    assert.ok(shows <= 1, `${about}: rung once at the most`);
    assert.equal(of(station, "take-down", id).length >= shows, true, `${about}: nothing is shown`);
    const last = [...station.lines].map((line) => JSON.parse(line)).filter((event) => event.alert_id === id).at(-1);
    assert.notEqual(last?.event, "show", `${about}: nothing is shown in the end`);
  }
  await listener.end();
  if (reached) return;
  const kinds = listener.seen.filter((m) => m.topic.endsWith(`/${id}`) && m.payload.length > 0).map((m) => JSON.parse(m.payload).notice.kind);
  assert.ok(!kinds.slice(kinds.indexOf("CLOSE")).includes("ALERT"), `${about}: no alert after its recall: ${kinds}`);
}

test("held until after the recall, on the same connection", async () => {
  const held = gate.hold();
  const alert = await release();
  await until("the publish to be on its way", () => held.some((way) => way.kept.length > 0));
  await close(alert.id);
  gate.letThrough(held);
  await rig.well("broker");
  await assertOver(alert.id, "in order");
});

test("held until the recall has gone by another connection: the daemon notices, and the late bytes change nothing", async () => {
  const held = gate.hold();
  const alert = await release();
  await until("the publish to be on its way", () => held.some((way) => way.kept.length > 0));
  gate.holdsNew = true;  // the whole way is cut: /readyz has to say so
  const said = await rig.degraded("broker", /^primary/);
  assert.equal(said.status, 200);
  await close(alert.id);
  gate.holdsNew = false;
  gate.letThrough(gate.ways.filter((way) => way.held && !held.includes(way)));
  await rig.well("broker");
  await until("the recall to be out", async () =>
    await rig.metric("tuanyuan_outbox_oldest_seconds", 'channel="mqtt"') === 0);
  gate.letThrough(held);
  await assertOver(alert.id, "the recall first");
});

test("held over the death of the daemon: its second life recalls, then the bytes of the first arrive", async () => {
  const held = gate.hold();
  const alert = await release();
  await until("the publish to be on its way", () => held.some((way) => way.kept.length > 0));
  await rig.daemon.stop("SIGKILL");
  await rig.startDaemon();
  await close(alert.id);
  await until("the recall to be out", async () => await rig.metric("tuanyuan_outbox_oldest_seconds", 'channel="mqtt"') === 0);
  assert.ok(held.every((way) => way.isOver), "the broker has ended the first life's connection");
  gate.letThrough(held);
  await assertOver(alert.id, "by a second life");
});

test("held, the daemon dead, and let through while nobody is there: what its second life finds, it puts right", async () => {
  const held = gate.hold();
  const alert = await release();
  await until("the publish to be on its way", () => held.some((way) => way.kept.length > 0));
  await rig.daemon.stop("SIGKILL");
  gate.letThrough(held);
  await rig.startDaemon();
  await close(alert.id);
  await assertOver(alert.id, "before a second life");
});

test("held, and the broker takes it for somebody else's: the alert reaches its topic after the recall, and is put right", async () => {
  rig.configure({ "broker.client_id": "first", "broker.keep_alive_seconds": 60 });
  await rig.daemon.stop();
  await rig.startDaemon();
  const held = gate.hold();
  const alert = await release();
  await until("the publish to be on its way", () => held.some((way) => way.kept.length > 0));
  await rig.daemon.stop("SIGKILL");
  rig.configure({ "broker.client_id": "second", "broker.keep_alive_seconds": 2 });
  await rig.startDaemon();
  await close(alert.id);
  await until("the recall to be out", async () => await rig.metric("tuanyuan_outbox_oldest_seconds", 'channel="mqtt"') === 0);
  const corrected = () => rig.metric("tuanyuan_broker_corrections_total").then((count) => count ?? 0);
  const before = await corrected();
  gate.letThrough(held);
  await until("the correction", async () => await corrected() > before);
  await assertOver(alert.id, "a stranger's", { reached: true });
});
