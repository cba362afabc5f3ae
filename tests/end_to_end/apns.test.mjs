// Recipients that are phones: what our daemon says to Apple, judged by a simulator that others have admitted (apns_simulator.test.mjs),
// its provider token by jose besides.
import assert from "node:assert/strict";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import http from "node:http";
import path from "node:path";
import { after, test } from "node:test";
import * as jose from "jose";
import { ApnsSimulator } from "./apns_simulator.mjs";
import { logLines, recipient, startSystem } from "./calls.mjs";
import { until } from "./rig.mjs";

const topic = "org.example.tuanyuan";
const [keyId, teamId] = ["ABC123DEFG", "TEAM567890"];
const makeKey = () => generateKeyPairSync("ec", { namedCurve: "P-256", publicKeyEncoding: { type: "spki", format: "pem" }, privateKeyEncoding: { type: "pkcs8", format: "pem" } });
let pair = makeKey();
const keyFile = () => path.join(system.state, "apns.p8");
let apns;

const { system, release, close } = startSystem(async (system) => {
  // The deployment's own authority vouches for the simulator.
  const file = path.join(system.state, "apns-simulator");
  const made = await system.run("tuanyuanctl", ["pki", "server", path.dirname(system.ready.ca), "localhost", "--out", file]);
  assert.equal(made.status, 0, made.stderr);
  apns = await new ApnsSimulator({ key: readFileSync(`${file}.key`), cert: readFileSync(`${file}.crt`), publicKey: pair.publicKey, keyId, teamId, topic }).listen();
  writeFileSync(keyFile(), pair.privateKey);
  writeFileSync(path.join(system.state, "gateways.toml"), `
[gateways.apns]
enabled = true
base = "https://localhost:${apns.port}"
key = "${keyFile()}"
key_id = "${keyId}"
team_id = "${teamId}"
topic = "${topic}"
deadline_seconds = 2
`);
  await system.stop();
  await system.start();
});
after(() => apns?.close());

const token = () => randomBytes(32).toString("hex");
async function subscribe(id, changes = {}) {
  const address = token();
  await system.ok("operator", "PUT", `/recipients/${id}`, recipient(id, { endpoints: [{ channel: "apns", address }], ...changes }));
  return { address, device: apns.device(address) };
}
const to = (phone, kind) => (request) => request.token === phone.address && request.status === 200 && request.payload.kind === kind;
const remove = (...ids) => Promise.all(ids.map((id) => system.ok("operator", "DELETE", `/recipients/${id}`)));

// The first of all tests, while the daemon knows of no push that was ever accepted.
test("every token dead at once: all are refused, and the directory keeps them", async () => {
  const phones = await Promise.all(["a", "b", "c"].map((name) => subscribe(`phone-${name}`)));
  for (const phone of phones) phone.device.alive = false;
  // Beside them a gateway that is believed: it accepts, and says of one address, once the phones are refused, that nobody is
  // there. When that one is retired, the time in which the phones could have been is over.
  let refused;
  const phonesAreRefused = new Promise((resolve) => { refused = resolve; });
  const server = http.createServer((request, response) => request.resume().on("end", async () => {
    if (request.url === "/gone") await phonesAreRefused;
    response.writeHead(request.url === "/gone" ? 410 : 204).end();
  }));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    for (const name of ["there", "gone"]) {
      await system.ok("operator", "PUT", `/recipients/hook-${name}`, recipient(`hook-${name}`, {
        endpoints: [{ channel: "webhook", address: `http://127.0.0.1:${server.address().port}/${name}` }],
      }));
    }
    const { alert } = await release();
    await Promise.all(phones.map((phone) => apns.next((request) => request.token === phone.address && request.status === 410)));
    await until("the phones' rows in the outbox", async () =>
      (await system.ok("operator", "GET", `/outbox?channel=apns&alert=${alert.id}`)).rows.length === phones.length);
    refused();
    const endpoint = async (id) => (await system.ok("operator", "GET", `/recipients/${id}`)).endpoints[0];
    await until("the webhook to be retired", async () => (await endpoint("hook-gone")).retiredAt);
    for (const [index, name] of ["a", "b", "c"].entries()) {
      const { channel, address, retiredAt } = await endpoint(`phone-${name}`);
      assert.deepEqual([channel, address, retiredAt], ["apns", phones[index].address, undefined]);
    }
    await close(alert.id);
  } finally {
    server.closeAllConnections();
    server.close();
  }
  await remove("phone-a", "phone-b", "phone-c", "hook-there", "hook-gone");
});

