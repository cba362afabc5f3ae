// What recipients answer: acknowledgements and the board that counts them, sightings and what is thought of them.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { assertProblem, iso, nothing, pathsOf, startSystem } from "./calls.mjs";

const { system, release, close, neighbour, faraway } = startSystem();

test("the board counts who answered what", async () => {
  const { alert } = await release();
  const { recipient_id: id } = system.ready.credentials.station;
  const { recipient_id: other } = system.ready.credentials.station2;
  const target = `/alerts/${alert.id}/acknowledgements`;
  const board = () => system.ok("supervisor", "GET", `/alerts/${alert.id}/board`);
  const at = await board();
  const zero = { RECEIVED: 0, DISPLAYED: 0, CONFIRMED: 0, ACTING: 0, REMOVED: 0, UNABLE: 0 };
  assert.deepEqual([at.alertId, at.revision, at.step, at.unexpected], [alert.id, 1, 0, 0]);
  assert.deepEqual(at.counts, zero);
  for (const name of ["byCategory", "byDivision", "byRing"]) {
    assert.equal(Object.values(at[name]).reduce((sum, tally) => sum + tally.expected, 0), at.expected, name);
  }
  assert.ok(at.byRing["100"].expected > 0);
  assert.equal(at.byRevision["1"].expected, at.expected);
  assert.equal(at.byChannel.mqtt.expected, at.expected);

  const receipt = await system.ok("station", "POST", target, { revision: 1, kind: "ACTING" });
  assert.deepEqual([receipt.result, receipt.recipientId, receipt.kind, receipt.revision], ["RECORDED", id, "ACTING", 1]);
  const again = await system.ok("station", "POST", target, { revision: 1, kind: "ACTING" });
  assert.equal(again.result, "DUPLICATE");
  assert.equal(again.recordedAt, receipt.recordedAt, "a repeat is told when it was first recorded");
  assert.deepEqual((await board()).counts, { ...zero, RECEIVED: 1, DISPLAYED: 1, CONFIRMED: 1, ACTING: 1 }, "ACTING implies the rest");

  const unable = await system.ok("submitter", "POST", target, { revision: 1, kind: "UNABLE", reason: "NO_STAFF", recipientId: other, note: "电话答复" });
  assert.equal(unable.result, "RECORDED", "an officer answers for whom it reached by telephone");
  assert.equal((await board()).counts.UNABLE, 1);

  const { recipients } = await system.ok("operator", "GET", "/recipients?page_size=1000");
  const nextDoor = await neighbour();
  const stranger = recipients.find((is) => is.audience === "PUBLIC" && is.division.startsWith("2101"));
  const rows = [
    ["station", { revision: 1, kind: "RECEIVED", recipientId: other }, 403, undefined],
    ["station", { revision: 7, kind: "RECEIVED" }, 422, "revision"],
    ["station", { revision: 1, kind: "MAYBE" }, 422, "kind"],
    ["station", { revision: 1 }, 422, "kind"],
    ["station", { revision: 1, kind: "UNABLE" }, 422, "reason"],
    ["station", { revision: 1, kind: "UNABLE", reason: "LAZY" }, 422, "reason"],
    ["station", { revision: 1, kind: "RECEIVED", alertId: nothing }, 422, "alertId"],
    ["station", { revision: 1, kind: "RECEIVED", nonsense: 1 }, 422, "nonsense"],
    ["releaser", { revision: 1, kind: "RECEIVED" }, 422, "recipientId"],
    ["releaser", { revision: 1, kind: "RECEIVED", recipientId: "" }, 422, "recipientId"],
    [nextDoor, { revision: 1, kind: "RECEIVED", recipientId: other }, 403, undefined],
  ];
  for (const [who, body, status, expected] of rows) {
    const answer = await system.call(who, "POST", target, body);
    assertProblem(answer, status, JSON.stringify(body));
    if (expected) assert.ok(pathsOf(answer).includes(expected), `${expected} in ${pathsOf(answer)}`);
  }
  assert.equal((await system.ok("submitter", "POST", target, { revision: 1, kind: "RECEIVED", recipientId: stranger.id })).result, "RECORDED");
  const last = await board();
  assert.deepEqual([last.unexpected, last.counts.RECEIVED], [1, 1], "who is not expected counts as such only");
  await close(alert.id);
});

test("sightings are reported, read, and judged", async () => {
  const { alert } = await release();
  const target = `/alerts/${alert.id}/sightings`;
  const sighting = { sightingId: randomUUID(), seenAt: iso(-60_000), position: { latitude: 41.8, longitude: 123.4, crs: "WGS84" }, description: "在出站口" };
  const receipt = await system.ok("station", "POST", target, sighting);
  assert.deepEqual([receipt.result, receipt.sightingId], ["RECORDED", sighting.sightingId]);
  assert.equal((await system.ok("station", "POST", target, sighting)).result, "DUPLICATE");
  for (const [change, expected] of [[{ sightingId: "x" }, "sightingId"], [{ seenAt: undefined }, "seenAt"], [{ seenAt: iso(3_600_000) }, "seenAt"],
    [{ position: { latitude: 99, longitude: 1, crs: "WGS84" } }, "position.latitude"], [{ position: { latitude: 9, longitude: 1 } }, "position.crs"],
    [{ photo: { mediaType: "image/png", data: "AAAA" } }, "photo"], [{ nonsense: 1 }, "nonsense"]]) {
    const answer = await system.call("station", "POST", target, { ...sighting, sightingId: randomUUID(), ...change });
    assertProblem(answer, 422, JSON.stringify(change));
    assert.ok(pathsOf(answer).some((is) => is.startsWith(expected)), `${expected} in ${pathsOf(answer)}`);
  }
  const { sightings } = await system.ok("releaser", "GET", target);
  assert.deepEqual(sightings.map((is) => [is.sightingId, is.description, is.assessment]), [[sighting.sightingId, sighting.description, "UNASSESSED"]]);
  assertProblem(await system.call("releaser", "POST", `/sightings/${sighting.sightingId}:assess`, { assessment: "UNASSESSED" }), 422, "no judgement");
  const judged = await system.ok("releaser", "POST", `/sightings/${sighting.sightingId}:assess`, { assessment: "CREDIBLE" });
  assert.equal(judged.assessment, "CREDIBLE");
  assert.equal((await system.ok("submitter", "GET", target)).sightings[0].assessment, "CREDIBLE");
  const far = await faraway();
  assertProblem(await system.call(far, "POST", `/sightings/${sighting.sightingId}:assess`, { assessment: "CREDIBLE" }), 404, "another division's");
  await close(alert.id);
});
