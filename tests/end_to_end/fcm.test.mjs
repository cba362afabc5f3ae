// Recipients that are phones by FCM: what our daemon says to Google, judged by a simulator that Google's own client has admitted
// (fcm_simulator.test.mjs); it verifies by jose what the access token is asked for with.
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, test } from "node:test";
import { pathsOf, recipient, startSystem } from "./calls.mjs";
import { FcmSimulator } from "./fcm_simulator.mjs";
import { until } from "./rig.mjs";

const [project, email, keyId] = ["tuanyuan-test", "duty@tuanyuan-test.example.org", "k1"];
const pair = generateKeyPairSync("rsa", { modulusLength: 2048, publicKeyEncoding: { type: "spki", format: "pem" }, privateKeyEncoding: { type: "pkcs8", format: "pem" } });
let fcm;

const { system, release, close } = startSystem(async (system) => {
  const file = path.join(system.state, "fcm-simulator");
  const made = await system.run("tuanyuanctl", ["pki", "server", path.dirname(system.ready.ca), "localhost", "--out", file]);
  assert.equal(made.status, 0, made.stderr);
  fcm = await new FcmSimulator({ publicKey: pair.publicKey, email, project, keyId }).listen({ key: readFileSync(`${file}.key`), cert: readFileSync(`${file}.crt`) });
  const account = path.join(system.state, "service-account.json");
  writeFileSync(account, JSON.stringify({ type: "service_account", project_id: project, private_key_id: keyId, private_key: pair.privateKey, client_email: email, token_uri: `${fcm.base}/token` }, null, 2), { mode: 0o600 });
  writeFileSync(path.join(system.state, "gateways.toml"), `
[gateways.fcm]
enabled = true
base = "${fcm.base}"
service_account = "${account}"
android_channel = "amber"
`);
  await system.stop();
  await system.start();
});
after(() => fcm?.close());

async function subscribe(id) {
  const phone = fcm.device(`token:${id}`);
  await system.ok("operator", "PUT", `/recipients/${id}`, recipient(id, { endpoints: [{ channel: "fcm", address: `token:${id}` }], languages: ["en"] }));
  return phone;
}
const remove = (...ids) => Promise.all(ids.map((id) => system.ok("operator", "DELETE", `/recipients/${id}`)));

test("an alert and its end are one notification on the phone, by one access token over HTTP/2", async () => {
  const phones = [];
  for (let index = 0; index < 20; ++index) phones.push(await subscribe(`android-${index}`));
  const { submitted, alert } = await release();
  await until("the alerts", () => phones.every(({ heard }) => heard.length === 1));
  const [{ heard: [heard] }] = phones;
  assert.match(heard.notification.title, /^\[EXERCISE\] Missing child/);
  assert.ok(heard.notification.body.includes(submitted.report.child.name));
  assert.deepEqual([heard.data.alertId, heard.data.revision, heard.data.kind], [alert.id, "1", "ALERT"]);
  assert.equal(heard.android.notification.channel_id, "amber");
  assert.equal(fcm.asked, 1);
  assert.deepEqual([...new Set(fcm.requests.map(({ version }) => version))], ["2.0"]);
  const board = async () => (await system.ok("supervisor", "GET", `/alerts/${alert.id}/board`)).counts;
  assert.equal((await board()).RECEIVED ?? 0, 0, "Google has it; whether the phone has, nobody says");
  const link = heard.data.acknowledgeUrl.replace(system.ready.api, "");
  assert.equal((await system.call(null, "POST", `${link}&key=1`)).status, 200);
  assert.equal((await board()).CONFIRMED, 1);
  await close(alert.id);
  await until("the ends", () => phones.every(({ heard: all }) => all.length === 2));
  for (const { shown } of phones) assert.deepEqual([...shown.values()].map(({ data }) => data.kind), ["CLOSE"]);
  assert.equal(JSON.stringify([...phones[0].shown.values()]).includes(submitted.report.child.name), false, "nothing of the child");
  await remove(...phones.map((_, index) => `android-${index}`));
});

test("who is gone is not asked again, a busy hour and a token that has lapsed lose nobody", async () => {
  const gone = await subscribe("android-gone");
  gone.alive = false;
  const busy = await subscribe("android-busy");
  const days = [{ status: 429, code: "QUOTA_EXCEEDED", headers: { "retry-after": "1" } }, { status: 503, code: "UNAVAILABLE", headers: { "retry-after": "1" } }];
  fcm.mischief = ({ token }) => (token === "token:android-busy" ? days.shift() : undefined);
  fcm.issued.push("another"); // what the daemon has is good no more
  const { alert } = await release();
  await until("the alert", () => busy.heard.length === 1);
  const of = (id) => fcm.requests.filter(({ message }) => message?.token === `token:${id}`).map(({ status }) => status);
  assert.deepEqual(of("android-busy"), [429, 503, 200]);
  await until("the refusal", () => of("android-gone").length === 1);
  assert.equal(fcm.asked, 2);
  await close(alert.id);
  await until("the end", () => busy.heard.length === 2);
  assert.deepEqual([...new Set(of("android-gone"))], [404]);
  assert.ok(fcm.requests.some(({ status }) => status === 401));
  await remove("android-gone", "android-busy");
});

test("a county's phones hear by one request, and an address that is none is refused by its field", async () => {
  const phones = ["north-1", "north-2", "south-1"].map((token) => fcm.device(token));
  for (const phone of phones) phone.topics.add("drivers");
  for (const phone of phones.slice(0, 2)) phone.topics.add("div-210102");
  const addressed = (address) => recipient("county", { endpoints: [{ channel: "fcm", address }], languages: ["en"] });
  for (const wrong of ["topic:a b", "tag:a", "condition:'a' in topics && !('b' in topics)"]) {
    const answer = await system.call("operator", "PUT", "/recipients/county", addressed(wrong));
    assert.equal(answer.status, 422);
    assert.deepEqual(pathsOf(answer), ["endpoints[0].address"]);
    assert.equal(JSON.stringify(answer.body).includes(wrong), false);
  }
  const to = (target) => fcm.requests.filter(({ message }) => message?.topic === target || message?.condition === target);
  await system.ok("operator", "PUT", "/recipients/county", addressed("topic:div-210102"));
  const first = await release();
  await until("the alerts", () => phones[0].heard.length === 1 && phones[1].heard.length === 1);
  assert.equal(to("div-210102").length, 1);
  const [heard] = phones[0].heard;
  assert.ok(heard.notification.body.includes(first.submitted.report.child.name));
  assert.equal(heard.data.acknowledgeUrl, undefined, "nobody answers for a county");

  const both = "'drivers' in topics && ('div-210103' in topics || 'div-210102' in topics)";
  await system.ok("operator", "PUT", "/recipients/county", addressed(`condition:${both}`));
  await close(first.alert.id);
  await until("the ends", () => phones[1].heard.length === 2);
  assert.deepEqual([to("div-210102").length, to(both).length], [2, 0], "what was told is recalled, not what is told since");
  for (const { shown } of phones.slice(0, 2)) assert.deepEqual([...shown.values()].map(({ data }) => data.kind), ["CLOSE"]);

  const second = await release();
  await until("the next alerts", () => phones.slice(0, 2).every(({ heard: all }) => all.length === 3));
  assert.equal(to(both).length, 1);
  await close(second.alert.id);
  await until("their ends", () => phones.slice(0, 2).every(({ heard: all }) => all.length === 4));
  assert.equal(phones[2].heard.length, 0);
  await remove("county");
});
