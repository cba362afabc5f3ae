// What a repeat of a call is answered, at once, at the same time, and after kill -9.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { assertProblem, closing, iso, recipient, startSystem } from "./calls.mjs";
import { sampleReport } from "./system.mjs";

const { system, submit, release, close } = startSystem();
const withKey = (key = randomUUID()) => ({ "idempotency-key": key });

test("the same key and body answer the same, another body 409, also after kill -9", async () => {
  const report = sampleReport();
  const repeats = [];
  const once = async (who, method, target, body, other, headers = {}) => {
    const key = { ...withKey(), ...headers };
    const first = await system.call(who, method, target, body, key);
    assert.ok(first.status < 300, `${method} ${target}: ${first.raw}`);
    repeats.push({ who, method, target, body, other, key, first });
    return first.body;
  };
  const submitted = await once("submitter", "POST", "/reports", report, { ...report, circumstances: "另一份" });
  const rejectable = await submit();
  await once("releaser", "POST", `/reports/${rejectable.id}:reject`, { reason: "误报" }, { reason: "不是" });
  const alert = await once("releaser", "POST", `/reports/${submitted.id}:release`, { radiusKm: 80 }, { radiusKm: 81 });
  const at = `/alerts/${alert.id}`;
  await once("station", "POST", `${at}/acknowledgements`, { revision: 1, kind: "DISPLAYED" }, { revision: 1, kind: "RECEIVED" });
  const sighting = { sightingId: randomUUID(), seenAt: iso(-1000), description: "x" };
  await once("station", "POST", `${at}/sightings`, sighting, { ...sighting, description: "y" });
  await once("releaser", "POST", `/sightings/${sighting.sightingId}:assess`, { assessment: "CREDIBLE" }, { assessment: "NOT_CREDIBLE" });
  await once("releaser", "POST", `${at}:update`, { report: { child: { clothing: "红" } }, updateMask: "child.clothing", reason: "x" },
    { report: { child: { clothing: "蓝" } }, updateMask: "child.clothing", reason: "x" });
  await once("releaser", "POST", `${at}:close`, closing, { ...closing, cause: "RUNAWAY" });
  const mistaken = await release();
  await once("releaser", "POST", `/alerts/${mistaken.alert.id}:retract`, { reason: "误发" }, { reason: "不是" });
  const id = `repeat-${randomUUID().slice(0, 8)}`;
  await once("operator", "PUT", `/recipients/${id}`, recipient(id), recipient(id, { name: "不是" }));
  await once("operator", "POST", "/recipients:import", JSON.stringify(recipient(id)), JSON.stringify(recipient(id, { name: "不是" })), { "content-type": "application/x-ndjson" });
  await once("operator", "DELETE", `/recipients/${id}`, undefined, undefined);

  const check = async (when) => {
    for (const { who, method, target, body, other, key, first } of repeats) {
      const again = await system.call(who, method, target, body, key);
      assert.equal(again.status, first.status, `${when}: ${method} ${target}: ${again.raw}`);
      assert.deepEqual(again.body, first.body, `${when}: ${method} ${target}`);
      if (other) assertProblem(await system.call(who, method, target, other, key), 409, `${when}: ${method} ${target} with another body`);
    }
  };
  await check("at once");
  const { key } = repeats[0];
  const colleague = await system.call("submitter2", "POST", "/reports", sampleReport(), key);
  assert.equal(colleague.status, 201, "a key is its sender's own");
  await system.killAll();
  await system.start();
  await check("after kill -9");
});

test("of two equal requests at the same time one is done", async () => {
  const report = sampleReport();
  const key = withKey();
  const answers = await Promise.all(Array.from({ length: 8 }, () => system.call("submitter", "POST", "/reports", report, key)));
  assert.deepEqual([...new Set(answers.map((answer) => `${answer.status} ${answer.body.id}`))].length, 1, answers.map((a) => a.status).join());
  const { id } = answers[0].body;
  const released = await Promise.all(Array.from({ length: 8 }, () => system.call("releaser", "POST", `/reports/${id}:release`, {})));
  assert.deepEqual(released.map((answer) => answer.status).sort(), [201, 409, 409, 409, 409, 409, 409, 409]);
  const said = { revision: 1, kind: "RECEIVED" };
  const target = `/alerts/${answers[0].body.alertId}/acknowledgements`;
  const receipts = await Promise.all(Array.from({ length: 8 }, () => system.call("station", "POST", target, said, key)));
  assert.deepEqual([...new Set(receipts.map((answer) => `${answer.status} ${answer.raw}`))].length, 1, receipts.map((a) => a.raw).join());
  assert.equal(receipts[0].status, 200, receipts[0].raw);
  await close(answers[0].body.alertId);
});
