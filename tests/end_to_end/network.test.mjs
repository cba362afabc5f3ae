// Daemon, broker and stations each in a network of their own, joined by a router that cuts, slows and silently swallows
// what passes. Nobody is told that a packet is gone: it has to be noticed by who waits.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { closing } from "./calls.mjs";
import { enter, run } from "./namespaces.mjs";
import { Rig, until } from "./rig.mjs";
import { sampleReport } from "./system.mjs";

const options = await enter(import.meta.url, "ip link add probe type veth peer name eborp; ip link set lo up; test -w /proc/sys/net/ipv4/ip_forward");

/// One part's network: a cable to the router, which this process is in.
class Net {
  constructor(name, number) {
    this.device = `to-${name}`;
    this.address = `10.77.${number}.2`;
    this.holder = spawn("unshare", ["--net", "setpriv", "--pdeathsig", "KILL", "--", "sh", "-c", "echo up; exec sleep infinity"], { stdio: ["ignore", "pipe", "ignore"] });
    this.number = number;
  }

  async lay() {
    await new Promise((resolve) => this.holder.stdout.once("data", resolve));
    this.via = ["nsenter", "--target", String(this.holder.pid), "--net"];
    const gateway = `10.77.${this.number}.1`;
    run("ip", "link", "add", this.device, "type", "veth", "peer", "name", "out", "netns", String(this.holder.pid));
    run("ip", "address", "add", `${gateway}/24`, "dev", this.device);
    run("ip", "link", "set", this.device, "up");
    for (const args of [["link", "set", "lo", "up"], ["address", "add", `${this.address}/24`, "dev", "out"], ["link", "set", "out", "up"],
      ["route", "add", "default", "via", gateway]]) run(...this.via, "ip", ...args);
    return this;
  }

  /// What comes from here is forwarded to the others, or swallowed without a word.
  forwards(on) { writeFileSync(`/proc/sys/net/ipv4/conf/${this.device}/forwarding`, on ? "1" : "0"); }
  /// The cable itself.
  plug(on) { run("ip", "link", "set", this.device, on ? "up" : "down"); }
  /// So many kilobits a second towards here.
  slow(kbit) {
    if (kbit) run("tc", "qdisc", "replace", "dev", this.device, "root", "tbf", "rate", `${kbit}kbit`, "burst", "4kb", "latency", "2s");
    else run("tc", "qdisc", "del", "dev", this.device, "root");
  }
}

const rig = new Rig();
const nets = {};
let stations;
before(async () => {
  if (options.skip) return;
  run("ip", "link", "set", "lo", "up");
  await rig.prepare();
  for (const [index, name] of ["daemon", "broker", "stations"].entries()) {
    nets[name] = await new Net(name, index + 1).lay();
    nets[name].forwards(true);
  }
  const names = ["localhost", nets.daemon.address, nets.broker.address];
  const out = path.join(rig.state, "pki", "everywhere");
  assert.equal((await rig.run("tuanyuanctl", ["pki", "server", path.join(rig.state, "pki"), ...names, "--out", out])).status, 0);
  assert.ok(existsSync(`${out}.crt`));
  const mqttPort = new URL(rig.ready.mqtt).port;
  rig.ready.mqtt = `mqtts://${nets.broker.address}:${mqttPort}`;
  rig.ready.api = rig.ready.api.replace("localhost", nets.daemon.address);
  rig.ready.ops = rig.ready.ops.replace("127.0.0.1", nets.daemon.address);
  rig.configureBroker((conf) => conf.replace(/^listener .*$/m, `listener ${mqttPort} ${nets.broker.address}`)
    .replace(/^certfile .*$/m, `certfile ${out}.crt`).replace(/^keyfile .*$/m, `keyfile ${out}.key`));
  rig.configure({ "api.listen": nets.daemon.address, "api.certificate": `${out}.crt`, "api.key": `${out}.key`, "api.base_url": rig.ready.api,
    "operations.listen": nets.daemon.address, "broker.uri": rig.ready.mqtt, "broker.keep_alive_seconds": 4 });
  await rig.startBroker({ via: nets.broker.via });
  await rig.startDaemon({ via: nets.daemon.via });
  stations = rig.ready.stations.slice(0, 3).map((credential) => rig.station(credential, { via: nets.stations.via }));
  await Promise.all(stations.map((station) => until("a station", () => station.events("connected").length)));
});
after(async () => {
  if (options.skip) return;
  await rig.end();
  for (const net of Object.values(nets)) net.holder.kill("SIGKILL");
});

