// Recipients by an app on their handsets, through the push services of the handsets' makers. None has a server to test with: this
// simulator of ours judges each request by what is known of them, with Node's own crypto, and npm's jose for HarmonyOS' token.
import assert from "node:assert/strict";
import { createHash, generateKeyPairSync, randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import http from "node:http";
import path from "node:path";
import { after, before, test } from "node:test";
import * as jose from "jose";
import { closing, recipient } from "./calls.mjs";
import { Rig, until } from "./rig.mjs";
import { sampleReport } from "./system.mjs";

const rig = new Rig();
const pair = generateKeyPairSync("rsa", { modulusLength: 2048, publicKeyEncoding: { type: "spki", format: "pem" }, privateKeyEncoding: { type: "pkcs8", format: "pem" } });
const kinds = ["hms", "harmony", "honor", "xiaomi", "oppo", "vivo"];
/// What each has been asked, the answers it is to give before it does well, and the tokens it has given.
const state = Object.fromEntries(kinds.map((kind) => [kind, { pushes: [], script: [], tokens: [], messages: new Set() }]));
const characters = (text) => [...text].length;
const near = (milliseconds) => assert.ok(Math.abs(Date.now() - Number(milliseconds)) < 600_000, "a time of today, in milliseconds");

function push(kind, request, address, title, text, extras) {
  const told = { address, title, text, extras, message: request.headers["x-message-id"] };
  assert.match(told.message, /^[0-9a-f]{10,64}$/);
  assert.equal(extras.acknowledgeUrl.startsWith(`${rig.ready.api}/callbacks/`), true);
  state[kind].messages.add(told.message);
  state[kind].pushes.push(told);
}
/// A client credentials grant (RFC 6749, section 4.4.2).
function grant(kind) {
  return (request, raw) => {
    assert.equal(request.headers["content-type"], "application/x-www-form-urlencoded");
    assert.deepEqual(Object.fromEntries(new URLSearchParams(raw)), { grant_type: "client_credentials", client_id: `${kind} client`, client_secret: `${kind}&s=1` });
    state[kind].tokens.push(`${randomUUID()}==`);
    return [200, { access_token: state[kind].tokens.at(-1), expires_in: 3600, token_type: "Bearer" }];
  };
}
/// The scripted answer, or that the token is none.
function objection(kind, token, refusal) {
  const next = state[kind].script.shift();
  if (next === "forget") state[kind].tokens.push("another");
  else if (next) return next;
  return token === state[kind].tokens.at(-1) ? null : refusal;
}

const routes = {
  "POST /huawei/token": grant("hms"),
  "POST /honor/token": grant("honor"),
  "POST /v1/h%20app/messages:send"(request, raw) {
    const refused = objection("hms", request.headers.authorization?.replace(/^Bearer /, ""), [401, { code: "80200003", msg: "OAuth token expired" }]);
    if (refused) return refused;
    const { validate_only: dry, message } = JSON.parse(raw);
    assert.equal(dry, false);
    const { token, ...rest } = message;
    assert.ok(Buffer.byteLength(JSON.stringify(rest)) <= 4096, "4,096 bytes beside the tokens");
    assert.equal(message.android.urgency, "HIGH");
    assert.match(message.android.ttl, /^[1-9]\d*s$/);
    assert.deepEqual(message.android.notification.click_action, { type: 3 });
    push("hms", request, token[0], message.android.notification.title, message.android.notification.body, JSON.parse(message.data));
    return [200, { code: "80000000", msg: "Success", requestId: "1" }];
  },
  async "POST /v3/project1/messages:send"(request, raw) {
    const scripted = state.harmony.script.shift();
    if (scripted) return scripted;
    const token = request.headers.authorization.replace(/^Bearer /, "");
    const key = await jose.importSPKI(pair.publicKey, "PS256");
    const { protectedHeader, payload } = await jose.jwtVerify(token, key, { issuer: "sub1", audience: "https://oauth-login.cloud.huawei.com/oauth2/v3/token", algorithms: ["PS256"], maxTokenAge: "1h" });
    assert.deepEqual([protectedHeader.kid, protectedHeader.typ], ["kid1", "JWT"]);
    assert.ok(payload.exp - payload.iat <= 3600);
    state.harmony.tokens.push(token);
    assert.equal(request.headers["push-type"], "0");
    const { payload: shown, target, pushOptions } = JSON.parse(raw);
    assert.ok(Number.isInteger(pushOptions.ttl) && Number.isInteger(shown.notification.notifyId));
    assert.equal(shown.notification.category, "WORK");
    assert.equal(shown.notification.clickAction.actionType, 0);
    push("harmony", request, target.token[0], shown.notification.title, shown.notification.body, shown.notification.clickAction.data);
    return [200, { code: "80000000", msg: "Success", requestId: "1" }];
  },
  "POST /api/v1/honorapp/sendMessage"(request, raw) {
    const refused = objection("honor", request.headers.authorization?.replace(/^Bearer /, ""), [401, { code: 80200003, message: "token" }]);
    if (refused) return refused;
    near(request.headers.timestamp);
    const { token, android, data } = JSON.parse(raw);
    push("honor", request, token[0], android.notification.title, android.notification.body, JSON.parse(data));
    return [200, { code: 200, message: "success", data: { sendResult: true, requestId: "1", failTokens: [], expireTokens: [] } }];
  },
  "POST /v3/message/regid"(request, raw) {
    const scripted = state.xiaomi.script.shift();
    if (scripted) return scripted;
    assert.equal(request.headers.authorization, "key=xiaomi&s=1");
    const form = Object.fromEntries(new URLSearchParams(raw));
    assert.equal(form.restricted_package_name, "org.example.app");
    assert.equal(form.pass_through, "0");
    assert.equal(form["extra.channel_id"], "amber");
    assert.ok(form.title && characters(form.title) < 50 && form.description && characters(form.description) < 128);
    assert.ok(Number(form.time_to_live) >= 60_000);
    push("xiaomi", request, form.registration_id, form.title, form.description, JSON.parse(form.payload));
    return [200, { result: "ok", code: 0, data: { id: "1" } }];
  },
  "POST /server/v1/auth"(request, raw) {
    const { app_key: key, timestamp, sign } = Object.fromEntries(new URLSearchParams(raw));
    near(timestamp);
    assert.equal(sign, createHash("sha256").update(`${key}${timestamp}oppo&s=1`).digest("hex"));
    state.oppo.tokens.push(`${randomUUID()}+/=`);
    return [200, { code: 0, message: "", data: { auth_token: state.oppo.tokens.at(-1), create_time: String(Date.now()) } }];
  },
  "POST /server/v1/message/notification/unicast"(request, raw) {
    const form = Object.fromEntries(new URLSearchParams(raw));
    const refused = objection("oppo", form.auth_token, [200, { code: 11, message: "Invalid AuthToken" }]);
    if (refused) return refused;
    const { target_type: type, target_value: to, notification } = JSON.parse(form.message);
    assert.equal(type, 2);
    assert.equal(notification.off_line, true);
    assert.ok(characters(notification.title) <= 50 && characters(notification.content) <= 50);
    push("oppo", request, to, notification.title, notification.content, JSON.parse(notification.action_parameters));
    return [200, { code: 0, message: "Success", data: { messageId: "1" } }];
  },
  "POST /message/auth"(request, raw) {
    const { appId, appKey, timestamp, sign } = JSON.parse(raw);
    near(timestamp);
    assert.equal(sign, createHash("md5").update(`${appId}${appKey}${timestamp}vivo&s=1`).digest("hex"));
    state.vivo.tokens.push(randomUUID());
    return [200, { result: 0, desc: "ok", authToken: state.vivo.tokens.at(-1) }];
  },
  "POST /message/send"(request, raw) {
    const refused = objection("vivo", request.headers.authtoken, [200, { result: 10000, desc: "authToken" }]);
    if (refused) return refused;
    const body = JSON.parse(raw);
    assert.ok(characters(body.title) <= 20 && characters(body.content) <= 50, "20 and 50 characters");
    assert.ok(body.requestId.length <= 64);
    assert.deepEqual([body.notifyType, body.skipType, body.pushMode, body.classification, body.category], [4, 1, 0, 1, "ACCOUNT"]);
    push("vivo", request, body.regId, body.title, body.content, body.clientCustomMap);
    return [200, { result: 0, desc: "ok", taskId: "1" }];
  },
};

const failures = [];
const vendors = http.createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", async () => {
    try {
      const answer = await routes[`${request.method} ${request.url}`](request, Buffer.concat(chunks).toString("utf8"));
      response.writeHead(answer[0], { "content-type": "application/json" }).end(JSON.stringify(answer[1]));
    } catch (failure) {
      failures.push(failure);
      response.writeHead(400).end();
    }
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
  const sections = {
    hms: `app_id = "h app"\nclient_id = "hms client"\ntoken_url = "${base}/huawei/token"\nclient_secret = "${secret("hms", "hms&s=1")}"`,
    harmony: `project_id = "project1"\nkey_id = "kid1"\nsub_account = "sub1"\ncategory = "WORK"\nprivate_key = "${secret("harmony", pair.privateKey)}"`,
    honor: `app_id = "honorapp"\nclient_id = "honor client"\ntoken_url = "${base}/honor/token"\nclient_secret = "${secret("honor", "honor&s=1")}"`,
    xiaomi: `package = "org.example.app"\nchannel_id = "amber"\napp_secret = "${secret("xiaomi", "xiaomi&s=1")}"`,
    oppo: `app_key = "okey"\nmaster_secret = "${secret("oppo", "oppo&s=1")}"`,
    vivo: `app_id = "10004"\napp_key = "vkey"\ncategory = "ACCOUNT"\napp_secret = "${secret("vivo", "vivo&s=1")}"`,
  };
  for (const [kind, text] of Object.entries(sections)) rig.own.toml += `\n[gateways.${kind}]\nenabled = true\nbase = "${base}"\n${text}\n`;
  await rig.startBroker();
  await rig.startDaemon();
});
after(async () => {
  await rig.end();
  vendors.closeAllConnections();
  vendors.close();
  rig.remove();
});

