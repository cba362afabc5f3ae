// Recipients by an app on their handsets, through JPush and Getui. Neither vendor has a server to test with: these
// simulators of ours judge each request by what the vendors' documents say, with Node's own crypto.
import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import http from "node:http";
import path from "node:path";
import { after, before, test } from "node:test";
import { closing, recipient } from "./calls.mjs";
import { Rig, until } from "./rig.mjs";
import { sampleReport } from "./system.mjs";

const rig = new Rig();
const jpush = { pushes: [], cids: new Set(), answered: new Map(), script: [], asked: 0 };
const getui = { pushes: [], tokens: [], script: [] };

const routes = {
  "GET /v3/push/cid"(request) {
    assert.equal(request.headers.authorization, `Basic ${Buffer.from("jkey:jsecret").toString("base64")}`);
    jpush.asked += 1;
    const cidlist = Array.from({ length: 1000 }, () => `jkey-${randomUUID()}`);
    for (const cid of cidlist) jpush.cids.add(cid);
    return [200, { cidlist }];
  },
  "POST /v3/push"(request, body, raw) {
    assert.equal(request.headers.authorization, `Basic ${Buffer.from("jkey:jsecret").toString("base64")}`);
    assert.ok(jpush.cids.has(body.cid), "a cid that JPush has given");
    assert.ok(Buffer.byteLength(JSON.stringify(body.notification.ios)) <= 2000, "Apple's share");
    assert.ok(Buffer.byteLength(JSON.stringify(body.notification.android)) <= 4000, "Android's share");
    assert.ok(raw.length && Number.isInteger(body.options.time_to_live) && body.options.time_to_live <= 864000);
    jpush.pushes.push(body);
    // Done, though the first time nobody hears of it: by the same cid it must not be done again.
    const first = !jpush.answered.has(body.cid);
    if (first) jpush.answered.set(body.cid, { sendno: "0", msg_id: String(1000 + jpush.answered.size) });
    const code = jpush.script.shift();
    if (code === "silence") return null;
    if (code) return [400, { error: { code, message: "no" } }];
    return [200, jpush.answered.get(body.cid)];
  },
  "POST /v2/appid/auth"(request, body) {
    const sign = createHash("sha256").update(`gkey${body.timestamp}gsecret`).digest("hex");
    assert.equal(body.sign, sign);
    assert.ok(Math.abs(Date.now() - Number(body.timestamp)) < 600_000);
    getui.tokens.push(randomUUID());
    return [200, { code: 0, msg: "success", data: { expire_time: String(Date.now() + 86_400_000), token: getui.tokens.at(-1) } }];
  },
  "POST /v2/appid/push/single/cid"(request, body) {
    if (getui.script.shift() === "forget") getui.tokens.push("another");
    if (request.headers.token !== getui.tokens.at(-1)) return [200, { code: 10001, msg: "token error" }];
    assert.match(body.request_id, /^[0-9a-f]{10,32}$/);
    getui.pushes.push(body);
    return [200, { code: 0, msg: "success", data: { task: { [body.audience.cid[0]]: "successed_online" } } }];
  },
};

const vendors = http.createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const raw = Buffer.concat(chunks);
    const route = routes[`${request.method} ${request.url.split("?")[0]}`];
    const answer = route(request, raw.length ? JSON.parse(raw.toString("utf8")) : undefined, raw);
    if (!answer) return request.socket.destroy();
    response.writeHead(answer[0], { "content-type": "application/json" }).end(JSON.stringify(answer[1]));
  });
});

before(async () => {
  await new Promise((resolve) => vendors.listen(0, "127.0.0.1", resolve));
  await rig.prepare();
  const secret = (name, text) => {
    const file = path.join(rig.state, name);
    writeFileSync(file, `${text}\n`, { mode: 0o600 });
    return file;
  };
  const base = `http://127.0.0.1:${vendors.address().port}`;
  rig.own.toml += `
[gateways.jpush]
enabled = true
base = "${base}"
app_key = "jkey"
master_secret = "${secret("jpush", "jsecret")}"
[gateways.getui]
enabled = true
base = "${base}/v2"
app_id = "appid"
app_key = "gkey"
master_secret = "${secret("getui", "gsecret")}"
`;
  await rig.startBroker();
  await rig.startDaemon();
});
after(async () => {
  await rig.end();
  vendors.closeAllConnections();
  vendors.close();
  rig.remove();
});

const carry = (id, channel, address) => rig.ok("operator", "PUT", `/recipients/${id}`, recipient(id, { endpoints: [{ channel, address }] }));
async function release() {
  const submitted = await rig.ok("submitter", "POST", "/reports", sampleReport());
  return { submitted, alert: await rig.ok("releaser", "POST", `/reports/${submitted.id}:release`, {}) };
}

test("JPush is asked again with the same cid, so that nothing comes twice, and the end follows", async () => {
  jpush.script.push("silence", 1030, 0); // no answer; timed out within; then well
  await carry("app-hotel", "jpush", "tag:hotels");
  const { submitted, alert } = await release();
  await until("three attempts", () => jpush.pushes.length === 3);
  assert.equal(new Set(jpush.pushes.map(({ cid }) => cid)).size, 1);
  assert.equal(jpush.answered.size, 1);
  const [push] = jpush.pushes;
  assert.deepEqual(push.audience, { tag: ["hotels"] });
  assert.ok(push.notification.android.title.startsWith("【演练】"));
  assert.ok(push.notification.ios.alert.body.includes(submitted.report.child.name));
  assert.equal(push.notification.ios.extras.alertId, alert.id);
  await rig.ok("releaser", "POST", `/alerts/${alert.id}:close`, closing);
  const end = await until("the end", () => jpush.pushes.find(({ notification }) => notification.ios.extras.kind === "CLOSE"));
  assert.notEqual(end.cid, push.cid);
  assert.equal(jpush.asked, 1, "a thousand at a time");
  const board = await rig.ok("supervisor", "GET", `/alerts/${alert.id}/board`);
  assert.equal(board.counts.RECEIVED, 0, "what JPush has is on no handset yet");
  await rig.ok("operator", "DELETE", "/recipients/app-hotel");
});

test("Getui gets a token by the signed secret, and another when it no longer knows it", async () => {
  getui.script.push("forget");
  await carry("app-station", "getui", "c1d2");
  const { alert } = await release();
  const push = await until("the push", () => getui.pushes[0]);
  assert.equal(getui.pushes.length, 1);
  assert.equal(getui.tokens.filter((token) => token !== "another").length, 2);
  assert.deepEqual(push.audience, { cid: ["c1d2"] });
  assert.ok(push.push_message.notification.title.startsWith("【演练】"));
  assert.ok(push.push_message.notification.body.length <= 256);
  assert.ok(push.settings.ttl > 0 && push.settings.ttl <= 259_200_000);
  const payload = JSON.parse(push.push_message.notification.payload);
  assert.equal(payload.alertId, alert.id);
  const said = await rig.call(null, "POST", payload.acknowledgeUrl.replace(rig.ready.api, ""));
  assert.equal(said.status, 200, "and the app answers by it");
  const board = await rig.ok("supervisor", "GET", `/alerts/${alert.id}/board`);
  assert.equal(board.counts.CONFIRMED, 1);
  await rig.ok("releaser", "POST", `/alerts/${alert.id}:close`, closing);
  await until("the end", () => getui.pushes.some(({ push_message }) => push_message.notification.title.includes("已结束")));
});
