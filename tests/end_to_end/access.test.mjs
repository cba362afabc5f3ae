// Who may call what, in which order a request is refused and in which language, and who sees what of a case.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import https from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { assertProblem, closing, nothing, startSystem } from "./calls.mjs";
import { sampleReport } from "./system.mjs";

const { system, submit, release, close, neighbour, faraway } = startSystem();

const officers = ["submitter", "releaser", "supervisor", "operator"];
const everybody = [...officers, "station"];

// method, path, who may, and the status that a call about nothing gets from them
const calls = [
  ["POST", "/reports", ["submitter"], 422],
  ["GET", "/reports", ["submitter", "releaser", "supervisor"], 200],
  ["GET", `/reports/${nothing}`, ["submitter", "releaser", "supervisor"], 404],
  ["POST", `/reports/${nothing}:preview`, ["submitter", "releaser"], 404],
  ["POST", `/reports/${nothing}:release`, ["releaser"], 404],
  ["POST", `/reports/${nothing}:reject`, ["releaser"], 404],
  ["GET", "/alerts", everybody, 200],
  ["GET", `/alerts/${nothing}`, everybody, 404],
  ["GET", `/alerts/${nothing}/photo`, everybody, 404],
  ["GET", `/alerts/${nothing}/poster`, everybody, 404],
  ["POST", `/alerts/${nothing}:update`, ["releaser"], 404],
  ["POST", `/alerts/${nothing}:close`, ["releaser"], 404],
  ["POST", `/alerts/${nothing}:retract`, ["releaser"], 404],
  ["GET", `/alerts/${nothing}/board`, ["submitter", "releaser", "supervisor"], 404],
  ["POST", `/alerts/${nothing}/acknowledgements`, ["submitter", "releaser", "station"], 404],
  ["POST", `/alerts/${nothing}/sightings`, ["station"], 404],
  ["GET", `/alerts/${nothing}/sightings`, ["submitter", "releaser"], 404],
  ["POST", `/sightings/${nothing}:assess`, ["submitter", "releaser"], 404],
  ["GET", "/recipients", ["operator"], 200],
  ["GET", "/recipients/nobody", ["operator"], 404],
  ["PUT", "/recipients/nobody", ["operator"], 422],
  ["DELETE", "/recipients/nobody", ["operator"], 404],
  ["POST", "/recipients:import", ["operator"], 415],
  ["GET", "/journal", ["supervisor"], 200],
  ["GET", "/keys", everybody, 200],
];

test("each call admits its roles and no others, and nobody without a certificate", async () => {
  for (const [method, target, admitted, status] of calls) {
    const body = method === "POST" || method === "PUT" ? {} : undefined;
    for (const who of everybody) {
      const answer = await system.call(who, method, target, body);
      const expected = admitted.includes(who) ? status : 403;
      assert.equal(answer.status, expected, `${who} ${method} ${target}: ${answer.raw.subarray(0, 300)}`);
    }
    assertProblem(await system.call(null, method, target, body), 401, `nobody ${method} ${target}`);
  }
});

test("what is not there is said before what is wrong with the request", async () => {
  const bad = [["{", {}], ["[]", {}], ["x", { "content-type": "text/plain" }], [JSON.stringify({ nonsense: 1 }), {}],
    ["x".repeat(70_000), {}], [JSON.stringify({}), { "idempotency-key": "" }], [JSON.stringify({}), { accept: "image/png" }]];
  for (const [method, target, admitted] of calls.filter(([m, t]) => m !== "GET" && m !== "PUT" && /00000000|nobody/.test(t))) {
    for (const [body, headers] of bad) {
      const answer = await system.call(admitted.at(-1), method, target, body, headers);
      assertProblem(answer, 404, `${method} ${target} ${body.slice(0, 20)} ${JSON.stringify(headers)}`);
    }
  }
});

