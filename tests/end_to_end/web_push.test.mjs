// Recipients that are browsers, and apps by UnifiedPush: npm's web-push-testing is the push service and the browser in one, which
// verifies who sends and really decrypts; jose looks at the token besides.
import assert from "node:assert/strict";
import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import http from "node:http";
import path from "node:path";
import { after, test } from "node:test";
import * as jose from "jose";
import pushTesting from "web-push-testing/src/PushApiModel.js";
import { recipient, startSystem } from "./calls.mjs";
import { until } from "./rig.mjs";

const pair = generateKeyPairSync("ec", { namedCurve: "P-256", publicKeyEncoding: { type: "spki", format: "pem" }, privateKeyEncoding: { type: "pkcs8", format: "pem" } });
const { x, y } = createPublicKey(pair.publicKey).export({ format: "jwk" });
const applicationServerKey = Buffer.concat([Buffer.from([4]), Buffer.from(x, "base64url"), Buffer.from(y, "base64url")]).toString("base64url");

const model = new pushTesting.PushApiModel();
const seen = [];
let busy = 0;
const service = http.createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", async () => {
    const hash = request.url.replace("/notify/", "");
    const body = Buffer.concat(chunks);
    const one = { hash, headers: request.headers, body, status: 201 };
    const { "content-encoding": encoding, authorization, ttl } = request.headers;
    try {
      if (busy-- > 0) one.status = 429;
      else await model.handleNotification(hash, { encoding, authorization, ttl }, body);
    } catch (error) {
      one.status = error instanceof pushTesting.SubscriptionExpiredError ? 410 : 400;
      one.error = error.message;
    }
    seen.push(one);
    response.writeHead(one.status, one.status === 429 ? { "retry-after": "1" } : {}).end();
  });
});

const { system, release, close } = startSystem(async (system) => {
  await new Promise((resolve) => service.listen(0, "127.0.0.1", resolve));
  model.notifyUrl = `http://127.0.0.1:${service.address().port}/notify/`;
  const key = path.join(system.state, "vapid.pem");
  writeFileSync(key, pair.privateKey, { mode: 0o600 });
  writeFileSync(path.join(system.state, "gateways.toml"), `
[gateways.web_push]
enabled = true
key = "${key}"
subject = "mailto:duty@example.org"
[gateways.unified_push]
enabled = true
`);
  await system.stop();
  await system.start();
});
after(() => { service.closeAllConnections(); service.close(); });

async function subscribe(id, channel = "web_push", options = { userVisibleOnly: "true", applicationServerKey }) {
  const { endpoint, keys, clientHash } = await model.subscribe(options);
  const address = JSON.stringify({ endpoint, expirationTime: null, keys });
  await system.ok("operator", "PUT", `/recipients/${id}`, recipient(id, { endpoints: [{ channel, address }], languages: ["en"] }));
  return { hash: clientHash, heard: () => model.getNotifications({ clientHash }).messages.map((text) => JSON.parse(text)) };
}
const at = (browser) => seen.filter((one) => one.hash === browser.hash);
const remove = (id) => system.ok("operator", "DELETE", `/recipients/${id}`);

test("a browser reads the alert and its end, and nobody in between does", async () => {
  const browser = await subscribe("browser-hotel");
  busy = 1;
  const { submitted, alert } = await release();
  const heard = await until("the alert", () => browser.heard()[0]);
  assert.deepEqual([heard.kind, heard.status, heard.alertId, heard.revision, heard.step], ["ALERT", "EXERCISE", alert.id, 1, 0]);
  assert.match(heard.title, /^\[EXERCISE\] Missing child/);
  assert.ok(heard.body.includes(submitted.report.child.name));
  const [refused, first] = at(browser);
  assert.deepEqual([refused.status, first.status], [429, 201]);
  assert.equal(refused.body.equals(first.body), false, "another key and salt for each");
  assert.equal(refused.headers["x-message-id"], first.headers["x-message-id"]);
  assert.equal(first.headers.urgency, "high");
  assert.ok(Number(first.headers.ttl) > 0);
  assert.match(first.headers.topic, /^[-_A-Za-z0-9]{1,32}$/);
  assert.ok(first.body.length <= 4096);
  assert.equal(JSON.stringify(first.headers).includes(alert.id), false);
  const [, token, k] = first.headers.authorization.match(/^vapid t=([^,]+), k=(.+)$/);
  assert.equal(k, applicationServerKey);
  const { payload } = await jose.jwtVerify(token, await jose.importSPKI(pair.publicKey, "ES256"), { audience: new URL(model.notifyUrl).origin, subject: "mailto:duty@example.org" });
  assert.ok(payload.exp * 1000 - Date.now() <= 86_400_000);

  const board = async () => (await system.ok("supervisor", "GET", `/alerts/${alert.id}/board`)).counts;
  assert.equal((await board()).RECEIVED ?? 0, 0, "the push service has it; whether the browser has, nobody says");
  const link = heard.acknowledgeUrl.replace(system.ready.api, "");
  for (const [said, kind] of [["&status=answered", "RECEIVED"], ["&key=1", "CONFIRMED"]]) {
    assert.equal((await system.call(null, "POST", link + said)).status, 200);
    assert.equal((await board())[kind], 1);
  }
  await close(alert.id);
  const end = await until("the end", () => browser.heard()[1]);
  assert.equal(end.kind, "CLOSE");
  assert.notEqual(end.id, heard.id);
  assert.equal(JSON.stringify(end).includes(submitted.report.child.name), false, "nothing of the child");
  assert.equal(at(browser).at(-1).headers.topic, first.headers.topic, "in its place, where it still waits");
  await remove("browser-hotel");
});

test("a subscription that is gone is asked once for each notice", async () => {
  const browser = await subscribe("browser-gone");
  model.expireSubscription(browser.hash);
  const { alert } = await release();
  await until("the attempt", () => at(browser).length === 1);
  const other = await subscribe("browser-here");
  await close(alert.id);
  await release().then(({ alert: { id } }) => until("the other", () => other.heard()[0]).then(() => close(id)));
  assert.deepEqual(at(browser).filter((one) => one.status !== 410), []);
  const ids = at(browser).map((one) => one.headers["x-message-id"]);
  assert.equal(new Set(ids).size, ids.length);
  await remove("browser-gone");
  await remove("browser-here");
});

test("an app by UnifiedPush reads the same, from a sender that has no key", async () => {
  const app = await subscribe("app-checkpoint", "unified_push", {});
  const { alert } = await release();
  const heard = await until("the alert", () => app.heard()[0]);
  assert.equal(heard.alertId, alert.id);
  assert.equal(at(app)[0].headers.authorization, undefined);
  await close(alert.id);
  await until("the end", () => app.heard()[1]);
  assert.deepEqual(seen.filter((one) => one.error && one.status !== 410), []);
  await remove("app-checkpoint");
});
