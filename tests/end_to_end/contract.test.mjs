// The HTTP contract, sentence by sentence, as tables: who may call what, in which order a request is refused, what a
// report has to hold, what repeats answer, how lists page, who sees what.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import https from "node:https";
import path from "node:path";
import { after, before, test } from "node:test";
import { importJWK, importSPKI } from "jose";
import { message, root, sampleReport, System } from "./system.mjs";

const system = new System();
before(() => system.start());
after(async () => {
  await system.stop();
  system.remove();
});

const officers = ["submitter", "releaser", "supervisor", "operator"];
const everybody = [...officers, "station"];
const nothing = "00000000-0000-7000-8000-000000000000";
const closing = { outcome: "FOUND_SAFE", cause: "LOST", reason: "演练结束" };
const withKey = (key = randomUUID()) => ({ "idempotency-key": key });

const submit = (report = sampleReport()) => system.ok("submitter", "POST", "/reports", report);
async function release(report, options = {}) {
  const submitted = await submit(report);
  return { submitted, alert: await system.ok("releaser", "POST", `/reports/${submitted.id}:release`, options) };
}
const close = (id) => system.ok("releaser", "POST", `/alerts/${id}:close`, closing);

function assertProblem(answer, status, about) {
  assert.equal(answer.status, status, `${about}: ${answer.raw}`);
  assert.match(answer.headers["content-type"], /^application\/problem\+json/, about);
  assert.equal(answer.body.status, status, about);
  assert.equal(typeof answer.body.type, "string", about);
  assert.equal(typeof answer.body.title, "string", about);
}
const pathsOf = (answer) => (answer.body.errors ?? []).map((error) => error.path);

const recipient = (id, changes = {}) => ({
  id, name: "合同测试站", category: "hotel", audience: "PARTNER", division: "210102", latitude: 41.79, longitude: 123.4, crs: "WGS84",
  liaison: { post: "值班台", telephone: "024-5550-0999" }, endpoints: [{ channel: "mqtt", address: "" }], ...changes,
});

// ------------------------------------------------------------------------------------------- roles and refusals

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
  const neighbour = await system.officer("210300000000", "000901", "submitter", "releaser", "supervisor");
  const { submitted, alert } = await release();
  const sees = [`/reports/${submitted.id}`, `/alerts/${alert.id}`, `/alerts/${alert.id}/board`];
  for (const target of sees) assert.equal((await system.call(neighbour, "GET", target)).status, 200, `the circle reaches it: ${target}`);
  for (const target of [`/reports/${submitted.id}:release`, `/reports/${submitted.id}:reject`, `/alerts/${alert.id}:close`,
    `/alerts/${alert.id}:update`, `/alerts/${alert.id}:retract`]) {
    for (const body of [{}, { reason: "x" }, { nonsense: 1 }, "{", "x".repeat(70_000)]) {
      assertProblem(await system.call(neighbour, "POST", target, body), 403, `${target} ${JSON.stringify(body).slice(0, 30)}`);
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
  for (const [method, target] of [["POST", "/alerts/{id}:circle"], ["POST", "/alerts/{id}:suspend"], ["POST", "/alerts/{id}:resume"],
    ["GET", "/alerts/{id}/cap"], ["GET", "/alerts/{id}/poster"], ["GET", "/readiness"], ["GET", "/statistics"], ["GET", "/late"], ["POST", "/late/{id}:excuse"]]) {
    assert.equal(document.paths[target], undefined, target);
    for (const who of everybody) {
      assertProblem(await system.call(who, method, target.replace("{id}", nothing), method === "POST" ? {} : undefined), 404, `${who} ${target}`);
    }
  }
});

// ------------------------------------------------------------------------------------------------- the report

const day = 86_400_000;
const iso = (offset) => new Date(Date.now() + offset).toISOString();
const beijingDate = (years, days = 0) => {
  const lost = new Date(Date.now() - 40 * 60_000 + 8 * 3_600_000);
  return new Date(Date.UTC(lost.getUTCFullYear() - years, lost.getUTCMonth(), lost.getUTCDate() + days)).toISOString().slice(0, 10);
};
const set = (target, value) => (report) => {
  const steps = target.split(".");
  const last = steps.pop();
  const holder = steps.reduce((at, step) => (at[step] ??= {}), report);
  if (value === undefined) delete holder[last];
  else holder[last] = value;
};
const identity = "11010519491231002X"; // the example of GB 11643, with a valid check digit
const tooLong = "长".repeat(20_000);