test("a state that does not allow it is said before what is wrong with the request", async () => {
  const { submitted, alert } = await release();
  const rejected = await submit();
  await system.ok("releaser", "POST", `/reports/${rejected.id}:reject`, { reason: "重复" });
  await close(alert.id);
  for (const target of [`/reports/${submitted.id}:release`, `/reports/${submitted.id}:reject`, `/reports/${rejected.id}:release`,
    `/reports/${rejected.id}:reject`, `/alerts/${alert.id}:close`, `/alerts/${alert.id}:update`, `/alerts/${alert.id}:retract`]) {
    for (const body of [{}, { nonsense: 1 }, "{", "x".repeat(70_000)]) {
      assertProblem(await system.call("releaser", "POST", target, body), 409, `${target} ${JSON.stringify(body).slice(0, 30)}`);
    }
  }
});

test("a case of another division is refused before its state and the body are looked at", async () => {
  const nextDoor = await neighbour();
  const { submitted, alert } = await release();
  const sees = [`/reports/${submitted.id}`, `/alerts/${alert.id}`, `/alerts/${alert.id}/board`];
  for (const target of sees) assert.equal((await system.call(nextDoor, "GET", target)).status, 200, `the circle reaches it: ${target}`);
  for (const target of [`/reports/${submitted.id}:release`, `/reports/${submitted.id}:reject`, `/alerts/${alert.id}:close`,
    `/alerts/${alert.id}:update`, `/alerts/${alert.id}:retract`]) {
    for (const body of [{}, { reason: "x" }, { nonsense: 1 }, "{", "x".repeat(70_000)]) {
      assertProblem(await system.call(nextDoor, "POST", target, body), 403, `${target} ${JSON.stringify(body).slice(0, 30)}`);
    }
  }
  await close(alert.id);
});

test("bodies that cannot be read have their own refusals", async () => {
  const protobuf = { "content-type": "application/x-protobuf" };
  const rows = [
    ["{", {}, 400], ["", {}, 400], [Buffer.from([0x7b, 0xff, 0x7d]), {}, 400],
    [`{"child":${"[".repeat(2000)}`, {}, 400], ['{"exercise":true,"exercise":true}', {}, 422],
    [Buffer.from([0xff, 0xff]), protobuf, 400],
    ["x", { "content-type": "text/plain" }, 415], ["<a/>", { "content-type": "application/xml" }, 415], ["{}", { "content-encoding": "gzip" }, 415],
    [Buffer.alloc(13 * 1024 * 1024, 0x20), {}, 413],
  ];
  for (const [body, headers, status] of rows) {
    assertProblem(await system.call("submitter", "POST", "/reports", body, headers), status, `${String(body).slice(0, 30)} ${JSON.stringify(headers)}`);
  }
  assertProblem(await system.call("submitter", "GET", "/reports", undefined, { accept: "text/html" }), 406, "an answer of a type that is not there");
});

test("problems speak the language that is asked for, Chinese by default", async () => {
  const rows = [[undefined, "zh-CN"], ["en", "en"], ["en-GB,zh;q=0.5", "en"], ["zh-CN,en;q=0.9", "zh-CN"], ["fr", "zh-CN"], ["zh;q=0.2, en;q=0.8", "en"]];
  for (const [accept, language] of rows) {
    const answer = await system.call("submitter", "POST", "/reports", {}, accept ? { "accept-language": accept } : {});
    assertProblem(answer, 422, accept);
    assert.equal(answer.headers["content-language"], language, accept);
    const chinese = /\p{Script=Han}/u;
    for (const text of [answer.body.title, ...answer.body.errors.map((error) => error.message)]) {
      assert.equal(chinese.test(text), language === "zh-CN", `${accept}: ${text}`);
    }
  }
});

test("calls of later issues are neither there nor described", async () => {
  const document = await system.ok("operator", "GET", "/openapi.json");
  for (const [method, target] of [["GET", "/alerts/{id}/cap"], ["GET", "/statistics"], ["GET", "/late"], ["POST", "/late/{id}:excuse"]]) {
    assert.equal(document.paths[target], undefined, target);
    for (const who of everybody) {
      assertProblem(await system.call(who, method, target.replace("{id}", nothing), method === "POST" ? {} : undefined), 404, `${who} ${target}`);
    }
  }
});

const getKeys = (options) => new Promise((resolve, reject) => {
  const agent = new https.Agent({ ca: readFileSync(system.ready.ca), ...options });
  https.get(`${system.ready.api}/keys`, { agent }, (answer) => resolve(answer.resume().statusCode)).on("error", reject);
});