test("an alert, its update and its end are one notification on the phone, the later in the place of the earlier", async () => {
  const phone = await subscribe("phone-hotel", { languages: ["en"] });
  const { alert } = await release();
  const heard = await apns.next(to(phone, "ALERT"));
  assert.equal(heard.headers["apns-priority"], "10");
  assert.ok(Number(heard.headers["apns-expiration"]) > Date.now() / 1000);
  assert.deepEqual([heard.payload.alertId, heard.payload.revision, heard.payload.step], [alert.id, 1, 0]);
  assert.match(heard.payload.aps.alert.title, /^\[EXERCISE\] Missing child/);
  assert.equal(heard.payload.aps["interruption-level"], "time-sensitive");
  assert.ok(heard.body.length <= 4096);

  const jwt = heard.headers.authorization.replace("bearer ", "");
  const { payload, protectedHeader } = await jose.jwtVerify(jwt, await jose.importSPKI(pair.publicKey, "ES256"), { issuer: teamId, maxTokenAge: "1h" });
  assert.deepEqual(protectedHeader, { alg: "ES256", kid: keyId });
  assert.deepEqual(Object.keys(payload).sort(), ["iat", "iss"]);

  await system.ok("releaser", "POST", `/alerts/${alert.id}:update`, { report: { child: { clothing: "绿" } }, updateMask: "child.clothing", reason: "x" });
  const updated = await apns.next(to(phone, "UPDATE"));
  assert.equal(updated.payload.revision, 2);
  assert.notEqual(updated.headers["apns-id"], heard.headers["apns-id"]);
  assert.equal(updated.headers.authorization, heard.headers.authorization, "one provider token for all");
  await close(alert.id);
  await apns.next(to(phone, "CLOSE"));
  assert.equal(phone.device.heard.length, 3);
  const shown = [...phone.device.shown.values()];
  assert.equal(shown.length, 1, "by one collapse id");
  assert.equal(shown[0].kind, "CLOSE");
  assert.equal(shown[0].aps.sound, undefined);
  assert.equal(JSON.stringify(shown[0]).includes("演练儿童"), false, "nothing of the child");
  const board = await system.ok("supervisor", "GET", `/alerts/${alert.id}/board`);
  assert.equal(board.counts.RECEIVED ?? 0, 0, "Apple has it; whether the phone has, nobody says");
  await remove("phone-hotel");
});

test("the app on the phone says what has arrived, and who has read it", async () => {
  await subscribe("phone-app");
  const { alert } = await release();
  const heard = await apns.next((request) => request.payload?.alertId === alert.id && request.payload.kind === "ALERT");
  const counts = async () => (await system.ok("supervisor", "GET", `/alerts/${alert.id}/board`)).counts;
  for (const [said, kind] of [["&status=answered", "RECEIVED"], ["&key=1", "CONFIRMED"]]) {
    assert.equal((await counts())[kind] ?? 0, 0);
    const answer = await system.call(null, "POST", heard.payload.acknowledgeUrl.replace(system.ready.api, "") + said);
    assert.equal(answer.status, 200, String(answer.raw));
    assert.equal((await counts())[kind], 1);
  }
  const forged = heard.payload.acknowledgeUrl.replace(system.ready.api, "").replace("phone-app", "bus-faku");
  assert.equal((await system.call(null, "POST", `${forged}&key=1`)).status, 404);
  await close(alert.id);
  await remove("phone-app");
});

test("who is busy is asked again by the same id, who is gone is not", async () => {
  const busy = await subscribe("phone-busy");
  const gone = await subscribe("phone-gone");
  gone.device.alive = false;
  let said = 0;
  apns.mischief = (request) => {
    if (request.token !== busy.address || said >= 2) return undefined;
    return [{ status: 429, reason: "TooManyRequests" }, { status: 503, reason: "ServiceUnavailable", headers: { "retry-after": "1" } }][said++];
  };
  const { alert } = await release();
  await apns.next(to(busy, "ALERT"));
  const of = (phone) => apns.requests.filter((one) => one.token === phone.address);
  assert.deepEqual(of(busy).map((one) => one.status), [429, 503, 200]);
  assert.equal(new Set(of(busy).map((one) => one.headers["apns-id"])).size, 1);
  await apns.next((request) => request.token === gone.address && request.status === 410);
  apns.mischief = () => undefined;
  await close(alert.id);
  await apns.next(to(busy, "CLOSE"));
  assert.equal(of(gone).filter((one) => one.payload?.kind === "ALERT").length, 1);
  await remove("phone-busy", "phone-gone");
});

