// Whether our simulator of FCM is one, in the eyes of Google's own client.
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { after, before, test } from "node:test";
import google from "@googleapis/fcm";
import { FcmSimulator } from "./fcm_simulator.mjs";

const [project, email, keyId] = ["tuanyuan-test", "duty@tuanyuan-test.example.org", "k1"];
const makePair = () => generateKeyPairSync("rsa", { modulusLength: 2048, publicKeyEncoding: { type: "spki", format: "pem" }, privateKeyEncoding: { type: "pkcs8", format: "pem" } });
const pair = makePair();
const googles = "https://www.googleapis.com/oauth2/v4/token"; // where the client asks for tokens, whatever it is told
let simulator;

before(async () => { simulator = await new FcmSimulator({ publicKey: pair.publicKey, email, project, keyId, audiences: [googles] }).listen(); });
after(() => simulator.close());

function client(changes = {}) {
  const auth = new google.auth.JWT({ email, key: pair.privateKey, scopes: ["https://www.googleapis.com/auth/firebase.messaging"], ...changes });
  const ask = auth.transporter.request.bind(auth.transporter);
  auth.transporter.request = (options) => ask(options.url === googles ? { ...options, url: `${simulator.base}/token` } : options);
  return google.fcm({ version: "v1", auth, rootUrl: `${simulator.base}/`, retry: false });
}
const send = (by, message) => by.projects.messages.send({ parent: `projects/${project}`, requestBody: { message } });

test("Google's client gets a token, and pushes", async () => {
  const phone = simulator.device("phone-1");
  const by = client();
  for (const body of ["one", "two"]) {
    const { status, data } = await send(by, { token: "phone-1", notification: { title: "寻人", body }, data: { alertId: "A1" }, android: { priority: "HIGH", ttl: "3600s", collapseKey: "A1", notification: { tag: "A1", channelId: "amber" } } });
    assert.equal(status, 200);
    assert.match(data.name, /^projects\/tuanyuan-test\/messages\/\d+$/);
  }
  assert.equal(simulator.asked, 1);
  assert.equal(phone.heard.length, 2);
  assert.deepEqual([...phone.shown.values()].map((one) => one.notification.body), ["two"]);
});

test("Google's client pushes to all who have joined", async () => {
  const by = client();
  const [north, south, none] = ["north", "south", "none"].map((name) => simulator.device(name));
  north.topics.add("county-1").add("drivers");
  south.topics.add("county-2").add("drivers");
  for (const target of [{ topic: "county-1" }, { condition: "'drivers' in topics && ('county-2' in topics || 'county-3' in topics)" }]) {
    assert.equal((await send(by, { ...target, notification: { title: "寻人", body: "one" } })).status, 200);
  }
  assert.deepEqual([north, south, none].map(({ heard }) => heard.length), [1, 1, 0]);
  for (const wrong of [{ topic: "a b" }, { topic: "/topics/a" }, { condition: "a" }, { topic: "a", token: "north" }, { topic: "a", notification: { body: "x".repeat(2048) } }]) {
    await assert.rejects(send(by, wrong), ({ response }) => response.data.error.details[0].errorCode === "INVALID_ARGUMENT");
  }
});

test("Google's client takes the refusals for what they are", async () => {
  const by = client();
  simulator.device("phone-busy");
  simulator.mischief = ({ token }) => (token === "phone-busy" ? { status: 429, code: "QUOTA_EXCEEDED", headers: { "retry-after": "7" } } : undefined);
  for (const [message, status, code] of [
    [{ token: "nobody" }, 404, "UNREGISTERED"],
    [{ token: "phone-1", data: { number: 7 } }, 400, "INVALID_ARGUMENT"],
    [{ token: "phone-1", notification: { body: "x".repeat(4096) } }, 400, "INVALID_ARGUMENT"],
    [{ token: "phone-busy" }, 429, "QUOTA_EXCEEDED"],
  ]) {
    await assert.rejects(send(by, message), ({ response }) => {
      assert.equal(response.status, status);
      assert.equal(response.data.error.details[0].errorCode, code);
      return true;
    });
  }
});

test("another's key gets no token", async () => {
  await assert.rejects(send(client({ key: makePair().privateKey }), { token: "phone-1" }), /invalid_grant/);
});
