// What the suites of the HTTP contract have in common: a system of their own, the calls that bring a case where a test
// wants it, and what an answer is checked against.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before } from "node:test";
import { sampleReport, System } from "./system.mjs";

/// A system that runs while the calling suite's tests do, and the calls on it. `prepare`: what has to be done once it runs
/// for the first time.
export function startSystem(prepare = async () => {}) {
  const system = new System();
  before(async () => {
    await system.start();
    await prepare(system);
  });
  after(async () => {
    await system.stop();
    try {
      // Here, since only all suites together make the daemon write every kind of event.
      if (system.ready) logLines(system);
    } finally {
      system.remove();
    }
  });

  const submit = (report = sampleReport()) => system.ok("submitter", "POST", "/reports", report);
  return {
    system, submit,
    async release(report, options = {}) {
      const submitted = await submit(report);
      return { submitted, alert: await system.ok("releaser", "POST", `/reports/${submitted.id}:release`, options) };
    },
    close: (id) => system.ok("releaser", "POST", `/alerts/${id}:close`, closing),
    /// Officers of other divisions: of one that the sample report's circle reaches, and of one that it does not.
    neighbour: () => system.officer("210300000000", "000901", "submitter", "releaser", "supervisor"),
    faraway: () => system.officer("310000000000", "000903", "submitter", "releaser", "supervisor", "operator"),
  };
}

export const nothing = "00000000-0000-7000-8000-000000000000";
export const closing = { outcome: "FOUND_SAFE", cause: "LOST", reason: "演练结束" };
export const identity = "11010519491231002X"; // the example of GB 11643, with a valid check digit
export const iso = (offset) => new Date(Date.now() + offset).toISOString();

export const recipient = (id, changes = {}) => ({
  id, name: "合同测试站", category: "hotel", audience: "PARTNER", division: "210102", latitude: 41.79, longitude: 123.4, crs: "WGS84",
  liaison: { post: "值班台", telephone: "024-5550-0999" }, endpoints: [{ channel: "mqtt", address: "" }], ...changes,
});

export function assertProblem(answer, status, about) {
  assert.equal(answer.status, status, `${about}: ${answer.raw}`);
  assert.match(answer.headers["content-type"], /^application\/problem\+json/, about);
  assert.equal(answer.body.status, status, about);
  assert.equal(typeof answer.body.type, "string", about);
  assert.equal(typeof answer.body.title, "string", about);
}
export const pathsOf = (answer) => (answer.body.errors ?? []).map((error) => error.path);

/// What the daemon logged, each line of it an event.
export function logLines(system) {
  const lines = readFileSync(system.ready.log, "utf8").trim().split("\n");
  for (const line of lines) assert.equal(typeof JSON.parse(line).event, "string");
  return lines;
}
