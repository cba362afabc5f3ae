// Operators see how each way to reach recipients goes, pause, resume and test it, and queue again what died.
import assert from "node:assert/strict";
import http from "node:http";
import { after, before, test } from "node:test";
import { assertProblem, recipient, startSystem } from "./calls.mjs";
import { until } from "./rig.mjs";

const { system, release, close } = startSystem();

const seen = [];
const refusing = new Set();
const server = http.createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    seen.push({ path: request.url, body: JSON.parse(Buffer.concat(chunks)) });
    response.writeHead(refusing.has(request.url) ? 410 : 204).end();
  });
});
before(() => new Promise((resolve) => server.listen(0, "127.0.0.1", resolve)));
after(() => { server.closeAllConnections(); server.close(); });

const subscribe = (id, path) => system.ok("operator", "PUT", `/recipients/${id}`, recipient(id, {
  endpoints: [{ channel: "webhook", address: `http://127.0.0.1:${server.address().port}${path}` }],
}));
const of = (path, alert) => seen.filter((one) => one.path === path && (!alert || one.body.alertId === alert));
const channel = async (name) => {
  const { channels } = await system.ok("operator", "GET", "/channels");
  return channels.find((one) => one.channel === name);
};
const json = async (...args) => {
  const { status, stdout, stderr } = await system.ctl("operator", ...args, "--json");
  assert.equal(status, 0, `${args.join(" ")}: ${stderr}`);
  return JSON.parse(stdout);
};

test("what is paused waits over a restart, and goes out when it is resumed", async () => {
  await subscribe("paused-hotel", "/hotel");
  assert.equal((await channel("mqtt")).state, "UP");
  const paused = await json("channel", "pause", "webhook", "--reason", "演练：额度用完");
  assert.equal(paused.state, "PAUSED");
  assert.equal(paused.paused.reason, "演练：额度用完");
  assert.equal((await system.ctl("operator", "channel", "pause", "webhook", "--reason", "x")).status, 1);
  assert.equal((await system.call("releaser", "GET", "/channels")).status, 403);
  const { alert } = await release();
  await until("the row that waits", async () => (await channel("webhook")).waiting === 1);
  const board = await system.ok("supervisor", "GET", `/alerts/${alert.id}/board`);
  assert.equal(board.byChannel.webhook.expected, 1);
  assert.equal(board.forecast.sentBy, undefined, "nobody can say when");
  assert.equal(of("/hotel").length, 0);
  await system.killAll();
  await system.start();
  assert.equal((await channel("webhook")).state, "PAUSED");
  const ready = await (await fetch(`${system.ready.ops}/readyz`)).text();
  assert.match(ready, /webhook: paused/);
  assert.equal(of("/hotel").length, 0);
  assert.equal((await json("channel", "resume", "webhook")).state, "UP");
  await until("the alert", () => of("/hotel", alert.id).length === 1);
  const { entries } = await system.ok("supervisor", "GET", "/journal?page_size=1000");
  assert.deepEqual(entries.map((entry) => entry.type).filter((type) => type.startsWith("channel.")), ["channel.paused", "channel.resumed"]);
  await close(alert.id);
});

test("a test says that it is one, and is no alert", async () => {
  const tested = await json("channel", "test", "webhook", "paused-hotel");
  assert.equal(tested.outcome, "ACCEPTED");
  const { notice } = of("/hotel").at(-1).body;
  assert.equal(notice.status, "EXERCISE");
  assert.ok(notice.texts[0].headline.startsWith("【演练】"));
  assert.equal(notice.child, undefined);
  assert.equal((await system.call("operator", "GET", `/alerts/${notice.alertId}`)).status, 404);
  const asked = () => system.call("operator", "POST", "/channels/webhook:test", { recipientId: "paused-hotel" }, { "idempotency-key": "asked-again" });
  const first = await asked();
  assert.equal(first.body.outcome, "ACCEPTED");
  const heard = of("/hotel").length;
  await system.killAll();
  await system.start();
  assert.deepEqual((await asked()).body, first.body);
  assert.equal(of("/hotel").length, heard, "a repetition rings nobody");
  refusing.add("/hotel");
  const { status, stdout } = await system.ctl("operator", "channel", "test", "webhook", "paused-hotel");
  assert.equal(status, 1);
  assert.match(stdout, /REJECTED/);
  refusing.delete("/hotel");
});

test("what was rejected is listed, and sent after all while its version is in force", async () => {
  refusing.add("/moved");
  await subscribe("moved-hotel", "/moved");
  const { alert } = await release();
  const rows = await until("the row that died", async () => {
    const { rows } = await json("outbox", "list", "--alert", alert.id);
    return rows.length > 0 && rows;
  });
  assert.deepEqual(rows.map((row) => [row.recipientId, row.state, row.channel, row.inForce]), [["moved-hotel", "REJECTED", "webhook", true]]);
  assert.ok(!JSON.stringify(rows).includes("127.0.0.1"), "no address");
  refusing.delete("/moved");
  await json("outbox", "requeue", rows[0].id);
  await until("the alert", () => of("/moved", alert.id).length === 2);
  const again = await until("its acceptance", async () => {
    const answer = await system.call("operator", "POST", `/outbox/${rows[0].id}:requeue`, undefined, { "accept-language": "en" });
    return answer.body.detail?.includes("ACCEPTED") && answer;
  });
  assertProblem(again, 409, "what has arrived");
  refusing.add("/moved");
  await close(alert.id);
  const dead = await until("the recall that died", async () => {
    const { rows } = await system.ok("operator", "GET", `/outbox?alert=${alert.id}`);
    return rows.find((row) => row.kind === "CLOSE");
  });
  assert.equal(dead.inForce, true, "a recall stays in force");
  assert.equal((await system.ctl("operator", "outbox", "requeue", "4711")).status, 1);
  assertProblem(await system.call("operator", "POST", "/outbox/4711:requeue"), 404, "what does not exist");
});