async function release() {
  const submitted = await rig.ok("submitter", "POST", "/reports", sampleReport());
  return rig.ok("releaser", "POST", `/reports/${submitted.id}:release`, {});
}
const close = (id) => rig.ok("releaser", "POST", `/alerts/${id}:close`, closing);
const shown = (station, id) => station.events("show").filter((event) => event.alert_id === id);
const taken = (station, id) => station.events("take-down").filter((event) => event.alert_id === id);
const everybody = (what, is) => Promise.all(stations.map((station) => until(what, () => is(station))));
const answered = (id, kind) => until(`${kind} of all`, async () => (await rig.ok("releaser", "GET", `/alerts/${id}/board`)).counts[kind] >= stations.length);

/// What was released in bad times has arrived in the end, once, and comes down.
async function assertCaughtUp(alert, about) {
  await everybody(`the alert (${about})`, (station) => shown(station, alert.id).length);
  await answered(alert.id, "DISPLAYED");
  await close(alert.id);
  await everybody(`the recall (${about})`, (station) => taken(station, alert.id).some((event) => event.revision === 2));
  await answered(alert.id, "REMOVED");
  for (const station of stations) {
    const versions = shown(station, alert.id).map((event) => event.revision);
    assert.deepEqual(versions, [1], `${about}: nobody is rung twice for one revision`);
  }
}

test("between daemon and broker everything is swallowed: noticed within the keep-alive, named, and caught up", { ...options, timeout: 180_000 }, async () => {
  const known = await release();
  await everybody("the alert", (station) => shown(station, known.id).length);
  nets.daemon.forwards(false);
  nets.broker.forwards(false);
  const cut = Date.now();
  const alert = await release();
  const over = await release();
  const said = await rig.degraded("broker", /^primary: not connected/);
  assert.equal(said.status, 200);
  assert.ok(Date.now() - cut < 30_000, "a connection that says nothing is given up in bounded time");
  assert.equal(await rig.metric("tuanyuan_broker_connected", 'broker="primary"'), 0);
  await close(over.id);
  await close(known.id);
  nets.daemon.forwards(true);
  nets.broker.forwards(true);
  await rig.well("broker");
  await everybody("the recall of what was shown", (station) => taken(station, known.id).length);
  await assertCaughtUp(alert, "swallowed");
  for (const station of stations) assert.equal(shown(station, over.id).length, 0, "over before anybody could hear of it");
});

test("only one way is swallowed: what the broker acknowledges is not heard", { ...options, timeout: 180_000 }, async () => {
  nets.broker.forwards(false);
  const alert = await release();
  await rig.degraded("broker");
  nets.broker.forwards(true);
  await rig.well("broker");
  await assertCaughtUp(alert, "one way");
});

test("the cable is pulled for a moment, the daemon's and the stations'", { ...options, timeout: 180_000 }, async () => {
  for (const net of [nets.daemon, nets.stations]) {
    net.plug(false);
    const pulled = net === nets.daemon ? undefined : await release(); // the daemon's own API is behind its cable
    net.plug(true);
    if (net === nets.daemon) rig.agents.forEach((agent) => agent.destroy());
    await rig.well("broker");
    await assertCaughtUp(pulled ?? await release(), "pulled");
  }
});

test("a slow line: later, but all of it", { ...options, timeout: 180_000 }, async () => {
  nets.broker.slow(2000);
  nets.daemon.slow(2000);
  const alerts = [];
  for (let count = 0; count < 2; ++count) alerts.push(await release());
  for (const alert of alerts) await assertCaughtUp(alert, "slow");
  nets.broker.slow(0);
  nets.daemon.slow(0);
  await rig.well("broker");
  assert.ok(await rig.metric("tuanyuan_promise_violations_total") === undefined, "no promise was broken");
});
