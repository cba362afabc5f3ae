// Webhooks as CloudEvents: npm's standardwebhooks verifies the very body, npm's cloudevents reads the event and validates it.
import assert from "node:assert/strict";
import http from "node:http";
import { after, before, test } from "node:test";
import { HTTP } from "cloudevents";
import { Webhook } from "standardwebhooks";
import { closing, recipient } from "./calls.mjs";
import { Rig, until } from "./rig.mjs";
import { sampleReport } from "./system.mjs";

const rig = new Rig();
const secret = `whsec_${Buffer.from("twenty-four bytes, or more").toString("base64")}`;
const heard = []; // { path, headers, text }
const answers = [];
const receiver = http.createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const text = Buffer.concat(chunks).toString("utf8");
    heard.push({ path: request.url, headers: request.headers, text });
    response.writeHead(answers.shift() ?? 204, { "retry-after": "1" }).end();
  });
});

before(async () => {
  await new Promise((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  await rig.prepare();
  await rig.startBroker();
});
after(async () => {
  await rig.end();
  receiver.closeAllConnections();
  receiver.close();
  rig.remove();
});

/// One alert to one receiver, the first attempt refused, and its end; what came, and what the recipient's board says.
async function broadcast(format, settings = "") {
  const plain = rig.own.toml;
  rig.own.toml += `\n[gateways.webhook]\nformat = "${format}"\n${settings}\n`;
  await rig.startDaemon();
  rig.own.toml = plain;
  const id = `hook-${format}`;
  const address = `http://127.0.0.1:${receiver.address().port}/${format}`;
  await rig.ok("operator", "PUT", `/recipients/${id}`, recipient(id, { endpoints: [{ channel: "webhook", address, secret }] }));
  answers.push(503);
  const submitted = await rig.ok("submitter", "POST", "/reports", sampleReport());
  const alert = await rig.ok("releaser", "POST", `/reports/${submitted.id}:release`, {});
  const came = (number) => until(`${number} requests`, () => { const all = heard.filter(({ path }) => path === `/${format}`); return all.length >= number && all; });
  await came(2);
  await until("RECEIVED", async () => (await rig.ok("supervisor", "GET", `/alerts/${alert.id}/board`)).counts.RECEIVED === 1);
  await rig.ok("releaser", "POST", `/alerts/${alert.id}:close`, closing);
  const [first, again, end] = await came(3);
  await rig.ok("operator", "DELETE", `/recipients/${id}`);
  assert.equal(await rig.daemon.stop(), 0);
  return { alert, first, again, end };
}

/// Verified before it is read, as a receiver should.
function read({ headers, text }) {
  new Webhook(secret).verify(text, headers);
  const event = HTTP.toEvent({ headers, body: text });
  assert.ok(event.validate());
  return event;
}

function assertEvent(event, kind, type, alert, source) {
  assert.equal(event.specversion, "1.0");
  assert.equal(event.type, type);
  assert.equal(event.source, source);
  assert.equal(event.subject, alert.id);
  assert.equal(event.datacontenttype, "application/json");
  assert.deepEqual([event.data.kind, event.data.alertId, event.data.notice.alertId], [kind, alert.id, alert.id]);
  assert.equal(Date.parse(event.time), Date.parse(event.data.notice.issuedAt));
  assert.deepEqual(JSON.parse(Buffer.from(event.data.jws.split(".")[1], "base64url")), event.data.notice);
  assert.ok(event.data.acknowledgeUrl.startsWith(`${rig.ready.api}/callbacks/`));
}

test("in structured mode the whole event is the body, signed, and the same when it is sent again", async () => {
  const { alert, first, again, end } = await broadcast("cloudevents");
  assert.ok(HTTP.isEvent({ headers: first.headers, body: first.text }));
  assert.equal(first.headers["content-type"], "application/cloudevents+json");
  assert.equal(first.headers["ce-id"], undefined);
  const event = read(again);
  assertEvent(event, "ALERT", "tuanyuan.v1.exercise.released", alert, rig.ready.api);
  assert.equal(event.id, again.headers["webhook-id"]);
  assert.equal(first.text, again.text);
  assert.throws(() => new Webhook(secret).verify(again.text.replace("exercise.released", "alert.released"), again.headers));
  const closed = read(end);
  assertEvent(closed, "CLOSE", "tuanyuan.v1.exercise.closed", alert, rig.ready.api);
  assert.notEqual(closed.id, event.id);
});

test("in binary mode the body is that of every webhook, and the header fields say which event it is", async () => {
  const { alert, first, again, end } = await broadcast("cloudevents-binary", 'source = "https://tuanyuan.example/shenyang"');
  assert.equal(again.headers["content-type"], "application/json");
  assert.deepEqual(Object.keys(JSON.parse(again.text)), ["kind", "alertId", "revision", "step", "notice", "jws", "acknowledgeUrl"]);
  const event = read(again);
  assertEvent(event, "ALERT", "tuanyuan.v1.exercise.released", alert, "https://tuanyuan.example/shenyang");
  assert.equal(event.id, again.headers["webhook-id"]);
  assert.equal(first.headers["ce-id"], again.headers["ce-id"]);
  assertEvent(read(end), "CLOSE", "tuanyuan.v1.exercise.closed", alert, "https://tuanyuan.example/shenyang");
});