test("TLS before 1.2 is not spoken", async () => {
  await assert.rejects(getKeys({ maxVersion: "TLSv1.1", minVersion: "TLSv1", ciphers: "DEFAULT@SECLEVEL=0" }));
});

test("a certificate of another authority opens nothing, whatever it says of its owner", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tuanyuan-foreign-"));
  const [cert, key] = ["cert.pem", "key.pem"].map((name) => join(folder, name));
  execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1",
    "-subj", "/O=210100000000/OU=releaser/CN=021533@210100000000", "-keyout", key, "-out", cert], { stdio: "ignore" });
  try {
    await assert.rejects(getKeys({ cert: readFileSync(cert), key: readFileSync(key) }));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("each audience reads its own copy", async () => {
  const report = sampleReport();
  const { alert } = await release(report);
  const police = (await system.ok("police", "GET", `/alerts/${alert.id}`)).notice;
  const partner = (await system.ok("station", "GET", `/alerts/${alert.id}`)).notice;
  assert.deepEqual([police.audience, partner.audience], ["POLICE", "PARTNER"]);
  assert.deepEqual([police.incidentNumber, police.reportingUnit, police.child.birthDate, police.leadOfficer],
    [report.incidentNumber, report.reportingUnit, report.child.birthDate, report.leadOfficer]);
  for (const secret of [report.incidentNumber, report.child.birthDate, report.leadOfficer]) {
    assert.ok(!JSON.stringify(partner).includes(secret), "a partner's copy holds what is the police's");
  }
  for (const field of ["name", "sex", "ageYears", "heightCm", "weightKg", "appearance", "clothing", "marks"]) assert.ok(partner.child[field], field);
  assert.equal(partner.suspect.plate, report.suspect.plate);
  assert.equal(partner.contact.phone, report.contact.phone);
  const listed = (await system.ok("station", "GET", "/alerts?page_size=1000")).alerts.find((is) => is.id === alert.id);
  assert.equal(listed.notice.audience, "PARTNER");
  assert.equal(listed.reportId, undefined, "a recipient is told of no report");
  await close(alert.id);
});

test("a unit sees its own division's cases and those whose circle reaches it", async () => {
  const inside = await system.officer("210102000000", "000902", "submitter", "releaser", "supervisor");
  const far = await faraway();
  const nextDoor = await neighbour();
  const waiting = await submit();
  const { submitted, alert } = await release();
  const see = async (who, target) => (await system.call(who, "GET", target)).status === 200;
  // who, the report that waits, the released one, its alert and what belongs to it
  for (const [who, first, rest] of [[inside, true, true], [nextDoor, false, true], [far, false, false]]) {
    assert.equal(await see(who, `/reports/${waiting.id}`), first);
    for (const target of [`/reports/${submitted.id}`, `/alerts/${alert.id}`, `/alerts/${alert.id}/board`, `/alerts/${alert.id}/photo`, `/alerts/${alert.id}/poster`, `/alerts/${alert.id}/sightings`]) {
      assert.equal(await see(who, target), rest, target);
    }
    const listed = await system.ok(who, "GET", "/reports?page_size=1000");
    assert.equal(listed.reports.some((is) => is.id === waiting.id), first);
    assert.equal(listed.reports.some((is) => is.id === submitted.id), rest);
    assert.equal((await system.ok(who, "GET", "/alerts?page_size=1000")).alerts.some((is) => is.id === alert.id), rest);
  }
  for (const [who, decides] of [[inside, true], ["releaser", true], [nextDoor, false], ["station", undefined]]) {
    assert.equal((await system.ok(who, "GET", `/alerts/${alert.id}`)).unitDecides, decides);
    if (decides !== undefined) assert.equal((await system.ok(who, "GET", `/reports/${submitted.id}`)).unitDecides, decides);
  }
  assertProblem(await system.call(nextDoor, "POST", `/alerts/${alert.id}:close`, closing), 403, "a unit that does not decide");
  assertProblem(await system.call(far, "POST", `/alerts/${alert.id}:close`, closing), 404, "what a unit may not see is not there");
  await close(alert.id);
});
