// Recipients on an ntfy topic. Debian has no ntfy: this simulator of ours takes what its interface for JSON does.
import assert from "node:assert/strict";
import http from "node:http";
import { after, before, test } from "node:test";
import { recipient, startSystem } from "./calls.mjs";
import { until } from "./rig.mjs";

const { system, release, close } = startSystem();
const topics = new Map();
const script = [];

const server = http.createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const answer = (http_, code) => response.writeHead(http_, { "content-type": "application/json" }).end(JSON.stringify({ code, http: http_ }));
    if (request.method !== "POST" || request.url !== "/") return answer(404, 40401);
    if (request.headers.authorization !== "Bearer tk_duty") return answer(403, 40301);
    const body = JSON.parse(Buffer.concat(chunks).toString("utf8"));
    const known = ["topic", "title", "message", "priority", "tags", "click", "sequence_id"];
    if (Object.keys(body).some((key) => !known.includes(key)) || !/^[-_A-Za-z0-9]{1,64}$/.test(body.topic)) return answer(400, 40009);
    if (!(body.priority >= 1 && body.priority <= 5) || Buffer.byteLength(body.message) > 4096) return answer(400, 40007);
    if (script.shift() === "busy") return answer(429, 42901);
    if (!topics.has(body.topic)) topics.set(body.topic, []);
    topics.get(body.topic).push(body);
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ id: "m1", event: "message", topic: body.topic }));
  });
});
before(() => new Promise((resolve) => server.listen(0, "127.0.0.1", resolve)));
after(() => { server.closeAllConnections(); server.close(); });

test("an alert and its end come to the topic, and who touches it can answer", async () => {
  script.push("busy");
  const address = `http://127.0.0.1:${server.address().port}/duty-room`;
  await system.ok("operator", "PUT", "/recipients/ntfy-hotel", recipient("ntfy-hotel", { endpoints: [{ channel: "ntfy", address, secret: "tk_duty" }] }));
  const { submitted, alert } = await release();
  const heard = await until("the alert", () => topics.get("duty-room")?.[0]);
  assert.ok(heard.title.startsWith("【演练】"));
  assert.ok(heard.message.includes(submitted.report.child.name));
  assert.deepEqual([heard.priority, heard.tags], [4, ["construction"]]);
  const board = async () => (await system.ok("supervisor", "GET", `/alerts/${alert.id}/board`)).counts;
  assert.equal((await board()).RECEIVED ?? 0, 0, "what the server has is on no phone yet");
  const link = heard.click.replace(system.ready.api, "");
  const page = await system.call(null, "GET", link);
  assert.equal(page.status, 200);
  assert.match(page.headers["content-type"], /^text\/html/);
  assert.equal((await board()).CONFIRMED ?? 0, 0, "looking is not answering");
  assert.equal((await system.call(null, "POST", link)).status, 200);
  assert.equal((await board()).CONFIRMED, 1);
  await close(alert.id);
  const end = await until("the end", () => topics.get("duty-room")[1]);
  assert.equal(end.sequence_id, heard.sequence_id);
  assert.equal(end.priority, 3);
  assert.equal(JSON.stringify(end).includes(submitted.report.child.name), false, "nothing of the child");
  await system.ok("operator", "DELETE", "/recipients/ntfy-hotel");
});