async function release() {
  const submitted = await rig.ok("submitter", "POST", "/reports", sampleReport());
  return { submitted, alert: await rig.ok("releaser", "POST", `/reports/${submitted.id}:release`, {}) };
}
const heard = (kind, word) => until(`${word} by ${kind}`, () => {
  if (failures.length) throw failures[0];
  return state[kind].pushes.find(({ extras }) => extras.kind === word);
});

test("each maker's handsets hear the alert and its end, and answer by the link", async () => {
  for (const kind of kinds) await rig.ok("operator", "PUT", `/recipients/app-${kind}`, recipient(`app-${kind}`, { endpoints: [{ channel: kind, address: `${kind}/reg+1=` }] }));
  const { submitted, alert } = await release();
  for (const kind of kinds) {
    const told = await heard(kind, "ALERT");
    assert.equal(told.address, `${kind}/reg+1=`);
    assert.ok(told.title.startsWith("【演练】"), told.title);
    assert.ok(told.text.includes(submitted.report.child.name), told.text);
    assert.deepEqual([told.extras.alertId, told.extras.revision], [alert.id, 1]);
  }
  const before = await rig.ok("supervisor", "GET", `/alerts/${alert.id}/board`);
  assert.equal(before.counts.RECEIVED, 0, "what a maker's service has is on no handset yet");
  const { extras } = await heard("vivo", "ALERT");
  for (const said of ["&status=answered", "&key=1"]) {
    const answer = await rig.call(null, "POST", extras.acknowledgeUrl.replace(rig.ready.api, "") + said);
    assert.equal(answer.status, 200, JSON.stringify(answer));
  }
  assert.equal((await rig.ok("supervisor", "GET", `/alerts/${alert.id}/board`)).counts.CONFIRMED, 1);
  await rig.ok("releaser", "POST", `/alerts/${alert.id}:close`, closing);
  for (const kind of kinds) assert.ok((await heard(kind, "CLOSE")).title.includes("结束"));
  for (const kind of kinds) {
    assert.equal(state[kind].pushes.length, 2, kind);
    assert.equal(state[kind].messages.size, 2, kind);
    assert.equal(new Set(state[kind].tokens).size, kind === "xiaomi" ? 0 : 1, `${kind}: one token for all`);
  }
});

test("a token that is refused is had anew, a busy service asked again, and a handset that is gone left alone", async () => {
  for (const kind of kinds) state[kind].pushes.length = 0;
  const asked = Object.fromEntries(kinds.map((kind) => [kind, state[kind].tokens.length]));
  for (const kind of ["hms", "honor", "oppo", "vivo"]) state[kind].script.push("forget");
  state.harmony.script.push([200, { code: "81000001", msg: "System inner error" }]);
  state.xiaomi.script.push([200, { result: "error", code: 20301, reason: "no valid target" }]);
  const { alert } = await release();
  for (const kind of kinds.filter((each) => each !== "xiaomi")) await heard(kind, "ALERT");
  for (const kind of ["hms", "honor", "oppo", "vivo"]) assert.equal(state[kind].tokens.length, asked[kind] + 2, `${kind}: one more, and the one that it made up`);
  assert.equal(state.xiaomi.pushes.length, 0, "nobody is there");
  await rig.ok("releaser", "POST", `/alerts/${alert.id}:close`, closing);
  for (const kind of kinds.filter((each) => each !== "xiaomi")) await heard(kind, "CLOSE");
  assert.equal(state.xiaomi.script.length, 0, "it was asked");
  assert.deepEqual(failures, []);
});