// what is changed in a good report, and the paths that are refused for it (none: it is taken)
const reports = [
  ["nothing", () => {}, []],
  ["no incident number, but a case number", (r) => { set("incidentNumber")(r); r.caseNumber = `A${randomUUID().slice(0, 20)}`; }, []],
  ["neither number", (r) => { set("incidentNumber")(r); set("caseNumber")(r); }, ["incidentNumber"]],
  ["no unit", set("reportingUnit"), ["reportingUnit"]],
  ["11 digits of a unit", set("reportingUnit", "21010200000"), ["reportingUnit"]],
  ["letters in a unit", set("reportingUnit", "21010200000a"), ["reportingUnit"]],
  ["exercise not given", set("exercise"), ["exercise"]],
  ["neither birth date nor age", (r) => { set("child.birthDate")(r); set("child.ageYears")(r); }, ["child.birthDate"]],
  ["an age alone", (r) => { set("child.birthDate")(r); r.child.ageYears = 17; }, []],
  ["an age of 0", (r) => { set("child.birthDate")(r); r.child.ageYears = 0; }, []],
  ["an age of 18", (r) => { set("child.birthDate")(r); r.child.ageYears = 18; }, ["child.ageYears"]],
  ["18 on the day", set("child.birthDate", beijingDate(18)), ["child.birthDate"]],
  ["18 tomorrow", set("child.birthDate", beijingDate(18, 1)), []],
  ["born today", set("child.birthDate", beijingDate(0)), []],
  ["not born yet", set("child.birthDate", beijingDate(0, 3)), ["child.birthDate"]],
  ["no date at all", set("child.birthDate", "2019-02-30"), ["child.birthDate"]],
  ["a date in another form", set("child.birthDate", "18.03.2019"), ["child.birthDate"]],
  ["no child", set("child"), ["child.birthDate"]],
  ["no time", (r) => { set("lastSeen.time")(r); set("lastSeen.timeLatest")(r); }, ["lastSeen.time"]],
  ["a clock four minutes fast", (r) => { r.lastSeen.time = iso(4 * 60_000); set("lastSeen.timeLatest")(r); }, []],
  ["a time in six minutes", (r) => { r.lastSeen.time = iso(6 * 60_000); set("lastSeen.timeLatest")(r); }, ["lastSeen.time"]],
  ["a span that ends before it begins", (r) => { r.lastSeen.time = iso(-600_000); r.lastSeen.timeLatest = iso(-1_200_000); }, ["lastSeen.timeLatest"]],
  ["a latest time in the future", set("lastSeen.timeLatest", iso(10 * 60_000)), ["lastSeen.timeLatest"]],
  ["no division", set("lastSeen.division"), ["lastSeen.division"]],
  ["five digits of a division", set("lastSeen.division", "21010"), ["lastSeen.division"]],
  ["no position", set("lastSeen.position"), []],
  ["a latitude of 91", set("lastSeen.position.latitude", 91), ["lastSeen.position.latitude"]],
  ["a longitude of -181", set("lastSeen.position.longitude", -181), ["lastSeen.position.longitude"]],
  ["half a position", set("lastSeen.position.longitude"), ["lastSeen.position.longitude"]],
  ["a position in no system", set("lastSeen.position.crs"), ["lastSeen.position.crs"]],
  ["a position in an unknown system", set("lastSeen.position.crs", "MARS"), ["lastSeen.position.crs"]],
  ["no telephone", set("contact.phone"), ["contact.phone"]],
  ["a telephone of letters", set("contact.phone", "call me"), ["contact.phone"]],
  ["a sex that is none", set("child.sex", "BOTH"), ["child.sex"]],
  ["a height of -1", set("child.heightCm", -1), ["child.heightCm"]],
  ["a height of 251", set("child.heightCm", 251), ["child.heightCm"]],
  ["a weight of 301", set("child.weightKg", 301), ["child.weightKg"]],
  ["an unknown field", set("colour", "red"), ["colour"]],
  ["an unknown field below", set("child.colour", "red"), ["child.colour"]],
  ["DNA", set("child.dna", "ACGT"), ["child.dna"]],
  ["a picture that is none", set("child.photo", { mediaType: "image/jpeg", data: Buffer.from("no picture").toString("base64") }), ["child.photo"]],
  ["a picture that is no base64", set("child.photo", { mediaType: "image/jpeg", data: "§§" }), ["child.photo.data"]],
  ["an identity number in the incident's", set("incidentNumber", identity), []],
  ["an identity number with a wrong check digit", set("circumstances", "110105194912310021"), []],
  ["nineteen characters", set("circumstances", `${identity}1`), []],
  ...["child.appearance", "child.clothing", "child.marks", "circumstances", "suspect.description", "suspect.vehicle", "lastSeen.place", "child.name"].flatMap((field) => [
    [`an identity number in ${field}`, set(field, `身份证${identity}，`), [field]],
    [`one in lower case in ${field}`, set(field, identity.toLowerCase()), [field]],
    [`a text beyond measure in ${field}`, set(field, tooLong), [field]],
  ]),
];

