// Starts the whole system as a user does (`deploy/quickstart --serve`) and talks to it with Node's own libraries:
// nothing here is shared with the daemon but the files in proto/.
import { execFile, spawn } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import https from "node:https";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import mqtt from "mqtt";
import protobuf from "protobufjs";

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

const protoRoot = new protobuf.Root();
protoRoot.resolvePath = (origin, target) =>
  target.startsWith("google/protobuf/") ? path.join("/usr/include", target) : path.join(root, "proto", target);
protoRoot.loadSync(["notice", "answer", "keys", "report", "case", "board"].map((name) => `tuanyuan/v1/${name}.proto`));
export const message = (name) => protoRoot.lookupType(`tuanyuan.v1.${name}`);

async function freePortRange() {
  for (;;) {
    const base = 20000 + 40 * Math.floor(Math.random() * 300);
    const free = await new Promise((resolve) => {
      const probe = createServer().once("error", () => resolve(false));
      probe.listen(base, "127.0.0.1", () => probe.close(() => resolve(true)));
    });
    if (free) return base;
  }
}

export class System {
  constructor() {
    this.state = mkdtempSync(path.join(tmpdir(), "tuanyuan-test-"));
  }

  async start() {
    this.portBase ??= await freePortRange();
    this.process = spawn(path.join(root, "deploy/quickstart"),
      ["--serve", "--state", this.state, "--port-base", String(this.portBase)],
      { stdio: ["ignore", "pipe", "pipe"], env: process.env });
    this.output = "";
    this.exited = new Promise((resolve) => this.process.once("exit", (code) => resolve(code)));
    this.ready = await new Promise((resolve, reject) => {
      const take = (chunk) => {
        this.output += chunk;
        const line = this.output.match(/^ready (\{.*\})\n/m);
        if (line) resolve(JSON.parse(line[1]));
      };
      this.process.stdout.on("data", take);
      this.process.stderr.on("data", (chunk) => { this.output += chunk; });
      this.exited.then((code) => reject(new Error(`quickstart ended with ${code}:\n${this.output}`)));
    });
    this.agents = new Map();
    return this;
  }

  async stop() {
    this.process?.kill("SIGINT");
    await this.exited;
  }

  /// As after a power cut: everything is gone at once, only the disk stays.
  async killAll() {
    for (const pid of [this.ready.pid, this.ready.broker_pid]) {
      try { process.kill(pid, "SIGKILL"); } catch { /* gone already */ }
    }
    await this.exited;
  }

  remove() {
    rmSync(this.state, { recursive: true, force: true });
  }

  tls(who) {
    const credential = typeof who === "string" ? this.ready.credentials[who] : who;
    return { ca: readFileSync(this.ready.ca), cert: readFileSync(credential.certificate), key: readFileSync(credential.key) };
  }

  /// Null: somebody without a certificate.
  agentOf(who) {
    if (!this.agents.has(who)) {
      this.agents.set(who, new https.Agent({ ...(who ? this.tls(who) : { ca: readFileSync(this.ready.ca) }), keepAlive: true }));
    }
    return this.agents.get(who);
  }

