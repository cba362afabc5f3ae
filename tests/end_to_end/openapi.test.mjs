// The served OpenAPI document, judged by its own rules and by ajv (JSON Schema 2020-12): every call is made, and what
// is sent and what is answered has to be what the document says.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import http from "node:http";
import path from "node:path";
import { after, before, test } from "node:test";
import Ajv2020 from "ajv/dist/2020.js";
import { until } from "./rig.mjs";
import { sampleReport, System } from "./system.mjs";

const system = new System();
const inbound = "a-token-that-nobody-guesses";
let document;
let ajv;
before(async () => {
  // What stands in this file is appended to the configuration: also a gateway that hands over replies by a known URL.
  const [password, token] = ["password", "token"].map((name) => path.join(system.state, `gateway.${name}`));
  writeFileSync(password, "none");
  writeFileSync(token, inbound);
  writeFileSync(path.join(system.state, "exercises.toml"), `[gateways.sms]
enabled = true
password = "${password}"
inbound_token = "${token}"

[[exercises]]
name = "by-hand"
approved_by = "210100000000/000201"
division = "210102"
contact_phone = "110"
`);
  await system.start();
  document = await system.ok("station", "GET", "/openapi.json");
  ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false });
  ajv.addFormat("date-time", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/);
  ajv.addKeyword("x-protobuf-message");
  ajv.addSchema({ $id: "tuanyuan:openapi", $defs: { components: closed(document.components) } });
});
after(async () => {
  await system.stop();
  system.remove();
});

/// The same schemas, refusing what they do not name: an answer may not hold what the document does not know.
function closed(value) {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== "object" || value === null) return value;
  const all = Object.fromEntries(Object.entries(value).map(([key, is]) => [key, closed(is)]));
  if (all.properties && !("additionalProperties" in all)) all.additionalProperties = false;
  if (typeof all.$ref === "string") all.$ref = all.$ref.replace("#/components/", "tuanyuan:openapi#/$defs/components/");
  return all;
}

const compiled = new Map();
function assertValid(schema, value, about) {
  const key = JSON.stringify(schema);
  if (!compiled.has(key)) compiled.set(key, ajv.compile(closed(schema)));
  const validate = compiled.get(key);
  assert.ok(validate(value), `${about}: ${JSON.stringify(validate.errors, null, 1)?.slice(0, 1500)}`);
}

const operations = () => Object.entries(document.paths).flatMap(([target, item]) =>
  Object.entries(item).map(([method, operation]) => ({ target, method: method.toUpperCase(), operation })));
const resolve = (object) => (object.$ref ? object.$ref.slice(2).split("/").reduce((at, step) => at[step], document) : object);

test("the document has the form of OpenAPI 3.1", async () => {
  // The structure that the specification requires of the parts that are used here.
  const parameter = { type: "object", required: ["name", "in", "schema"], properties: { name: { type: "string" }, in: { enum: ["query", "header", "path"] }, required: { type: "boolean" }, description: { type: "string" }, schema: { type: "object" } }, additionalProperties: false };
  const content = { type: "object", minProperties: 1, propertyNames: { pattern: "^[a-z]+/[a-z0-9.+-]+$" }, additionalProperties: { type: "object", properties: { schema: { type: "object" } } } };
  const response = { type: "object", anyOf: [{ required: ["$ref"] }, { required: ["description"] }], properties: { description: { type: "string" }, content } };
  const operation = { type: "object", required: ["operationId", "responses"], properties: { operationId: { type: "string" }, summary: { type: "string" }, parameters: { type: "array", items: parameter }, security: { type: "array" },
    requestBody: { type: "object", required: ["content"], properties: { required: { type: "boolean" }, content }, additionalProperties: false }, responses: { type: "object", minProperties: 1, propertyNames: { pattern: "^[1-5]\\d\\d$" }, additionalProperties: response } },
    additionalProperties: false, patternProperties: { "^x-": {} } };
  const judge = new Ajv2020({ strict: false }).compile({ type: "object", required: ["openapi", "info", "paths"], properties: {
    openapi: { pattern: "^3\\.1\\.\\d+$" }, info: { type: "object", required: ["title", "version"] },
    servers: { type: "array", items: { type: "object", required: ["url"] } }, security: { type: "array" },
    paths: { type: "object", propertyNames: { pattern: "^/" }, additionalProperties: { type: "object", propertyNames: { enum: ["get", "post", "put", "delete"] }, additionalProperties: operation } },
    components: { type: "object", propertyNames: { enum: ["schemas", "responses", "securitySchemes"] } } }, additionalProperties: false });
  assert.ok(judge(document), JSON.stringify(judge.errors));

  const names = operations().map(({ operation: is }) => is.operationId);
  assert.equal(new Set(names).size, names.length, "each operationId once");
  for (const { target, operation: is } of operations()) {
    const inPath = [...target.matchAll(/\{(\w+)\}/g)].map((found) => found[1]);
    assert.deepEqual(is.parameters.filter((one) => one.in === "path").map((one) => [one.name, one.required]), inPath.map((name) => [name, true]), target);
  }
  for (const reference of JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)) assert.ok(resolve({ $ref: reference[1] }), reference[1]);
  for (const [name, schema] of Object.entries(document.components.schemas)) assert.doesNotThrow(() => ajv.compile(closed(schema)), name);
});