test("a report at 3 a.m.: each rule, with its path", async () => {
  for (const [what, change, paths] of reports) {
    const report = sampleReport();
    delete report.child.photo;
    change(report);
    const answer = await system.call("submitter", "POST", "/reports", report);
    if (paths.length === 0) {
      assert.equal(answer.status, 201, `${what}: ${answer.raw}`);
      continue;
    }
    assertProblem(answer, 422, what);
    for (const expected of paths) {
      assert.ok(pathsOf(answer).some((is) => is === expected || is.startsWith(`${expected}.`)), `${what}: ${expected} in ${pathsOf(answer)}`);
    }
    assert.ok(!answer.raw.includes(identity), "a value of the report stands in a problem");
  }
});

test("everything that is wrong is said at once", async () => {
  const answer = await system.call("submitter", "POST", "/reports", {});
  assertProblem(answer, 422, "an empty report");
  for (const expected of ["incidentNumber", "reportingUnit", "exercise", "child.birthDate", "lastSeen.time", "lastSeen.division", "contact.phone"]) {
    assert.ok(pathsOf(answer).includes(expected), `${expected} in ${pathsOf(answer)}`);
  }
  for (const error of answer.body.errors) assert.ok(error.message.length > 0);
});

test("protobuf goes in and comes out", async () => {
  const [Report, Answer, Alert, Board] = ["MissingChildReport", "ReportAnswer", "AlertAnswer", "Board"].map(message);
  const protobuf = { "content-type": "application/x-protobuf", accept: "application/x-protobuf" };
  const body = Buffer.from(Report.encode(Report.fromObject({ ...sampleReport(), child: { ageYears: 7, name: "二进制" },
    lastSeen: { time: { seconds: Math.floor(Date.now() / 1000) - 600 }, division: "210102" } })).finish());
  const taken = await system.call("submitter", "POST", "/reports", body, protobuf);
  assert.equal(taken.status, 201, String(taken.raw));
  assert.equal(taken.headers["content-type"], "application/x-protobuf");
  const report = Answer.decode(taken.raw);
  assert.equal(report.report.child.name, "二进制");
  const released = await system.call("releaser", "POST", `/reports/${report.id}:release`, Buffer.alloc(0), protobuf);
  assert.equal(released.status, 201, String(released.raw));
  const alert = Alert.decode(released.raw);
  assert.equal(alert.id, report.alertId);
  assert.equal(alert.circle.approximate, true, "without a position the circle is approximate");
  assert.ok(Board.decode((await system.call("releaser", "GET", `/alerts/${alert.id}/board`, undefined, { accept: "application/x-protobuf" })).raw).expected > 0);
  const unknown = Buffer.concat([body, Buffer.from([0xfa, 0x3f, 0x01, 0x41])]);
  assertProblem(await system.call("submitter", "POST", "/reports", unknown, protobuf), 422, "an unknown field by number");
  await close(alert.id);
});

