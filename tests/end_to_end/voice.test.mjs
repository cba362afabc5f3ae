// Recipients by telephone. Platforms that dial have no common interface and none to test with: this one of ours takes what
// voice_channel.hpp describes, and calls back as it says.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import http from "node:http";
import path from "node:path";
import { after, before, test } from "node:test";
import { closing, recipient } from "./calls.mjs";
import { Rig, until } from "./rig.mjs";
import { sampleReport } from "./system.mjs";

const rig = new Rig();
const calls = [];
const platform = http.createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    assert.equal(request.headers.authorization, "Bearer the-platforms-token");
    calls.push(JSON.parse(Buffer.concat(chunks).toString("utf8")));
    response.writeHead(202).end();
  });
});

before(async () => {
  await new Promise((resolve) => platform.listen(0, "127.0.0.1", resolve));
  await rig.prepare();
  const token = path.join(rig.state, "voice.token");
  writeFileSync(token, "the-platforms-token\n", { mode: 0o600 });
  rig.own.toml += `\n[gateways.voice]\nenabled = true\nbase = "http://127.0.0.1:${platform.address().port}/calls"\ntoken = "${token}"\n`;
  await rig.startBroker();
  await rig.startDaemon();
});
after(async () => {
  await rig.end();
  platform.close();
  rig.remove();
});

const counts = async (alert) => (await rig.ok("supervisor", "GET", `/alerts/${alert}/board`)).counts;
const counted = (alert, kind, number) => until(`${number} times ${kind}`, async () => (await counts(alert))[kind] === number);
/// What the platform says of a call; without a certificate, as it has none.
const tell = (call, method, query, body, headers) => rig.call(null, method, call.callbackUrl.slice(rig.ready.api.length) + query, body, headers);

test("a call is spoken, and what was heard and pressed counts", async () => {
  await rig.ok("operator", "PUT", "/recipients/voice-station", recipient("voice-station", { endpoints: [{ channel: "voice", address: "024-5550-0101" }] }));
  const submitted = await rig.ok("submitter", "POST", "/reports", sampleReport());
  const alert = await rig.ok("releaser", "POST", `/reports/${submitted.id}:release`, {});
  const call = await until("a call", () => calls[0]);
  assert.equal(call.to, "024-5550-0101");
  assert.equal(call.language, "zh-CN");
  assert.ok(call.speech.startsWith("【演练】") && call.speech.endsWith("请按一键确认。"), call.speech);
  assert.equal((await counts(alert.id)).RECEIVED, 0, "it has not been heard yet");
  assert.equal((await tell(call, "GET", "&status=no-answer")).status, 200);
  assert.equal((await tell(call, "GET", "&status=answered")).status, 200);
  await counted(alert.id, "RECEIVED", 1);
  assert.equal((await counts(alert.id)).CONFIRMED, 0);
  assert.equal((await tell(call, "POST", "", JSON.stringify({ key: 5 }))).status, 200);
  assert.equal((await tell(call, "POST", "", "key=1", { "content-type": "application/x-www-form-urlencoded" })).status, 200);
  await counted(alert.id, "CONFIRMED", 1);
  const forged = { callbackUrl: call.callbackUrl.replace("voice-station", "voice-other") };
  assert.equal((await tell(forged, "GET", "&key=1")).status, 404);

  await rig.ok("releaser", "POST", `/alerts/${alert.id}:close`, closing);
  const end = await until("the end to be called", () => calls.find(({ speech }) => speech.includes("已结束")));
  await tell(end, "POST", "", JSON.stringify({ key: 1 }));
  await counted(alert.id, "REMOVED", 1);
});
