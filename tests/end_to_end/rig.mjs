// The same system in parts: what `deploy/quickstart --serve` made (keys, directory, configuration) is taken over, and
// daemon, broker and stations are started one by one, each where and how a test wants it: in a network of its own,
// with few file descriptors, under a clock that lies.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import http from "node:http";
import { connect } from "node:net";
import path from "node:path";
import readline from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { run } from "./namespaces.mjs";
import { root, System } from "./system.mjs";

const patience = 60_000;

/// Asks until the answer is good; fails with the last one when it never is.
export async function until(what, ask, deadline = patience) {
  const end = Date.now() + deadline;
  for (let last; ;) {
    try {
      const answer = await ask();
      if (answer) return answer;
      last = answer;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`, { cause: last });
    await delay(50);
  }
}

/// Whether somebody listens there.
export const listens = (port, host) => new Promise((resolve) => {
  const socket = connect(port, host, () => resolve(true)).on("error", () => resolve(false));
  socket.on("connect", () => socket.destroy());
});

/// A program that runs until it is stopped. `via`: what it is started through (nsenter, prlimit); `stdin`: "pipe" where it is
/// told something. When the tests die, it dies.
export class Child {
  constructor(file, args, { via = [], env = {}, cwd, stdin = "ignore" } = {}) {
    const [first, ...rest] = [...via, "setpriv", "--pdeathsig", "KILL", "--", file, ...args];
    this.process = spawn(first, rest, { stdio: [stdin, "pipe", "pipe"], cwd, env: { ...process.env, ...env } });
    this.output = "";
    this.lines = [];
    this.exited = new Promise((resolve) => {
      this.process.once("close", (code, signal) => resolve(code ?? signal));
      this.process.once("error", resolve);
    });
    this.exited.then((status) => { this.status = status; });
    readline.createInterface({ input: this.process.stdout }).on("line", (line) => { this.lines.push(line); });
    this.process.stderr.on("data", (chunk) => { this.output = (this.output + chunk).slice(-20_000); });
  }

  get pid() { return this.process.pid; }
  get isAlive() { return this.status === undefined; }

  async stop(signal = "SIGTERM") {
    if (this.isAlive) this.process.kill(signal);
    return this.exited;
  }

  /// What it printed, a JSON object a line.
  events(name) {
    return this.lines.map((line) => JSON.parse(line)).filter((event) => event.event === name);
  }
}

const program = (name) => path.join(process.env.TUANYUAN_BUILD ?? path.join(root, "build/release"), "daemon", name);

export class Rig extends System {
  mounts = [];

  /// Has everything made, and stops it again.
  async prepare() {
    await this.start();
    await this.stop();
    this.children = new Set();
    this.own = { toml: readFileSync(this.ready.config, "utf8"), broker: readFileSync(path.join(this.state, "mosquitto.conf"), "utf8") };
    return this;
  }

  /// A key of the daemon's configuration: `table.key`, and its value in TOML.
  configure(settings) {
    for (const [name, value] of Object.entries(settings)) {
      const [table, key] = name.split(".");
      const line = `${key} = ${JSON.stringify(value)}`;
      const [head, section, tail] = this.sectionOf(table);
      const known = new RegExp(`^${key} = .*$`, "m");
      this.own.toml = head + (known.test(section) ? section.replace(known, line) : section.replace(/\n/, `\n${line}\n`)) + tail;
    }
  }

  sectionOf(table) {
    const from = this.own.toml.indexOf(`[${table}]\n`);
    if (from < 0) return [`${this.own.toml}\n`, `[${table}]\n`, ""];
    const end = this.own.toml.indexOf("\n[", from);
    return end < 0 ? [this.own.toml.slice(0, from), this.own.toml.slice(from), ""] :
      [this.own.toml.slice(0, from), this.own.toml.slice(from, end), this.own.toml.slice(end)];
  }

  child(...args) {
    const child = new Child(...args);
    this.children.add(child);
    child.exited.then(() => this.children.delete(child));
    return child;
  }

  async startBroker(options) {
    const file = path.join(this.state, "mosquitto.conf");
    writeFileSync(file, this.own.broker);
    this.broker = this.child("mosquitto", ["-c", file], { env: { PATH: `${process.env.PATH}:/usr/sbin` }, ...options });
    const { hostname, port } = new URL(this.ready.mqtt);
    await until("the broker", () => this.broker.isAlive ? listens(Number(port), hostname) : "dead");
    assert.ok(this.broker.isAlive, `the broker ended: ${this.broker.output}`);
  }

  /// Until it answers; `connected`: and has the broker.
  async startDaemon({ connected = true, ...options } = {}) {
    writeFileSync(this.ready.config, this.own.toml);
    this.daemon = this.child(program("tuanyuand"), ["--config", this.ready.config], options);
    await until("the daemon", async () => {
      if (!this.daemon.isAlive) return "dead";
      const { status, body } = await this.readyz();
      return status === 200 && (!connected || !body.degraded.broker);
    });
    assert.ok(this.daemon.isAlive, `the daemon ended: ${this.daemon.output}`);
  }

  /// One recipient's own program, which prints what it does.
  station(credential, { args = [], ...options } = {}) {
    return this.child(program("tuanyuan-station"), ["--broker", this.ready.mqtt, "--ca", this.ready.ca, "--certificate", credential.certificate,
      "--key", credential.key, "--recipients", this.ready.recipients, "--recipient", credential.recipient_id, ...args], options);
  }

  /// A connection of its own each time, as a probe's, unless an agent keeps one.
  operations(target, agent = false) {
    return new Promise((resolve, reject) => {
      const request = http.get(this.ready.ops + target, { agent, timeout: 20_000 }, (response) => {
        let text = "";
        response.on("data", (chunk) => { text += chunk; }).on("error", reject);
        response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, text }));
      });
      request.on("error", reject).on("timeout", () => request.destroy(new Error("no answer")));
    });
  }

  async readyz() {
    const { status, headers, text } = await this.operations("/readyz");
    return { status, headers, body: JSON.parse(text) };
  }

  /// A sample's value; `labels` as they stand in the text. Nothing: there is no such sample.
  async metric(name, labels = "") {
    const { text } = await this.operations("/metrics");
    const line = text.split("\n").find((each) => /^[{ ]/.test(each.slice(name.length)) && each.startsWith(name) && each.includes(labels));
    return line && Number(line.split(" ").at(-1));
  }

  /// A part that /readyz names with what is wrong, and the gauge that goes with it.
  degraded(part, is = /./, deadline = patience) {
    return until(`${part} to be degraded`, async () => {
      const { status, body } = await this.readyz();
      return is.test(body.degraded[part] ?? "") && await this.metric("tuanyuan_degraded", `part="${part}"`) === 1 && { status, what: body.degraded[part] };
    }, deadline);
  }

  well(part, deadline = patience) {
    return until(`${part} to be well`, async () => {
      const { status, body } = await this.readyz();
      return status === 200 && !(part in body.degraded) && await this.metric("tuanyuan_degraded", `part="${part}"`) === 0;
    }, deadline);
  }

  /// A directory of its own.
  directory(name) {
    const place = path.join(this.state, name);
    mkdirSync(place);
    return place;
  }

  /// A disk of its own, small enough to be filled; gone at the end. Only in a mount namespace (namespaces.mjs).
  disk(name, size) {
    const place = path.join(this.state, name);
    mkdirSync(place);
    run("mount", "-t", "tmpfs", "-o", `size=${size}`, "none", place);
    this.mounts.push(place);
    return place;
  }

  /// The broker's settings belong to no quickstart: another port or certificate, for instance.
  configureBroker(replace) { this.own.broker = replace(this.own.broker); }

  async end() {
    for (const agent of this.agents?.values() ?? []) agent.destroy();
    await Promise.all([...(this.children ?? [])].map((child) => child.stop("SIGKILL")));
    await super.stop();
    for (const place of this.mounts) run("umount", "--lazy", place);
    this.remove();
  }
}