test("positions come out in WGS-84, from whatever they went in", async () => {
  const [latitude, longitude] = [41.7921, 123.3919];
  const metres = (a, b) => Math.hypot((a.latitude - b.latitude) * 111_195, (a.longitude - b.longitude) * 111_195 * Math.cos(latitude * Math.PI / 180));
  const gcj = toGcj02(latitude, longitude);
  for (const [crs, at] of [["WGS84", { latitude, longitude }], ["CGCS2000", { latitude, longitude }], ["GCJ02", gcj], ["BD09", toBd09(gcj)]]) {
    const report = sampleReport();
    report.lastSeen.position = { ...at, crs };
    const submitted = await submit(report);
    const preview = await system.ok("submitter", "POST", `/reports/${submitted.id}:preview`);
    assert.ok(metres(preview.circle, { latitude, longitude }) < 1, `${crs}: ${JSON.stringify(preview.circle)}`);
  }
});

// The published formulas of the shifted systems, forward only.
function toGcj02(latitude, longitude) {
  const [a, ee, pi] = [6378245.0, 0.00669342162296594323, Math.PI];
  const [x, y] = [longitude - 105, latitude - 35];
  const waves = (20 * Math.sin(6 * x * pi) + 20 * Math.sin(2 * x * pi)) * 2 / 3;
  const dLat = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x)) + waves
    + (20 * Math.sin(y * pi) + 40 * Math.sin(y / 3 * pi)) * 2 / 3 + (160 * Math.sin(y / 12 * pi) + 320 * Math.sin(y * pi / 30)) * 2 / 3;
  const dLon = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x)) + waves
    + (20 * Math.sin(x * pi) + 40 * Math.sin(x / 3 * pi)) * 2 / 3 + (150 * Math.sin(x / 12 * pi) + 300 * Math.sin(x / 30 * pi)) * 2 / 3;
  const phi = latitude / 180 * pi;
  const magic = 1 - ee * Math.sin(phi) ** 2;
  return { latitude: latitude + dLat * 180 / (a * (1 - ee) / (magic * Math.sqrt(magic)) * pi),
    longitude: longitude + dLon * 180 / (a / Math.sqrt(magic) * Math.cos(phi) * pi) };
}
function toBd09({ latitude, longitude }) {
  const k = Math.PI * 3000 / 180;
  const z = Math.hypot(longitude, latitude) + 0.00002 * Math.sin(latitude * k);
  const theta = Math.atan2(latitude, longitude) + 0.000003 * Math.cos(longitude * k);
  return { latitude: z * Math.sin(theta) + 0.006, longitude: z * Math.cos(theta) + 0.0065 };
}

// ------------------------------------------------------------------------------------------- the life of a case

test("a report is submitted, then rejected or released, once", async () => {
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
  assertProblem(await system.call("releaser", "GET", `/alerts/${submitted.alertId}`), 404, "a rejected report has no alert");
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

  const mistaken = await release();
  const retracted = await system.ok("releaser", "POST", `/alerts/${mistaken.alert.id}:retract`, { reason: "误发" });
  assert.deepEqual([retracted.revision, retracted.state, retracted.notice.kind], [2, "RETRACTED", "RETRACT"]);
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
  const far = await system.officer("310000000000", "000903", "submitter", "releaser", "supervisor", "operator");
  const neighbour = await system.officer("210300000000", "000901", "submitter", "releaser", "supervisor");
  const waiting = await submit();
  const { submitted, alert } = await release();
  const see = async (who, target) => (await system.call(who, "GET", target)).status === 200;
  // who, the report that waits, the released one, its alert and what belongs to it
  for (const [who, first, rest] of [[inside, true, true], [neighbour, false, true], [far, false, false]]) {
    assert.equal(await see(who, `/reports/${waiting.id}`), first);
    for (const target of [`/reports/${submitted.id}`, `/alerts/${alert.id}`, `/alerts/${alert.id}/board`, `/alerts/${alert.id}/photo`, `/alerts/${alert.id}/sightings`]) {
      assert.equal(await see(who, target), rest, target);
    }
    const listed = await system.ok(who, "GET", "/reports?page_size=1000");
    assert.equal(listed.reports.some((is) => is.id === waiting.id), first);
    assert.equal(listed.reports.some((is) => is.id === submitted.id), rest);
    assert.equal((await system.ok(who, "GET", "/alerts?page_size=1000")).alerts.some((is) => is.id === alert.id), rest);
  }
  assertProblem(await system.call(far, "POST", `/alerts/${alert.id}:close`, closing), 404, "what a unit may not see is not there");
  await close(alert.id);
});