test("a GOAWAY in the middle of a burst loses nobody, and asks nobody twice who was not meant to be", async () => {
  const phones = [];
  for (let index = 0; index < 30; ++index) phones.push(await subscribe(`phone-${index}`));
  let taken = 0;
  apns.mischief = (request, stream, session) => {
    // Above the last stream that it names, Node's server has not looked at anything; here that is every one.
    if (++taken !== 10) return undefined;
    return { ...apns.judge(request, session), goaway: stream.id };
  };
  const { alert } = await release();
  await Promise.all(phones.map((phone) => apns.next(to(phone, "ALERT"))));
  apns.mischief = () => undefined;
  await close(alert.id);
  await Promise.all(phones.map((phone) => apns.next(to(phone, "CLOSE"))));
  for (const phone of phones) {
    const ids = new Set(phone.device.heard.filter((one) => one.kind === "ALERT").map((one) => one.headers["apns-id"]));
    assert.equal(ids.size, 1);
    assert.equal(phone.device.shown.size, 1);
  }
  await remove(...phones.map((_, index) => `phone-${index}`));
});

test("one that never answers holds up nobody else, and is asked again", async () => {
  const slow = await subscribe("phone-slow");
  const quick = await subscribe("phone-quick");
  let hung = 0;
  apns.mischief = (request) => (request.token === slow.address && hung++ === 0 ? { status: 0, hang: true } : undefined);
  const { alert } = await release();
  await apns.next(to(quick, "ALERT"));
  await apns.next(to(slow, "ALERT"));
  assert.equal(apns.requests.filter((one) => one.token === slow.address).length, 2);
  apns.mischief = () => undefined;
  await close(alert.id);
  await remove("phone-slow", "phone-quick");
});

test("what is taken without a word is repeated under the same id, and its recipient has received once", async () => {
  const phone = await subscribe("phone-lost");
  let first;
  apns.mischief = (request, stream, session) => {
    if (request.token !== phone.address || first) return undefined;
    first = request;
    return { ...apns.judge(request, session), hang: true };
  };
  const { alert } = await release();
  const again = await apns.next((request) => request !== first && to(phone, "ALERT")(request));
  assert.equal(first.status, 200, "the phone has it");
  assert.equal(again.headers["apns-id"], first.headers["apns-id"]);
  assert.deepEqual(again.payload, first.payload);
  assert.equal(phone.device.shown.size, 1);
  for (const { payload } of [first, again]) {
    const answer = await system.call(null, "POST", `${payload.acknowledgeUrl.replace(system.ready.api, "")}&status=answered`);
    assert.equal(answer.status, 200, String(answer.raw));
  }
  const board = await system.ok("supervisor", "GET", `/alerts/${alert.id}/board`);
  assert.equal(board.counts.RECEIVED, 1);
  assert.equal(board.byChannel.apns.counts.RECEIVED, 1);
  apns.mischief = () => undefined;
  await close(alert.id);
  await apns.next(to(phone, "CLOSE"));
  assert.equal(phone.device.heard.filter(({ kind }) => kind === "ALERT").length, 2, "and not a third time");
  await remove("phone-lost");
});

test("another key in the file is used from the next SIGHUP on", async () => {
  const phone = await subscribe("phone-key");
  pair = makeKey();
  apns.publicKey = (await import("node:crypto")).createPublicKey(pair.publicKey);
  apns.issued.clear();
  writeFileSync(keyFile(), pair.privateKey);
  process.kill(system.ready.pid, "SIGHUP");
  const { alert } = await release();
  await apns.next(to(phone, "ALERT"));
  await close(alert.id);
  const logged = logLines(system).join("\n");
  assert.equal(logged.includes(phone.address), false, "no device token in the log");
  assert.equal(logged.includes("演练儿童"), false);
  await remove("phone-key");
});
