// Whether our simulator of APNs is one, in the eyes of clients that speak to Apple's own: npm's @parse/node-apn and Debian's
// python3-aioapns (where it is installed).
import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, beforeEach, test } from "node:test";
import apn from "@parse/node-apn";
import { ApnsSimulator } from "./apns_simulator.mjs";

const topic = "org.example.tuanyuan";
const [keyId, teamId] = ["ABC123DEFG", "TEAM567890"];
const folder = mkdtempSync(path.join(tmpdir(), "tuanyuan-apns-"));
const file = (name) => path.join(folder, name);
const pair = generateKeyPairSync("ec", { namedCurve: "P-256", publicKeyEncoding: { type: "spki", format: "pem" }, privateKeyEncoding: { type: "pkcs8", format: "pem" } });
let identity;
let simulator;

before(() => {
  writeFileSync(file("key.p8"), pair.privateKey);
  execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
    "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", file("tls.key"), "-out", file("tls.crt")], { stdio: "ignore" });
  identity = { key: execFileSync("cat", [file("tls.key")]), cert: execFileSync("cat", [file("tls.crt")]) };
});
beforeEach(async () => {
  simulator?.close();
  simulator = await new ApnsSimulator({ ...identity, publicKey: pair.publicKey, keyId, teamId, topic }).listen();
});
after(() => {
  simulator?.close();
  rmSync(folder, { recursive: true, force: true });
});

const provider = (changes = {}) => new apn.Provider({
  token: { key: file("key.p8"), keyId, teamId }, address: "localhost", port: simulator.port, ca: identity.cert, requestTimeout: 3000,
  connectionRetryLimit: 3, ...changes,
});
const notification = (changes = {}) => Object.assign(new apn.Notification(), {
  topic, pushType: "alert", priority: 10, expiry: Math.floor(Date.now() / 1000) + 3600, alert: { title: "寻人", body: "…" }, sound: "default", ...changes,
});
const token = () => randomBytes(32).toString("hex");
/// One push by node-apn, and what it says of it.
async function push(client, device, changes) {
  const { sent, failed } = await client.send(notification(changes), device);
  return { sent: sent.length, status: failed[0]?.status, reason: failed[0]?.response?.reason ?? failed[0]?.error?.message };
}

test("node-apn: a push, and another in its place", async () => {
  const device = token();
  const known = simulator.device(device);
  const client = provider();
  for (const body of ["one", "two"]) {
    const { sent, failed } = await client.send(notification({ alert: { title: "t", body }, collapseId: "alert-1" }), device);
    assert.deepEqual([sent.length, failed.length], [1, 0], JSON.stringify(failed));
  }
  await client.shutdown();
  assert.equal(known.heard.length, 2);
  assert.deepEqual([...known.shown.values()].map((one) => one.aps.alert.body), ["two"]);
});

test("node-apn: many over the streams that a good token opens", async () => {
  const devices = Array.from({ length: 200 }, token);
  for (const one of devices) simulator.device(one);
  const client = provider();
  await client.send(notification(), devices[0]);
  const { sent } = await client.send(notification(), devices.slice(1));
  await client.shutdown();
  assert.ok(sent.length > 150, `${sent.length} of 199`); // it sends before SETTINGS allow it, and loses some to REFUSED_STREAM
});

test("node-apn: what Apple refuses, by its reasons", async () => {
  const client = provider();
  const device = token();
  simulator.device(device).alive = false;
  assert.deepEqual(await push(client, device), { sent: 0, status: 410, reason: "Unregistered" });
  assert.deepEqual(await push(client, token()), { sent: 0, status: 400, reason: "BadDeviceToken" });
  simulator.device(device);
  assert.deepEqual(await push(client, device, { topic: "org.example.other" }), { sent: 0, status: 400, reason: "TopicDisallowed" });
  assert.deepEqual(await push(client, device, { collapseId: "x".repeat(65) }), { sent: 0, status: 400, reason: "BadCollapseId" });
  assert.deepEqual(await push(client, device, { alert: "x".repeat(5000) }), { sent: 0, status: 413, reason: "PayloadTooLarge" });
  await client.shutdown();
});

test("node-apn: a token that has expired, or is of another team", async () => {
  const device = token();
  simulator.device(device);
  const other = provider({ token: { key: file("key.p8"), keyId, teamId: "OTHER67890" } });
  assert.equal((await push(other, device)).reason, "InvalidProviderToken");
  await other.shutdown();
  const client = provider();
  simulator.now = () => Math.floor(Date.now() / 1000) + 61 * 60;
  assert.equal((await push(client, device)).reason, "ExpiredProviderToken");
  await client.shutdown();
});

const python = "/usr/bin/python3";
const hasAioapns = existsSync(python) && (() => {
  try {
    execFileSync(python, ["-c", "import aioapns"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

test("aioapns: a push, and what Apple refuses", { skip: hasAioapns ? false : "python3-aioapns is not installed" }, async () => {
  const [alive, dead] = [token(), token()];
  const device = simulator.device(alive);
  simulator.device(dead).alive = false;
  const program = `
import asyncio, json, ssl, sys
from aioapns import APNs, NotificationRequest, PushType
from aioapns.connection import APNsProductionClientProtocol as protocol
port, key, ca, alive, dead = sys.argv[1:]
protocol.APNS_SERVER, protocol.APNS_PORT = "localhost", int(port)
context = ssl.create_default_context(cafile=ca)
context.set_alpn_protocols(["h2"])  # it does not ask for it by itself, and Node's server insists
async def run():
    apns = APNs(key=key, key_id="${keyId}", team_id="${teamId}", topic="${topic}", max_connections=1,
                ssl_context=context)
    said = []
    for device in (alive, dead, "00"):
        request = NotificationRequest(device_token=device, message={"aps": {"alert": {"title": "t", "body": "b"}}},
                                      collapse_key="alert-1", push_type=PushType.ALERT, priority=10, time_to_live=3600)
        response = await apns.send_notification(request)
        said.append([response.status, response.description, response.notification_id == request.notification_id])
    print(json.dumps(said))
asyncio.get_event_loop_policy().get_event_loop().run_until_complete(run())`;
  // Not execFileSync: the simulator lives in this very process.
  const output = await new Promise((resolve, reject) => execFile(python, ["-W", "ignore", "-c", program, String(simulator.port), file("key.p8"), file("tls.crt"), alive, dead],
    { encoding: "utf8", timeout: 30_000 }, (error, stdout, stderr) => (error ? reject(new Error(stderr)) : resolve(stdout))));
  assert.deepEqual(JSON.parse(output.trim().split("\n").pop()), [["200", null, true], ["410", "Unregistered", true], ["400", "BadDeviceToken", true]]);
  assert.equal(device.heard.length, 1);
});