// --------------------------------------------------------------------------------------------- answers, sightings

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
  const neighbour = await system.officer("210300000000", "000901", "submitter", "releaser", "supervisor");
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
    [neighbour, { revision: 1, kind: "RECEIVED", recipientId: other }, 403, undefined],
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
  const far = await system.officer("310000000000", "000903", "submitter", "releaser", "supervisor", "operator");
  assertProblem(await system.call(far, "POST", `/sightings/${sighting.sightingId}:assess`, { assessment: "CREDIBLE" }), 404, "another division's");
  await close(alert.id);
});

// ------------------------------------------------------------------------------------------------ the directory

test("a recipient is put, read, replaced and taken out, its secret never shown", async () => {
  const id = `contract-${randomUUID().slice(0, 8)}`;
  const target = `/recipients/${id}`;
  const endpoints = [{ channel: "mqtt", address: "" }, { channel: "webhook", address: "https://partner.example/hook", secret: "whsec_c2VjcmV0" }];
  const put = await system.ok("operator", "PUT", target, recipient(id, { endpoints }));
  assert.equal(put.id, id);
  assert.ok(!JSON.stringify(put).includes("whsec"), "a secret is write-only");
  const read = await system.ok("operator", "GET", target);
  assert.deepEqual(read.endpoints.map((is) => [is.channel, is.address, is.secret]), [["mqtt", "", undefined], ["webhook", "https://partner.example/hook", undefined]]);
  assert.deepEqual([read.delivery, read.coverage, read.hours], ["area", [], ""]);
  assert.equal((await system.ok("operator", "PUT", target, { ...read, name: "改名" })).name, "改名", "what was read can be put");
  assert.deepEqual(await system.ok("operator", "DELETE", target), {});
  assertProblem(await system.call("operator", "GET", target), 404, "deleted");
  assertProblem(await system.call("operator", "DELETE", target), 404, "deleted already");

  const rows = [
    [{ id: "another" }, "id"], [{ name: "" }, "name"], [{ category: "casino" }, "category"], [{ category: undefined }, "category"],
    [{ audience: undefined }, "audience"], [{ division: "21" }, "division"], [{ latitude: 91 }, "latitude"], [{ longitude: undefined }, "longitude"],
    [{ crs: undefined }, "crs"], [{ latitude: undefined, longitude: undefined, crs: undefined }, "coverage"], [{ coverage: ["2x"] }, "coverage"],
    [{ delivery: "pigeon" }, "delivery"], [{ hours: "always open, maybe" }, "hours"], [{ via: "no spaces please" }, "via"],
    [{ endpoints: [{ channel: "telex", address: "" }] }, "endpoints"], [{ endpoints: [{ channel: "webhook", address: "no url" }] }, "endpoints"], [{ colour: "red" }, "colour"],
  ];
  for (const [change, expected] of rows) {
    const answer = await system.call("operator", "PUT", target, recipient(id, change));
    assertProblem(answer, 422, JSON.stringify(change));
    assert.ok(pathsOf(answer).some((is) => is.startsWith(expected) || (expected === "coverage" && is === "latitude")), `${JSON.stringify(change)}: ${expected} in ${pathsOf(answer)}`);
  }
  assertProblem(await system.call("operator", "PUT", `/recipients/${"x".repeat(65)}`, recipient("x".repeat(65))), 422, "an id of 65 characters");
  assert.ok((await system.ok("operator", "PUT", target, recipient(id, { latitude: undefined, longitude: undefined, crs: undefined, coverage: ["21"], delivery: "direct" }))).id);
  await system.ok("operator", "DELETE", target);
});

