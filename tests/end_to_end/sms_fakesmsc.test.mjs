// Recipients by text message once more, with the message centre that Kannel's own people test with: nothing between the daemon and
// a handset is ours or npm's.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { closing, recipient } from "./calls.mjs";
import { FakeSmsc, startSms } from "./kannel.mjs";
import { Rig, until } from "./rig.mjs";
import { sampleReport } from "./system.mjs";

const rig = new Rig();
const centre = new FakeSmsc();

before(async () => {
  await rig.prepare();
  await startSms(rig, centre);
});
after(() => rig.end());

const counted = (alert, kind, number) => until(`${number} times ${kind}`, async () => {
  const { counts } = await rig.ok("supervisor", "GET", `/alerts/${alert}/board`);
  return counts[kind] === number;
});

test("an alert is seen at Kannel's fakesmsc, and replies from there are counted", async () => {
  const [hotel, clinic] = ["+8613800000001", "+8613800000002"];
  for (const [id, address] of [["sms-hotel", hotel], ["sms-clinic", clinic]]) {
    await rig.ok("operator", "PUT", `/recipients/${id}`, recipient(id, { endpoints: [{ channel: "sms", address }] }));
  }
  const submitted = await rig.ok("submitter", "POST", "/reports", sampleReport());
  const alert = await rig.ok("releaser", "POST", `/reports/${submitted.id}:release`, {});
  const [told, other] = await Promise.all([hotel, clinic].map((number) => centre.next(number)));
  for (const { from, text, parts } of [told, other]) {
    assert.equal(from, "10690");
    assert.ok(text.startsWith("【演练】") && text.includes(submitted.report.child.name), text);
    assert.ok(parts.length > 1 && parts.length <= 4, `${parts.length} parts`);
    assert.ok(parts.every((part) => part.length <= 67), "as much as fits into a part beside its header");
  }
  await counted(alert.id, "RECEIVED", 2);
  const code = told.text.match(/回复(\d{4})确认已阅$/)[1];
  await centre.reply(hotel, `${code}收到`);
  await counted(alert.id, "CONFIRMED", 1);
  await centre.reply("+8613800000099", "收到"); // somebody who was told nothing
  await centre.reply(clinic, "收到");
  await counted(alert.id, "CONFIRMED", 2);

  await rig.ok("releaser", "POST", `/alerts/${alert.id}:close`, closing);
  const ends = await Promise.all([hotel, clinic].map((number) => centre.next(number, ({ text }) => text.includes("已结束"))));
  for (const { to, text } of ends) {
    assert.ok(!text.includes(submitted.report.child.name));
    await centre.reply(to, text.match(/回复(\d{4})确认已撤下$/)[1]);
  }
  await counted(alert.id, "REMOVED", 2);
  assert.equal(centre.messages.length, 4, "each was told once, and once that it is over");
});
