// Pushes as fast as @parse/node-apn can, so many at once, and prints how long that took and what it cost the processor.
// It is spared what differs from push to push: one notification goes to all devices.
//
//   node node_apn.mjs PORT CA_FILE KEY_FILE TOKENS_FILE PUSHES AT_ONCE PAYLOAD_BYTES
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const apn = createRequire(new URL("../end_to_end/package.json", import.meta.url))("@parse/node-apn");
const [port, caFile, key, tokensFile, pushes, atOnce, payloadBytes] = process.argv.slice(2);
const tokens = readFileSync(tokensFile, "utf8").trim().split("\n");

const provider = new apn.Provider({
  token: { key, keyId: "ABC123DEFG", teamId: "TEAM567890" }, address: "127.0.0.1", port: Number(port), ca: readFileSync(caFile),
  requestTimeout: 15_000,
});
const notification = Object.assign(new apn.Notification(), {
  topic: "org.example.tuanyuan", pushType: "alert", priority: 10, expiry: Math.floor(Date.now() / 1000) + 3600,
  collapseId: "210100-20260520-000001", alert: { title: "寻人", body: "" }, sound: "default",
});
notification.aps.alert.body = "b".repeat(Number(payloadBytes) - notification.compile().length);
notification.compiled = false;

let begun = 0;
let sent = 0;
async function pushOn(most) {
  while (begun < most) {
    const answer = await provider.send(notification, tokens[begun++ % tokens.length]);
    sent += answer.sent.length;
    if (answer.failed.length > 0) throw new Error(JSON.stringify(answer.failed[0]));
  }
}
const all = (most) => Promise.all(Array.from({ length: Number(atOnce) }, () => pushOn(most)));

await pushOn(1); // the connection stands
begun = sent = 0;
const [since, cpu] = [process.hrtime.bigint(), process.cpuUsage()];
await all(Number(pushes));
const [seconds, used] = [Number(process.hrtime.bigint() - since) / 1e9, process.cpuUsage(cpu)];
await provider.shutdown();
console.log(JSON.stringify({ sent, seconds, cpu_seconds: (used.user + used.system) / 1e6 }));