test("files of recipients are taken whole or not at all", async () => {
  const csv = { "content-type": "text/csv" };
  const ndjson = { "content-type": "application/x-ndjson" };
  const columns = "id,name,category,audience,division,latitude,longitude,crs,coverage,endpoints";
  const line = (id, division = "210102") => `${id},"站, 带逗号",hotel,PARTNER,${division},41.79,123.4,WGS84,[],"[{""channel"":""mqtt"",""address"":""""}]"`;
  const [a, b] = [`import-a-${randomUUID().slice(0, 8)}`, `import-b-${randomUUID().slice(0, 8)}`];
  const exists = async (id) => (await system.call("operator", "GET", `/recipients/${id}`)).status === 200;

  // form, file, and the [line, path] of each error
  const rows = [
    [csv, [columns, line(a), line(b, "21"), line(b), line("wrong id"), line(b)].join("\n"), [[3, "division"], [5, "id"]]],
    [csv, `id,colour\n${a},red\n`, [[1, "colour"]]],
    [csv, `${columns}\n${line(a)}\n${line(a)}\n`, [[3, "id"]]],
    [csv, `${columns}\n"open`, [[2, ""]]],
    [csv, "", [[1, ""]]],
    [ndjson, `${JSON.stringify(recipient(a))}\n{"id":\n${JSON.stringify(recipient(b, { category: "casino" }))}\n`, [[2, ""], [3, "category"]]],
  ];
  for (const [headers, file, expected] of rows) {
    const answer = await system.call("operator", "POST", "/recipients:import", file, headers);
    assert.ok(answer.status === 422 || answer.status === 400, `${answer.status} ${answer.raw}`);
    for (const [at, where] of expected) {
      assert.ok(answer.body.errors.some((error) => error.line === at && (where === "" || error.path.startsWith(where)) && error.message), `line ${at} ${where} in ${answer.raw}`);
    }
    assert.equal(await exists(a), false, "all or nothing");
  }
  assert.deepEqual(await system.ok("operator", "POST", "/recipients:import", `\ufeff${columns}\r\n${line(a)}\r\n${line(b)}\r\n`, csv), { imported: 2, errors: [] });
  assert.equal((await system.ok("operator", "GET", `/recipients/${a}`)).name, "站, 带逗号");
  assert.equal((await system.ok("operator", "POST", "/recipients:import", `${JSON.stringify(recipient(a, { name: "新名" }))}\n`, ndjson)).imported, 1);
  assert.equal((await system.ok("operator", "GET", `/recipients/${a}`)).name, "新名");
  assert.ok(await exists(b), "what is not in the file stays");
  const tooMuch = await system.call("operator", "POST", "/recipients:import", `${columns}\n`, { "content-type": "application/json" });
  assertProblem(tooMuch, 415, "neither CSV nor NDJSON");
  for (const id of [a, b]) await system.ok("operator", "DELETE", `/recipients/${id}`);
});

// --------------------------------------------------------------------------------------------- lists and streams

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

test("the journal tells who decided what, from a sequence number on", async () => {
  const { submitted, alert } = await release();
  await close(alert.id);
  const entries = await pages("supervisor", "/journal", "entries", 1000);
  const own = entries.filter((entry) => entry.subject === alert.id || entry.subject === submitted.id);
  assert.deepEqual(own.map((entry) => [entry.type, entry.actor]), [["report.submitted", "210100000000/000101"],
    ["alert.released", "210100000000/000201"], ["alert.closed", "210100000000/000201"]]);
  entries.forEach((entry, index) => assert.ok(index === 0 || Number(entry.sequence) > Number(entries[index - 1].sequence)));
  for (const entry of own) assert.ok(Date.parse(entry.time) > 0 && typeof entry.detail === "object");
  assert.ok(!JSON.stringify(own).includes(submitted.report.child.name), "the journal holds nothing of the child");
  const after = await system.ok("supervisor", "GET", `/journal?after=${own[0].sequence}&page_size=1000`);
  assert.ok(after.entries.every((entry) => Number(entry.sequence) > Number(own[0].sequence)));
});

test("events come in order, resume where they were left, and show each only what it may know", async () => {
  const far = await system.officer("310000000000", "000903", "submitter", "releaser", "supervisor", "operator");
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

// ---------------------------------------------------------------------------------------------------- repeats

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
  await close(answers[0].body.alertId);
});

// --------------------------------------------------------------------------------------------- keys, TLS, operations

