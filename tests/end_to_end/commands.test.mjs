// The command lines of daemon and operator: tuanyuand's configuration, tuanyuanctl and its exit statuses.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { nothing, startSystem } from "./calls.mjs";
import { root, sampleReport } from "./system.mjs";

const { system } = startSystem();

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