  /// One API call. Resolves with status, headers, body (parsed where it is JSON).
  call(who, method, target, body, headers = {}) {
    const agent = this.agentOf(who);
    const payload = body === undefined ? undefined : Buffer.isBuffer(body) || typeof body === "string" ? body : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const request = https.request(this.ready.api + target, {
        method, agent, timeout: 30_000,
        headers: { ...(payload === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(payload) }), ...headers },
      }, (response) => {
        const chunks = [];
        response.on("data", (chunk) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const raw = Buffer.concat(chunks);
          const json = /json/.test(response.headers["content-type"] ?? "");
          resolve({ status: response.statusCode, headers: response.headers, raw, body: json && raw.length ? JSON.parse(raw) : raw });
        });
      });
      request.on("error", reject);
      request.on("timeout", () => request.destroy(new Error("no answer")));
      request.end(payload);
    });
  }

  async ok(who, method, target, body, headers) {
    const answer = await this.call(who, method, target, body, headers);
    if (answer.status >= 300) throw new Error(`${method} ${target}: ${answer.status} ${answer.raw}`);
    return answer.body;
  }

  /// The events since `after`, as they come. `end` closes the stream.
  async events(who, after) {
    const seen = [];
    const waiting = [];
    const headers = { accept: "text/event-stream", ...(after === undefined ? {} : { "last-event-id": String(after) }) };
    const request = https.request(this.ready.api + "/events", { agent: new https.Agent(this.tls(who)), headers }).end();
    const response = await new Promise((resolve, reject) => request.once("response", resolve).once("error", reject));
    request.on("error", () => {});
    response.on("error", () => {});
    let text = "";
    response.on("data", (chunk) => {
      text += chunk;
      const blocks = text.split("\n\n");
      text = blocks.pop();
      for (const block of blocks) {
        const fields = Object.fromEntries(block.split("\n").filter((line) => !line.startsWith(":") && line)
          .map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trimStart()]));
        if (fields.data !== undefined) seen.push({ id: Number(fields.id), event: fields.event, data: JSON.parse(fields.data) });
      }
      for (const check of [...waiting]) check();
    });
    return {
      seen, response,
      next(matches, what = "an event", deadline = 20_000) {
        return new Promise((resolve, reject) => {
          const timer = setTimeout(() => reject(new Error(`${what} did not come`)), deadline);
          const check = () => {
            const found = seen.find(matches);
            if (!found) return;
            clearTimeout(timer);
            waiting.splice(waiting.indexOf(check), 1);
            resolve(found);
          };
          waiting.push(check);
          check();
        });
      },
      end: () => request.destroy(),
    };
  }

  /// One of our programs. Resolves with its status and what it printed, whatever the status.
  run(program, args, env = {}) {
    const file = path.join(process.env.TUANYUAN_BUILD ?? path.join(root, "build/release"), "daemon", program);
    return new Promise((resolve) => {
      execFile(file, args, { env: { ...process.env, ...env }, timeout: 60_000, maxBuffer: 64 * 1024 * 1024 },
        (error, stdout, stderr) => resolve({ status: error ? error.code : 0, stdout, stderr }));
    });
  }

  /// tuanyuanctl as one of the ready line's officers.
  ctl(who, ...args) {
    const credential = this.ready.credentials[who];
    return this.run("tuanyuanctl", args, {
      TUANYUAN_API: this.ready.api, TUANYUAN_CA: this.ready.ca, TUANYUAN_CERTIFICATE: credential.certificate,
      TUANYUAN_KEY: credential.key, TUANYUAN_PKI: path.dirname(this.ready.ca), TUANYUAN_BROKER: this.ready.mqtt, TUANYUAN_LANGUAGE: "en",
    });
  }

  /// The certificate of one more officer, of any unit.
  async officer(unit, number, ...roles) {
    const file = path.join(this.state, `officer-${unit}-${number}-${roles.join("-")}`);
    const made = await this.run("tuanyuanctl", ["pki", "unit", path.dirname(this.ready.ca), unit, number,
      ...roles.flatMap((role) => ["--role", role]), "--out", file]);
    if (made.status !== 0) throw new Error(made.stderr);
    return { certificate: `${file}.crt`, key: `${file}.key` };
  }

  /// An MQTT 5 client with a recipient's certificate that remembers what it gets.
  async subscriber(who, topics, options = {}) {
    const client = await mqtt.connectAsync(this.ready.mqtt, { protocolVersion: 5, ...this.tls(who), reconnectPeriod: 0, ...options });
    const seen = [];
    const waiting = [];
    client.on("message", (topic, payload, packet) => {
      const arrived = { topic, payload, packet };
      seen.push(arrived);
      for (const entry of [...waiting]) {
        if (entry.matches(arrived)) {
          waiting.splice(waiting.indexOf(entry), 1);
          entry.resolve(arrived);
        }
      }
    });
    client.on("error", () => {});
    const granted = topics.length ? await client.subscribeAsync(topics, { qos: 1 }) : [];
    return {
      client, seen, granted,
      next(matches, what = "a message", deadline = 20_000) {
        const already = seen.find(matches);
        if (already) return Promise.resolve(already);
        return new Promise((resolve, reject) => {
          const timer = setTimeout(() => reject(new Error(`${what} did not come`)), deadline);
          waiting.push({ matches, resolve: (value) => { clearTimeout(timer); resolve(value); } });
        });
      },
      end: () => client.endAsync(true),
    };
  }
}

export const sha256 = (bytes) => createHash("sha256").update(bytes).digest();

/// A fresh report from the sample: a new incident, a new child, lost 40 minutes ago near the stations.
export function sampleReport(changes = {}) {
  const report = JSON.parse(readFileSync(path.join(root, "config/report.sample.json"), "utf8"));
  const ago = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString();
  report.incidentNumber = `J${randomUUID().replaceAll("-", "").slice(0, 16)}`;
  report.child.name = `演练儿童${randomUUID().slice(0, 6)}`;
  report.lastSeen.time = ago(40);
  report.lastSeen.timeLatest = ago(20);
  return { ...report, ...changes };
}