test("the keys are published with certificates, as messages and as JWK", async () => {
  const { keys } = await system.ok("station", "GET", "/keys");
  assert.deepEqual(keys.map((key) => key.use).sort(), ["ACTUAL", "EXERCISE"]);
  for (const key of keys) {
    assert.equal(key.algorithm, "ED25519");
    await importSPKI(`-----BEGIN PUBLIC KEY-----\n${key.publicKey}\n-----END PUBLIC KEY-----\n`, "EdDSA");
    assert.ok(key.certificate.length > 100 && Date.parse(key.notBefore) <= Date.now() && Date.parse(key.notAfter) > Date.now());
  }
  const set = await system.call("station", "GET", "/keys", undefined, { accept: "application/jwk-set+json" });
  assert.equal(set.headers["content-type"], "application/jwk-set+json");
  assert.deepEqual(set.body.keys.map((key) => key.kid).sort(), keys.map((key) => key.keyId).sort());
  for (const key of set.body.keys) await importJWK(key, "EdDSA");
});

test("TLS before 1.2 is not spoken, and who is not of the authority is nobody", async () => {
  const agent = new https.Agent({ ca: readFileSync(system.ready.ca), maxVersion: "TLSv1.1", minVersion: "TLSv1", ciphers: "DEFAULT@SECLEVEL=0" });
  await assert.rejects(new Promise((resolve, reject) => https.get(`${system.ready.api}/keys`, { agent }, resolve).on("error", reject)));
});

const metricNames = ["tuanyuan_build_info", "tuanyuan_alerts", "tuanyuan_release_to_received_seconds", "tuanyuan_outbox_oldest_seconds",
  "tuanyuan_deliveries_total", "tuanyuan_acknowledgements_total", "tuanyuan_recipients_silent", "tuanyuan_recipients_unreachable",
  "tuanyuan_promise_violations_total", "tuanyuan_broker_connected", "tuanyuan_ledger_commit_seconds",
  "tuanyuan_certificate_expiry_timestamp_seconds", "tuanyuan_canary_success_timestamp_seconds"];

test("operations answer in the clear, and the metrics have their names", async () => {
  const { alert } = await release();
  for (const kind of ["RECEIVED", "CONFIRMED"]) await system.ok("station", "POST", `/alerts/${alert.id}/acknowledgements`, { revision: 1, kind });
  const read = async (target) => {
    const answer = await fetch(system.ready.ops + target);
    return { status: answer.status, type: answer.headers.get("content-type"), text: await answer.text() };
  };
  assert.equal((await read("/healthz")).status, 200);
  assert.equal((await read("/readyz")).status, 200);
  assert.equal((await read("/nothing")).status, 404);
  const wanted = /tuanyuan_alerts\{[^}]*state="ACTIVE",status="EXERCISE"[^}]*\} [1-9]/;
  let metrics = await read("/metrics");
  // Gauges are reckoned every few seconds.
  for (const deadline = Date.now() + 30_000; Date.now() < deadline && !wanted.test(metrics.text);) metrics = await read("/metrics");
  assert.match(metrics.text, wanted);
  assert.match(metrics.type, /^text\/plain/);
  for (const name of metricNames) assert.match(metrics.text, new RegExp(`^# TYPE ${name} `, "m"), name);
  assert.match(metrics.text, /tuanyuan_acknowledgements_total\{[^}]*kind="CONFIRMED"[^}]*\} [1-9]/);
  assert.match(metrics.text, /tuanyuan_deliveries_total\{[^}]*channel="mqtt"[^}]*\} [1-9]/);
  for (const secret of [alert.id, "210102", system.ready.credentials.station.recipient_id]) {
    assert.ok(!metrics.text.includes(`"${secret}"`), "no label names an alert, a recipient or a county");
  }
  await close(alert.id);
});

test("the log is JSON, a line an event, and knows nothing of the child", async () => {
  const report = sampleReport();
  const { alert } = await release(report);
  await close(alert.id);
  const lines = readFileSync(system.ready.log, "utf8").trim().split("\n");
  const events = lines.map((line) => JSON.parse(line));
  for (const event of events) assert.equal(typeof event.event, "string");
  for (const secret of [report.child.name, report.incidentNumber, report.child.clothing, report.lastSeen.place]) {
    assert.ok(!lines.some((line) => line.includes(secret)), "the child's data is in the log");
  }
});

// ------------------------------------------------------------------------------------------------ command lines

