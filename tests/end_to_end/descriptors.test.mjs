// Connections without end, and no descriptor left at all: whoever is connected is served, ledger and broker go on,
// /readyz and the metrics say it, nothing spins, and it passes.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import http from "node:http";
import { connect } from "node:net";
import { after, before, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import tls from "node:tls";
import { closing } from "./calls.mjs";
import { run } from "./namespaces.mjs";
import { Rig, until } from "./rig.mjs";
import { sampleReport } from "./system.mjs";

const files = 256;
const clients = 74; // what is theirs of so many (daemon/app/resources.hpp)
const rig = new Rig();
before(async () => {
  await rig.prepare();
  await rig.startBroker();
  await rig.startDaemon({ via: ["prlimit", `--nofile=${files}`] });
  // Who is there before the rush.
  for (const who of ["submitter", "releaser"]) await rig.ok(who, "GET", "/keys");
});
after(() => rig.end());

const api = () => ({ host: "localhost", port: new URL(rig.ready.api).port });
const submit = () => rig.ok("submitter", "POST", "/reports", sampleReport(), { "idempotency-key": randomUUID() });

/// Until one is turned away. All that were let in stay open, and ask nothing.
async function crowd() {
  const inside = [];
  for (let turnedAway = false; !turnedAway;) {
    const socket = tls.connect({ ...api(), ...rig.tls("supervisor") });
    turnedAway = await new Promise((resolve) => {
      socket.once("secureConnect", () => resolve(false)).once("close", () => resolve(true)).on("error", () => {});
    });
    if (!turnedAway) inside.push(socket);
    assert.ok(inside.length <= clients, "more connections than descriptors allow");
  }
  return { inside, leave: () => inside.forEach((socket) => socket.destroy()) };
}

/// Of one core, over a while.
async function busy() {
  const ticks = () => readFileSync(`/proc/${rig.daemon.pid}/stat`, "utf8").split(") ")[1].split(" ").slice(11, 13).reduce((sum, each) => sum + Number(each), 0);
  const [from, begun] = [ticks(), Date.now()];
  await delay(2_000);
  return (ticks() - from) * 10 / (Date.now() - begun); // a hundred ticks a second
}

test("more connections than it can have: they are turned away, the others and the alert go on", { timeout: 120_000 }, async () => {
  const station = rig.station(rig.ready.credentials.station2);
  await until("the station", () => station.events("connected").length);
  const rush = await crowd();
  const said = await rig.degraded("api", new RegExp(`all ${clients} connections are taken`));
  assert.equal(said.status, 200);
  assert.ok(await rig.metric("tuanyuan_http_connections_refused_total", 'listener="api",reason="full"') >= 1);
  await until("the gauge", async () => await rig.metric("tuanyuan_http_connections", 'listener="api"') === clients);

  await rig.broker.stop("SIGKILL");
  const submitted = await submit();
  const alert = await rig.ok("releaser", "POST", `/reports/${submitted.id}:release`, {});
  await rig.degraded("broker");
  await rig.startBroker();
  await rig.well("broker");
  await until("the alert", () => station.events("show").some((event) => event.alert_id === alert.id));
  const turnAway = setInterval(() => connect(api()).on("error", () => {}).on("connect", function () { this.destroy(); }), 20);
  assert.ok(await busy() < 0.5, "it is not kept busy by who cannot come in");
  clearInterval(turnAway);

  rush.leave();
  await rig.well("api");
  assert.equal((await rig.call("operator", "GET", "/recipients?page_size=1")).status, 200, "a new connection");
  await rig.ok("releaser", "POST", `/alerts/${alert.id}:close`, closing);
  await until("the recall", () => station.events("take-down").some((event) => event.alert_id === alert.id));
  await station.stop();
});

test("no descriptor is left at all: who is connected is served, and the rest comes back with the descriptors", { timeout: 120_000 }, async () => {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const readyz = async () => JSON.parse((await rig.operations("/readyz", agent)).text);
  await readyz();
  for (const who of ["submitter", "releaser"]) await rig.ok(who, "GET", "/keys");
  const limit = (soft) => run("prlimit", "--pid", String(rig.daemon.pid), `--nofile=${soft}:${files}`);
  const used = new Set(readdirSync(`/proc/${rig.daemon.pid}/fd`).map(Number));
  limit([...Array(files).keys()].find((each) => !used.has(each)));
  const knocking = Array.from({ length: 40 }, () => connect(api()).on("error", () => {}));
  await until("it to be told", async () => /cannot be taken: Too many open files/.test((await readyz()).degraded.api));
  assert.ok(await busy() < 0.5, "it does not try all the time");
  const submitted = await submit();
  const alert = await rig.ok("releaser", "POST", `/reports/${submitted.id}:release`, {});
  await rig.broker.stop("SIGKILL");
  await until("the broker to be missed", async () => (await readyz()).degraded.broker);
  await rig.startBroker();
  assert.equal((await rig.call("submitter", "GET", `/reports/${submitted.id}`)).status, 200);
  assert.ok(rig.daemon.isAlive);

  limit(files);
  knocking.forEach((socket) => socket.destroy());
  await rig.well("broker");
  await rig.well("api");
  const listener = await rig.subscriber("station", ["tuanyuan/v1/json/notices/partner/210102/+"]);
  await listener.next((m) => m.topic.endsWith(`/${alert.id}`), "the alert");
  await rig.ok("operator", "GET", "/recipients?page_size=1");
  await listener.end();
  agent.destroy();
});

test("too few descriptors to begin with: it does not start, and says which limit", async () => {
  await rig.daemon.stop();
  const refused = rig.child(rig.daemon.process.spawnargs.find((each) => each.endsWith("tuanyuand")), ["--config", rig.ready.config],
    { via: ["prlimit", "--nofile=100"] });
  assert.equal(await refused.exited, 1);
  assert.match(refused.output, /limit on open files is 100/);
});
