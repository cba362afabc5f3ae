// What is read page by page or from a sequence number on: lists, the journal, events.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { assertProblem, iso, pathsOf, startSystem } from "./calls.mjs";

const { system, submit, release, close, faraway } = startSystem();

async function pages(who, target, list, size, limit = 50) {
  const all = [];
  let token = "";
  for (let page = 0; page < limit; ++page) {
    const separator = target.includes("?") ? "&" : "?";
    const answer = await system.ok(who, "GET", `${target}${separator}page_size=${size}${token ? `&page_token=${encodeURIComponent(token)}` : ""}`);
    assert.ok(answer[list].length <= size);
    all.push(...answer[list]);
    token = answer.nextPageToken;
    if (!token) return all;
    assert.equal(answer[list].length, size, "only the last page is short");
  }
  return all;
}

test("lists page without gaps or repeats", async () => {
  for (let index = 0; index < 12; ++index) await close((await release()).alert.id); // several pages of each list
  const { alert } = await release();
  for (let index = 0; index < 5; ++index) {
    await system.ok("station", "POST", `/alerts/${alert.id}/sightings`, { sightingId: randomUUID(), seenAt: iso(-60_000), description: "x" });
  }
  const lists = [["submitter", "/reports", "reports", "id", 3], ["releaser", "/alerts", "alerts", "id", 2], ["operator", "/recipients", "recipients", "id", 100],
    ["releaser", `/alerts/${alert.id}/sightings`, "sightings", "sightingId", 2], ["supervisor", "/journal", "entries", "sequence", 7]];
  for (const [who, target, list, key, size] of lists) {
    const whole = (await system.ok(who, "GET", `${target}?page_size=1000`))[list].map((item) => item[key]);
    assert.ok(whole.length > size, target);
    assert.deepEqual((await pages(who, target, list, size)).map((item) => item[key]).slice(0, whole.length), whole, target);
    for (const query of ["page_size=0", "page_size=-1", "page_size=x", "page_size=1001", "page_token=%21%21"]) {
      const answer = await system.call(who, "GET", `${target}?${query}`);
      assertProblem(answer, 422, `${target}?${query}`);
      assert.deepEqual(pathsOf(answer), [query.split("=")[0]]);
    }
  }
  await close(alert.id);
});

test("reports are listed by their state", async () => {
  const [waiting, refused] = [await submit(), await submit()];
  await system.ok("releaser", "POST", `/reports/${refused.id}:reject`, { reason: "误报" });
  const { submitted: out, alert } = await release();
  const rows = [["SUBMITTED", [waiting]], ["REJECTED", [refused]], ["RELEASED", [out]], ["SUBMITTED,REJECTED", [waiting, refused]]];
  for (const [state, expected] of rows) {
    const listed = await pages("submitter", `/reports?state=${state}`, "reports", 2);
    assert.ok(listed.every((each) => state.split(",").includes(each.state)), state);
    const ids = listed.map(({ id }) => id);
    for (const { id } of [waiting, refused, out]) assert.equal(ids.includes(id), expected.some((each) => each.id === id), state);
  }
  for (const state of ["ACTIVE", "submitted", "SUBMITTED,x"]) {
    const answer = await system.call("submitter", "GET", `/reports?state=${state}`);
    assertProblem(answer, 422, state);
    assert.deepEqual(pathsOf(answer), ["state"]);
  }
  await close(alert.id);
});

test("alerts are listed the newest release first, also where its report was the earlier one", async () => {
  const [early, late] = [await submit(), await submit()];
  for (const { id } of [late, early]) await system.ok("releaser", "POST", `/reports/${id}:release`, {});
  const [first, second] = await pages("releaser", "/alerts?state=ACTIVE", "alerts", 1);
  assert.deepEqual([first.id, second.id], [early.alertId, late.alertId]);
  assert.ok(Date.parse(first.releasedAt) >= Date.parse(second.releasedAt));
  for (const { alertId } of [early, late]) await close(alertId);
});

test("the journal tells who decided what, from a sequence number on", async () => {
  const { submitted, alert } = await release();
  await close(alert.id);
  const entries = await pages("supervisor", "/journal", "entries", 1000);
  const own = entries.filter((entry) => entry.subject === alert.id || entry.subject === submitted.id);
  assert.deepEqual(own.map((entry) => [entry.type, entry.actor]), [["report.submitted", "210100000000/000101"],
    ["alert.lookout", "210100000000/000101"], ["alert.released", "210100000000/000201"], ["alert.closed", "210100000000/000201"]]);
  entries.forEach((entry, index) => assert.ok(index === 0 || Number(entry.sequence) > Number(entries[index - 1].sequence)));
  for (const entry of own) assert.ok(Date.parse(entry.time) > 0 && typeof entry.detail === "object");
  assert.ok(!JSON.stringify(own).includes(submitted.report.child.name), "the journal holds nothing of the child");
  const after = await system.ok("supervisor", "GET", `/journal?after=${own[0].sequence}&page_size=1000`);
  assert.ok(after.entries.every((entry) => Number(entry.sequence) > Number(own[0].sequence)));
});

test("events come in order, resume where they were left, and show each only what it may know", async () => {
  const far = await faraway();
  const [officer, partner, stranger] = [await system.events("submitter"), await system.events("station"), await system.events(far)];
  assert.match(officer.response.headers["content-type"], /^text\/event-stream/);
  const { submitted, alert } = await release();
  await system.ok("station", "POST", `/alerts/${alert.id}/acknowledgements`, { revision: 1, kind: "CONFIRMED" });
  await system.ok("station", "POST", `/alerts/${alert.id}/sightings`, { sightingId: randomUUID(), seenAt: iso(-1000), description: "x" });
  await close(alert.id);
  const of = (event) => (is) => is.event === event && is.data.alertId === alert.id;
  const events = {};
  for (const event of ["report.submitted", "alert.released", "acknowledgement", "sighting", "alert.closed"]) events[event] = await officer.next(of(event), event);
  assert.equal(events["report.submitted"].data.reportId, submitted.id);
  assert.deepEqual(events.acknowledgement.data.counts, { CONFIRMED: 1 });
  assert.deepEqual([events["alert.released"].data.revision, events["alert.closed"].data.revision], [1, 2]);
  const ids = officer.seen.map((is) => is.id);
  assert.deepEqual(ids, [...ids].sort((a, b) => a - b));
  for (const is of officer.seen) assert.equal(String(is.id), is.data.sequence);

  await partner.next(of("alert.closed"), "the partner's event");
  assert.deepEqual(partner.seen.filter((is) => !is.event.startsWith("alert.")), [], "a recipient follows alerts only");
  assert.deepEqual(stranger.seen, [], "another division's");

  const resumed = await system.events("submitter", events["alert.released"].id);
  await resumed.next(of("alert.closed"), "what was missed");
  assert.deepEqual(resumed.seen.map((is) => is.id), ids.filter((id) => id > events["alert.released"].id));
  assert.ok(resumed.seen.some(of("acknowledgement")));
  assertProblem(await system.call("submitter", "GET", "/events", undefined, { "last-event-id": "x" }), 422, "no sequence number");
  for (const stream of [officer, partner, stranger, resumed]) stream.end();
});