test("the configuration is checked, and what it does not know refused with its path", async () => {
  const text = readFileSync(system.ready.config, "utf8");
  const check = async (changed) => {
    const file = path.join(system.state, "changed.toml");
    writeFileSync(file, changed);
    const { status, stdout, stderr } = await system.run("tuanyuand", ["--config", file, "--check-config"]);
    return { status, said: stdout + stderr };
  };
  assert.equal((await check(text)).status, 0);
  const rows = [[text.replace("[api]", "[api]\ncolour = 1"), "api.colour"], [`${text}\n[nonsense]\nkey = 1\n`, "nonsense"],
    [text.replace(/^port = \d+/m, "port = 99999999"), "api.port"], [text.replace(/^port = \d+/m, 'port = "x"'), "api.port"],
    [text.replace(/^master_key = .*/m, 'master_key = "/nowhere"'), "vault.master_key"], ["=", ""]];
  for (const [changed, expected] of rows) {
    const { status, said } = await check(changed);
    assert.notEqual(status, 0, changed.slice(0, 60));
    assert.ok(said.includes(expected), `${expected} in ${said}`);
  }
  assert.match((await system.run("tuanyuand", ["--version"])).stdout, /\d+\.\d+/);
  const example = path.join(root, "config/tuanyuan.example.toml");
  assert.ok(readFileSync(example, "utf8").includes("[api]"));
});

test("tuanyuanctl does it all, and its status says how it went", async () => {
  const file = path.join(system.state, "report.json");
  writeFileSync(file, JSON.stringify(sampleReport()));
  const json = async (who, ...args) => {
    const { status, stdout, stderr } = await system.ctl(who, ...args, "--json");
    assert.equal(status, 0, `${args.join(" ")}: ${stderr}`);
    return JSON.parse(stdout);
  };
  const report = await json("submitter", "report", "submit", file);
  assert.equal((await json("submitter", "report", "show", report.id)).id, report.id);
  await json("submitter", "report", "list");
  await json("releaser", "report", "preview", report.id);
  const alert = await json("releaser", "report", "release", report.id, "--status", "EXERCISE");
  for (const args of [["alert", "list"], ["alert", "show", alert.id], ["board", alert.id], ["keys"]]) await json("releaser", ...args);
  await json("supervisor", "journal");
  await json("operator", "recipient", "list");
  await json("operator", "recipient", "show", system.ready.credentials.station.recipient_id);
  const notice = path.join(system.state, "notice.bin");
  const station = await system.subscriber("station", [`tuanyuan/v1/notices/partner/210102/${alert.id}`]);
  writeFileSync(notice, (await station.next(() => true, "the notice")).payload);
  await station.end();
  await json("station", "verify", notice);
  const out = path.join(system.state, "enrolled");
  const enrolled = await system.ctl("operator", "recipient", "enrol", system.ready.credentials.station.recipient_id, "--out", out);
  assert.equal(enrolled.status, 0, enrolled.stderr);
  const line = (enrolled.stdout + enrolled.stderr).split("\n").find((is) => is.includes("mosquitto_sub"));
  const heard = execFileSync("sh", ["-c", `${line} -C 50 -W 2 || true`], { encoding: "utf8" });
  assert.ok(heard.includes(alert.id), `the printed line hears what is in force: ${line}`);
  await json("releaser", "alert", "close", alert.id, "--outcome", "FOUND_SAFE", "--cause", "LOST", "--reason", "演练结束");

  const rows = [
    [0, "releaser", "--version"], [1, "submitter", "report", "release", report.id], [1, "releaser", "alert", "show", nothing],
    [1, "releaser", "report", "release", report.id], [2, "releaser", "alert", "shwo"], [2, "releaser"], [2, "releaser", "board"],
    [2, "releaser", "alert", "close", alert.id, "--outcome", "MAYBE", "--cause", "LOST", "--reason", "x"],
    [3, "releaser", "--api", "https://localhost:1/api/v1", "--timeout", "1", "alert", "list"],
  ];
  for (const [expected, who, ...args] of rows) {
    const { status, stdout, stderr } = await system.ctl(who, ...args);
    assert.equal(status, expected, `${args.join(" ")}: ${stdout}${stderr}`);
  }
});