test("every call is described as it is", async () => {
  const made = new Set();
  const call = async (name, who, parameters, body, headers = {}) => {
    const { target, method, operation } = operations().find((is) => is.operation.operationId === name) ?? assert.fail(`${name} is not described`);
    const url = target.replace(/\{(\w+)\}/g, (_, key) => parameters[key]) + (parameters.query ? `?${parameters.query}` : "");
    const answer = await system.call(who, method, url, body, headers);
    const about = `${name} ${answer.status}`;
    const described = operation.responses[answer.status];
    assert.ok(described, `${about} is not described: ${answer.raw}`);
    const content = resolve(described).content;
    const type = answer.headers["content-type"].split(";")[0];
    assert.ok(content[type], `${about}: ${type} is not described`);
    if (/json/.test(type) && content[type].schema) assertValid(content[type].schema, answer.body, about);
    if (answer.status < 300) {
      if (typeof body === "object" && !Buffer.isBuffer(body)) assertValid(operation.requestBody.content["application/json"].schema, body, `the request of ${name}`);
      const roles = operation["x-roles"];
      const role = { station: "recipient", submitter2: "submitter" }[who] ?? who;
      if (roles) assert.ok(roles.includes(role), `${name} admits ${role}`);
      made.add(name);
    } else {
      assert.equal(type, "application/problem+json", about);
    }
    return answer;
  };

  const submitted = (await call("submitReport", "submitter", {}, sampleReport())).body;
  const { id } = submitted;
  await call("submitReport", "submitter", {}, {});
  await call("submitReport", "station", {}, {});
  await call("submitReport", null, {}, {});
  await call("submitReport", "submitter", {}, "x", { "content-type": "text/plain" });
  await call("submitReport", "submitter", {}, "{");
  await call("listReports", "submitter", { query: "page_size=3" });
  await call("listReports", "submitter", { query: "page_size=0" });
  await call("getReport", "supervisor", { id });
  await call("getReport", "supervisor", { id: "nothing" });
  await call("previewReport", "releaser", { id }, { audiences: ["PARTNER"], radiusKm: 30 });
  const rejected = (await call("submitReport", "submitter", {}, sampleReport())).body;
  await call("rejectReport", "releaser", { id: rejected.id }, { reason: "误报" });
  await call("rejectReport", "releaser", { id: rejected.id }, { reason: "误报" });
  const alert = (await call("releaseReport", "releaser", { id }, { status: "EXERCISE", wake: false, plateOpen: false })).body;
  const at = { id: alert.id };
  await call("listAlerts", "station", {});
  for (const who of ["station", "operator"]) await call("getAlert", who, at);
  await call("getPhoto", "station", at);
  await call("getPoster", "supervisor", { ...at, query: "form=html" });
  await call("getPoster", "supervisor", { ...at, query: "form=clay" });
  await call("acknowledge", "station", at, { revision: 1, kind: "UNABLE", reason: "NO_STAFF", note: "x", at: new Date().toISOString() });
  await call("acknowledge", "submitter", at, { revision: 1, kind: "CONFIRMED", recipientId: system.ready.credentials.station2.recipient_id });
  const sightingId = randomUUID();
  await call("reportSighting", "station", at, { sightingId, seenAt: new Date().toISOString(), position: { latitude: 41.8, longitude: 123.4, crs: "WGS84" }, description: "x" });
  await call("listSightings", "releaser", at);
  await call("assessSighting", "releaser", { id: sightingId }, { assessment: "CREDIBLE", note: "像" });
  await call("listSightings", "releaser", at);
  await call("updateAlert", "releaser", at, { report: { child: { clothing: "红" } }, updateMask: "child.clothing", reason: "x" });
  await call("getBoard", "supervisor", at);
  await call("getReadiness", "supervisor", { query: "latitude=41.8&longitude=123.4&radius_km=100" });
  const exercise = (await call("startExercise", "operator", {}, { name: "by-hand" })).body;
  await call("startExercise", "operator", {}, { name: "by-hand" });
  await call("startExercise", "operator", {}, { name: "nothing" });
  await call("startExercise", "supervisor", {}, { name: "by-hand" });
  await call("startExercise", "operator", {}, { plan: "by-hand" });
  await call("listExercises", "supervisor", {});
  await call("getExerciseScores", "operator", { id: exercise.alertId, query: "page_size=2" });
  await call("getExerciseScores", "operator", { id: "nothing" });
  await call("drawCircle", "releaser", at, { radiusKm: 60, reason: "锁定" });
  await call("suspendAlert", "releaser", at, { audiences: ["PARTNER"], reason: "LEADS_HELD" });
  await call("resumeAlert", "releaser", at, { audiences: ["PARTNER"] });
  await call("closeAlert", "releaser", at, { outcome: "FOUND_SAFE", cause: "LOST", reason: "x" });
  await call("getAlert", "station", at);
  await call("getBoard", "supervisor", at);
  const mistaken = (await call("submitReport", "submitter", {}, sampleReport())).body;
  const second = (await call("releaseReport", "releaser", { id: mistaken.id })).body;
  await call("retractAlert", "releaser", { id: second.id }, { reason: "误发" });

  const { recipients } = (await call("listRecipients", "operator", { query: "page_size=1000" })).body;
  assert.ok(recipients.length > 100);
  const one = (await call("getRecipient", "operator", { id: recipients[0].id })).body;
  const name = { id: `described-${randomUUID().slice(0, 8)}` };
  await call("putRecipient", "operator", name, { ...one, ...name, hours: "Mo-Fr 08:00-18:00" });
  await call("putRecipient", "operator", name, { name: "x" });
  await call("deleteRecipient", "operator", name);
  await call("deleteRecipient", "operator", name);
  await call("importRecipients", "operator", {}, JSON.stringify({ ...one, ...name }), { "content-type": "application/x-ndjson" });
  await call("importRecipients", "operator", {}, "id\nx", { "content-type": "text/csv" });
  await call("deleteRecipient", "operator", name);

  // Whoever asks there hears that nobody is there any more: what is sent to it dies.
  const gone = http.createServer((_, response) => response.writeHead(410).end());
  await new Promise((resolve) => gone.listen(0, "127.0.0.1", resolve));
  const moved = { ...one, id: `moved-${randomUUID().slice(0, 8)}`, audience: "PARTNER", endpoints: [{ channel: "webhook", address: `http://127.0.0.1:${gone.address().port}/` }] };
  await system.ok("operator", "PUT", `/recipients/${moved.id}`, moved);
  await call("listChannels", "operator", {});
  await call("listChannels", "releaser", {});
  await call("pauseChannel", "operator", { id: "webhook" }, { reason: "维护" });
  await call("pauseChannel", "operator", { id: "webhook" }, { reason: "维护" });
  await call("pauseChannel", "operator", { id: "pigeon" }, {});
  await call("listChannels", "operator", {});
  await call("resumeChannel", "operator", { id: "webhook" });
  await call("pauseChannel", "operator", { id: "webhook" }, {});
  await call("testChannel", "operator", { id: "webhook" }, { recipientId: moved.id });
  await call("testChannel", "operator", { id: "webhook" }, { recipientId: "nobody" });
  const third = (await call("submitReport", "submitter", {}, sampleReport())).body;
  const sent = (await call("releaseReport", "releaser", { id: third.id })).body;
  const died = await until("a row that died", async () => {
    const { rows } = (await call("listOutbox", "operator", { query: `channel=webhook&alert=${sent.id}` })).body;
    return rows.find((row) => row.recipientId === moved.id);
  });
  await call("listOutbox", "operator", { query: "channel=pigeon" });
  await call("requeueDelivery", "operator", { id: died.id });
  await call("requeueDelivery", "operator", { id: "nothing" });
  await call("retractAlert", "releaser", { id: sent.id }, { reason: "误发" });
  await call("deleteRecipient", "operator", { id: moved.id });
  gone.close();
  await call("readJournal", "supervisor", { query: "after=0&page_size=1000" });
  for (const who of ["station", "releaser"]) await call("getCaller", who, {});
  await call("getKeys", "station", {});
  await call("getKeys", "station", {}, undefined, { accept: "application/jwk-set+json" });
  await call("getOpenapi", null, {});
  await call("callBack", null, { id: inbound, query: "from=13800000000&text=1" });
  await call("callBack", null, { id: "nothing" });
  await call("callBackWithForm", null, { id: inbound }, { from: "13800000000", text: "1" });
  await call("callBackWithForm", null, { id: inbound }, "from=13800000000&text=1", { "content-type": "application/x-www-form-urlencoded" });
  await call("callBackWithForm", null, { id: inbound }, "{");
  await call("callBackWithForm", null, { id: inbound }, "<a/>", { "content-type": "text/xml" });

  const stream = await system.events("submitter", 0);
  await stream.next((is) => is.event === "alert.retracted", "the last event");
  stream.end();
  const events = document.paths["/events"].get.responses["200"].content["text/event-stream"];
  for (const event of stream.seen) assertValid(events["x-event-data"], event.data, `the event ${event.event}`);
  made.add("followEvents");

  assert.deepEqual(operations().map(({ operation }) => operation.operationId).filter((is) => !made.has(is)), [], "calls that were not made");
});
