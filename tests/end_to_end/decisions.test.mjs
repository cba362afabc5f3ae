// The life of a case: submitted, previewed, released or rejected, updated, and recalled.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { assertProblem, closing, identity, pathsOf, recipient, startSystem } from "./calls.mjs";
import { sampleReport } from "./system.mjs";

const { system, submit, release, close } = startSystem();

test("a report is submitted, then rejected or released, once", async () => {
  await submit(); // another child's, so that there is one to be taken for a duplicate
  const submitted = await submit();
  assert.equal(submitted.state, "SUBMITTED");
  assert.equal(submitted.submittedBy, "210100000000/000101");
  assert.ok(submitted.alertId && Date.parse(submitted.submittedAt) > 0);
  assert.deepEqual(submitted.duplicates, []);
  const read = await system.ok("supervisor", "GET", `/reports/${submitted.id}`);
  assert.equal(read.alertId, submitted.alertId);
  assert.ok(read.report.child.photo.data.length > 0, "one report is read with its photo");
  assertProblem(await system.call("releaser", "POST", `/reports/${submitted.id}:reject`, {}), 422, "a rejection without a reason");
  const rejected = await system.ok("releaser", "POST", `/reports/${submitted.id}:reject`, { reason: "误报" });
  assert.equal(rejected.state, "REJECTED");
  assert.equal((await system.ok("releaser", "GET", `/alerts/${submitted.alertId}`)).state, "RETRACTED", "its lookout was taken back");
  const second = await release();
  assert.equal((await system.ok("submitter", "GET", `/reports/${second.submitted.id}`)).state, "RELEASED");
  assert.equal(second.alert.id, second.submitted.alertId);
  assert.equal(second.alert.reportId, second.submitted.id);
  await close(second.alert.id);
});

test("a preview says what a release would do, and its token goes stale", async () => {
  const submitted = await submit();
  const preview = await system.ok("releaser", "POST", `/reports/${submitted.id}:preview`, { radiusKm: 50 });
  assert.equal(preview.circle.radiusKm, 50);
  assert.deepEqual(preview.divisions, [...preview.divisions].sort());
  assert.ok(preview.divisions.includes("210102"));
  assert.equal(Object.values(preview.byCategory).reduce((sum, count) => sum + count, 0), preview.expected);
  assert.deepEqual(preview.missing, [], "the sample report lacks nothing");
  assert.deepEqual(preview.copies.map((copy) => copy.audience).sort(), ["PARTNER", "POLICE"]);
  assert.ok(Array.isArray(preview.unreachable) && preview.unreachable[0].recipientId && preview.unreachable[0].reason);
  assert.equal((await system.ok("submitter", "GET", `/reports/${submitted.id}`)).state, "SUBMITTED", "a preview changes nothing");

  const id = `preview-${randomUUID()}`;
  await system.ok("operator", "PUT", `/recipients/${id}`, recipient(id));
  const stale = await system.call("releaser", "POST", `/reports/${submitted.id}:release`, { radiusKm: 50, previewToken: preview.previewToken });
  assertProblem(stale, 409, "a stale preview");
  assertProblem(await system.call("releaser", "POST", `/reports/${submitted.id}:release`, { previewToken: "made up" }), 409, "a made-up token");
  const fresh = await system.ok("releaser", "POST", `/reports/${submitted.id}:preview`, { radiusKm: 50 });
  assert.equal(fresh.expected, preview.expected + 1);
  const alert = await system.ok("releaser", "POST", `/reports/${submitted.id}:release`, { radiusKm: 50, previewToken: fresh.previewToken });
  assert.equal((await system.ok("releaser", "GET", `/alerts/${alert.id}/board`)).expected, fresh.expected);
  await close(alert.id);
  await system.ok("operator", "DELETE", `/recipients/${id}`);
});

test("a release keeps to the report's status, to the public's protection, and to sane values", async () => {
  const submitted = await submit();
  const target = `/reports/${submitted.id}:release`;
  assertProblem(await system.call("releaser", "POST", target, { status: "ACTUAL" }), 409, "an exercise released as actual");
  for (const [body, expected] of [[{ audiences: ["PUBLIC"] }, "audiences"], [{ radiusKm: -1 }, "radiusKm"], [{ radiusKm: 1e9 }, "radiusKm"],
    [{ radiusKm: 0 }, "radiusKm"], [{ audiences: ["MARTIANS"] }, "audiences"], [{ nonsense: 1 }, "nonsense"], [{ status: "MAYBE" }, "status"]]) {
    const answer = await system.call("releaser", "POST", target, body);
    assertProblem(answer, 422, JSON.stringify(body));
    assert.ok(pathsOf(answer).some((is) => is.startsWith(expected)), `${expected} in ${pathsOf(answer)}`);
  }
  const alert = await system.ok("releaser", "POST", target, { audiences: ["POLICE"], status: "EXERCISE" });
  assertProblem(await system.call("station", "GET", `/alerts/${alert.id}`), 404, "a partner, of an alert for the police");
  assert.equal((await system.ok("police", "GET", `/alerts/${alert.id}`)).notice.audience, "POLICE");
  await close(alert.id);
});

