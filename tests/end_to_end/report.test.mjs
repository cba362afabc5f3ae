// What a report has to hold at 3 a.m., in JSON and in protobuf, and in which system its position comes out.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { assertProblem, identity, iso, pathsOf, startSystem } from "./calls.mjs";
import { message, sampleReport } from "./system.mjs";

const { system, submit, close } = startSystem();

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
