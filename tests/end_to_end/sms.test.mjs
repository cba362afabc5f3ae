// Recipients by text message: Debian's Kannel carries them to npm's smpp, and what comes back from the handsets counts.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { closing, recipient } from "./calls.mjs";
import { MessageCentre, startSms } from "./kannel.mjs";
import { Rig, until } from "./rig.mjs";
import { sampleReport } from "./system.mjs";

const rig = new Rig();
const centre = new MessageCentre();

before(async () => {
  await centre.listen();
  await rig.prepare();
  await startSms(rig, centre);
});
after(async () => {
  await rig.end();
  centre.close();
  rig.remove();
});

const subscribe = (id, number, changes = {}) => rig.ok("operator", "PUT", `/recipients/${id}`, recipient(id, {
  endpoints: [{ channel: "sms", address: number }], ...changes,
}));
async function release() {
  const submitted = await rig.ok("submitter", "POST", "/reports", sampleReport());
  return { submitted, alert: await rig.ok("releaser", "POST", `/reports/${submitted.id}:release`, {}) };
}
const counts = async (alert) => (await rig.ok("supervisor", "GET", `/alerts/${alert}/board`)).counts;
const counted = (alert, kind, number) => until(`${number} times ${kind}`, async () => (await counts(alert))[kind] === number);

test("a notice reaches the handset whole, its report counts as received, the reply as confirmed, and the recall's as removed", async () => {
  await subscribe("sms-hotel", "+86 138-0000-0001");
  const { submitted, alert } = await release();
  const message = await centre.next("8613800000001");
  assert.ok(message.text.startsWith("【演练】") && message.text.includes(submitted.report.child.name), message.text);
  assert.ok(message.parts.length > 1 && message.parts.length <= 4, `${message.parts.length} parts`);
  for (const part of message.parts) {
    assert.equal(part.coding, 8, "UCS-2");
    assert.ok(part.text.length <= 67, `${part.text.length} characters in a part`);
  }
  const code = message.text.match(/回复(\d{4})确认已阅$/)[1];
  await counted(alert.id, "RECEIVED", 1);
  assert.equal((await counts(alert.id)).CONFIRMED, 0, "a handset that has it is nobody who has read it");
  centre.reply("8613800000001", `${code}收到`);
  await counted(alert.id, "CONFIRMED", 1);

  await rig.ok("releaser", "POST", `/alerts/${alert.id}:close`, closing);
  const end = await centre.next(message.to, ({ text }) => text.includes("已结束"));
  assert.ok(!end.text.includes(submitted.report.child.name));
  const removed = end.text.match(/回复(\d{4})确认已撤下$/)[1];
  assert.notEqual(removed, code);
  centre.reply("13800000001", removed);
  await counted(alert.id, "REMOVED", 1);
  await rig.ok("operator", "DELETE", "/recipients/sms-hotel");
});

test("what cannot be delivered is not received, and nobody else can call back", async () => {
  centre.undelivered.add("13800000002");
  await subscribe("sms-away", "13800000002");
  await subscribe("sms-there", "13800000003");
  const { alert } = await release();
  await Promise.all(["13800000002", "13800000003"].map((number) => centre.next(number)));
  await counted(alert.id, "RECEIVED", 1);
  const guess = `/callbacks/AAAAAAAAAAAAAAAAAAAAAA?channel=sms&alert=${alert.id}&revision=1&recipient=sms-away&status=1`;
  assert.equal((await rig.call(null, "GET", guess)).status, 404);
  assert.equal((await rig.call(null, "GET", "/callbacks/none?from=13800000002&text=1")).status, 404);
  centre.reply("13800000099", "收到"); // somebody who was told nothing
  centre.reply("13800000003", "收到");
  await counted(alert.id, "CONFIRMED", 1);
  const board = await counts(alert.id);
  assert.equal(board.RECEIVED, 1);
  await rig.ok("releaser", "POST", `/alerts/${alert.id}:close`, closing);
  await centre.next("13800000002", ({ text }) => text.includes("已结束"));
});