test("a report linked to another is released only after that one was looked at", async () => {
  const report = sampleReport();
  const first = await submit(report);
  const second = await submit({ ...report, incidentNumber: `J${randomUUID().slice(0, 12)}` });
  assert.deepEqual(second.duplicates, [first.id]);
  const refused = await system.call("releaser", "POST", `/reports/${second.id}:release`, {});
  assertProblem(refused, 409, "a linked report");
  assert.match(refused.body.type, /duplicate-report$/);
  const alert = await system.ok("releaser", "POST", `/reports/${second.id}:release`, { duplicatesReviewed: [first.id] });
  await close(alert.id);
});

test("an update of a revision that another officer's has replaced is refused, and says which stands", async () => {
  const { submitted, alert } = await release();
  const read = () => system.ok("releaser", "GET", `/reports/${submitted.id}`);
  const update = (clothing, expectedRevision, key = randomUUID()) => system.call("releaser", "POST", `/alerts/${alert.id}:update`,
    { report: { child: { clothing } }, updateMask: "child.clothing", reason: "x", ...(expectedRevision !== undefined && { expectedRevision }) },
    { "idempotency-key": key });
  assert.deepEqual([submitted.revision, (await read()).revision], [0, 1]);
  const key = randomUUID();
  const first = await update("红", 1, key);
  assert.deepEqual([first.status, first.body.revision], [200, 2], first.raw);
  assert.equal((await read()).revision, 2);
  const refused = await update("蓝", 1);
  assertProblem(refused, 409, "an update of revision 1");
  assert.match(refused.body.type, /stale-revision$/);
  assert.deepEqual(pathsOf(refused), ["expectedRevision"]);
  assert.match(refused.body.errors[0].message, /2/);
  assert.ok(!refused.raw.includes("蓝"), "nothing of the child");
  const again = await update("红", 1, key);
  assert.deepEqual([again.status, again.body], [200, first.body], "a repeat is answered as done");
  assert.equal((await update("绿")).status, 200, "who names none is not refused");
  const together = await Promise.all(["甲", "乙", "丙", "丁"].map((clothing) => update(clothing, 3)));
  assert.deepEqual(together.map((answer) => answer.status).sort(), [200, 409, 409, 409]);
  const { revision, report } = await read();
  assert.deepEqual([revision, report.child.clothing], [4, together.find(({ status }) => status === 200).body.notice.child.clothing]);
  await close(alert.id);
});

test("an update is a new revision with the fields that the mask names, and a recall is the last", async () => {
  const { alert } = await release();
  const target = `/alerts/${alert.id}:update`;
  for (const [body, expected] of [[{}, "updateMask"], [{ report: {}, updateMask: "child.colour", reason: "x" }, "updateMask"],
    [{ report: { child: { heightCm: 999 } }, updateMask: "child.heightCm", reason: "x" }, "report.child.heightCm"],
    [{ report: { child: { clothing: identity } }, updateMask: "child.clothing", reason: "x" }, "report.child.clothing"],
    [{ report: {}, updateMask: "contact.phone", reason: "x" }, "report.contact.phone"]]) {
    const answer = await system.call("releaser", "POST", target, body);
    assertProblem(answer, 422, JSON.stringify(body));
    assert.ok(pathsOf(answer).includes(expected), `${expected} in ${pathsOf(answer)}`);
  }
  const updated = await system.ok("releaser", "POST", target, { report: { child: { clothing: "绿色雨衣" } }, updateMask: "child.clothing,child.marks", reason: "家属补充" });
  assert.deepEqual([updated.revision, updated.step, updated.state, updated.notice.kind], [2, 0, "ACTIVE", "UPDATE"]);
  assert.equal(updated.notice.child.clothing, "绿色雨衣");
  assert.ok(!updated.notice.child.marks, "what the mask names and the report lacks is cleared");
  assert.ok(updated.notice.child.appearance, "what the mask does not name stays");
  assert.equal((await system.ok("releaser", "GET", `/alerts/${alert.id}/board`)).counts.RECEIVED, 0, "answers count by revision");

  for (const body of [{}, { outcome: "FOUND_SAFE" }, { cause: "LOST" }, { ...closing, outcome: "MAYBE" }, { ...closing, nonsense: 1 }]) {
    assertProblem(await system.call("releaser", "POST", `/alerts/${alert.id}:close`, body), 422, JSON.stringify(body));
  }
  const closed = await system.ok("releaser", "POST", `/alerts/${alert.id}:close`, closing);
  assert.deepEqual([closed.revision, closed.state, closed.outcome, closed.cause, closed.notice.kind], [3, "CLOSED", "FOUND_SAFE", "LOST", "CLOSE"]);
  assert.equal(closed.notice.child, undefined, "a recall holds nothing of the child");
  assertProblem(await system.call("station", "GET", `/alerts/${alert.id}/photo`), 404, "the photo after the recall");
  assertProblem(await system.call("station", "GET", `/alerts/${alert.id}/poster`), 404, "the poster after the recall");

  const mistaken = await release();
  const retracted = await system.ok("releaser", "POST", `/alerts/${mistaken.alert.id}:retract`, { reason: "误发" });
  assert.deepEqual([retracted.revision, retracted.state, retracted.notice.kind], [2, "RETRACTED", "RETRACT"]);
});
