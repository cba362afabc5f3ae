// The directory: recipients one by one, and as files.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { assertProblem, pathsOf, recipient, startSystem } from "./calls.mjs";

const { system } = startSystem();

test("readiness says of each division one level below what it says of that one alone", async () => {
  const readiness = (query) => system.ok("operator", "GET", `/readiness?page_size=1&${query}`);
  for (const [whole, code] of [["21", /^21\d\d$/], ["2101", /^2101\d\d$/], ["11", /^1101\d\d$/]]) {
    const { divisions } = await readiness(`division=${whole}&by=division`);
    assert.ok(divisions.length > 1, whole);
    for (const { division, recipients, reachable } of divisions) {
      assert.match(division, code);
      const alone = await readiness(`division=${division}`);
      assert.deepEqual([recipients, reachable], [alone.recipients, alone.reachable], division);
    }
    const codes = divisions.map(({ division }) => division);
    assert.deepEqual(codes, [...codes].sort());
  }
  assert.deepEqual((await readiness("division=210102&by=division")).divisions, []);
  const answer = await system.call("operator", "GET", "/readiness?by=county");
  assertProblem(answer, 422, "by=county");
  assert.deepEqual(pathsOf(answer), ["by"]);
});

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
