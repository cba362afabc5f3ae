// Firebase Cloud Messaging, HTTP v1, and the service that gives its access tokens, as Google's documentation describes them.
// fcm_simulator.test.mjs has it admitted by Google's own client. What Google does beyond its documentation, nobody here knows.
import { randomUUID } from "node:crypto";
import http from "node:http";
import http2 from "node:http2";
import * as jose from "jose";

const scope = "https://www.googleapis.com/auth/firebase.messaging";
const grant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const fields = {
  message: ["token", "topic", "condition", "notification", "data", "android", "apns"],
  notification: ["title", "body", "image"],
  android: ["priority", "ttl", "collapse_key", "notification"],
  androidNotification: ["channel_id", "notification_priority", "tag"],
  apns: ["headers", "payload"],
};
const within = (object, names) => Object.keys(object).every((name) => names.includes(name));
const targets = fields.message.slice(0, 3);
const joined = /'([\w.~%-]+)' in topics/g;
/// Whether who has joined these topics is meant; undefined where it is no condition.
function meets(condition, topics) {
  const names = [...condition.matchAll(joined)];
  const shape = condition.replaceAll(joined, (_, name) => (topics.has(name) ? "1" : "0"));
  if (names.length === 0 || names.length > 5 || !/^(?:[01()\s]|&&|\|\|)+$/.test(shape)) return undefined;
  try {
    return Function(`"use strict"; return (${shape}) === 1`)();
  } catch {
    return undefined;
  }
}
const camel = (name) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
const either = (names) => names.flatMap((name) => [name, camel(name)]); // protobuf's JSON takes both

export class FcmSimulator {
  devices = new Map(); // token → { alive, topics, shown: Map(tag → notification), heard: [message] }
  requests = []; // { path, version, status, code, message }
  issued = []; // access tokens; the last one alone is good
  asked = 0;
  /// Of bad days: the message → { status, code, headers } or nothing.
  mischief = () => undefined;

  constructor({ publicKey, email, project, keyId, audiences = [] }) {
    Object.assign(this, { publicKey, email, project, keyId, audiences });
  }

  /// HTTP/2 over TLS where there is a certificate, else HTTP/1.1.
  async listen({ key, cert } = {}) {
    const take = (request, response) => this.take(request, response);
    this.server = cert ? http2.createSecureServer({ key, cert }, take) : http.createServer(take);
    this.sessions = new Set();
    this.server.on("session", (session) => this.sessions.add(session.on("close", () => this.sessions.delete(session))));
    await new Promise((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    this.port = this.server.address().port;
    this.base = `${cert ? "https" : "http"}://localhost:${this.port}`;
    this.audiences.push(`${this.base}/token`);
    return this;
  }

  close() {
    for (const session of this.sessions) session.destroy();
    this.server.closeAllConnections?.();
    this.server.close();
  }

  device(token) {
    const device = { alive: true, topics: new Set(), shown: new Map(), heard: [] };
    this.devices.set(token, device);
    return device;
  }

  take(request, response) {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", async () => {
      const body = Buffer.concat(chunks);
      const [status, answer, headers = {}] = request.url === "/token" ? await this.give(request, body) : this.push(request, body);
      response.writeHead(status, { "content-type": "application/json; charset=UTF-8", ...headers }).end(JSON.stringify(answer));
    });
  }

  async give(request, body) {
    this.asked += 1;
    const form = new URLSearchParams(body.toString("utf8"));
    if (!request.headers["content-type"]?.startsWith("application/x-www-form-urlencoded") || form.get("grant_type") !== grant) return [400, { error: "unsupported_grant_type" }];
    try {
      const key = await jose.importSPKI(this.publicKey, "RS256");
      const { payload, protectedHeader } = await jose.jwtVerify(form.get("assertion"), key, { issuer: this.email, audience: this.audiences, algorithms: ["RS256"], maxTokenAge: "1h" });
      if (payload.scope !== scope || payload.exp - payload.iat > 3600 || (protectedHeader.kid ?? this.keyId) !== this.keyId) throw new Error("invalid_scope");
    } catch (error) {
      return [400, { error: "invalid_grant", error_description: error.message }];
    }
    this.issued.push(`ya29.${randomUUID()}`);
    return [200, { access_token: this.issued.at(-1), expires_in: 3599, token_type: "Bearer" }];
  }

  push(request, body) {
    const one = { path: request.url, version: request.httpVersion, headers: request.headers };
    this.requests.push(one);
    const [status, code, headers] = this.judge(one, body);
    Object.assign(one, { status, code });
    if (status === 200) return [200, { name: `projects/${this.project}/messages/${this.requests.length}` }];
    const details = ["UNAUTHENTICATED", "NOT_FOUND"].includes(code) ? [] : [{ "@type": "type.googleapis.com/google.firebase.fcm.v1.FcmError", errorCode: code }];
    if (one.message && !this.is(one.message)) details.push({ "@type": "type.googleapis.com/google.rpc.BadRequest", fieldViolations: [{ field: "message" }] });
    const names = { UNREGISTERED: "NOT_FOUND", QUOTA_EXCEEDED: "RESOURCE_EXHAUSTED" };
    return [status, { error: { code: status, message: "no", status: names[code] ?? code, details } }, headers];
  }

  judge(one, body) {
    if (one.headers.authorization !== `Bearer ${this.issued.at(-1)}`) return [401, "UNAUTHENTICATED"];
    if (one.path.split("?")[0] !== `/v1/projects/${this.project}/messages:send`) return [404, "NOT_FOUND"];
    const { message } = JSON.parse(body.toString("utf8"));
    one.message = message;
    if (!this.is(message)) return [400, "INVALID_ARGUMENT"];
    const bad = this.mischief(message);
    if (bad) return [bad.status, bad.code, bad.headers];
    if (message.token) {
      const device = this.devices.get(message.token);
      if (!device?.alive) return [404, "UNREGISTERED"];
      this.show(device, message);
    }
    for (const device of this.devices.values()) {
      const meant = message.topic ? device.topics.has(message.topic) : message.condition && meets(message.condition, device.topics);
      if (device.alive && meant) this.show(device, message);
    }
    return [200]; // whether anybody has joined, Google does not say
  }

  show(device, message) {
    device.heard.push(message);
    device.shown.set(message.android?.notification?.tag ?? randomUUID(), message);
  }

  is(message) {
    const { notification = {}, data = {}, android = {}, apns = {}, ...rest } = message;
    const given = targets.filter((name) => name in message);
    const most = rest.token === undefined ? 2048 : 4096;
    return given.length === 1 && typeof message[given[0]] === "string" && Buffer.byteLength(JSON.stringify({ notification, data, android, apns })) <= most
      && (rest.topic === undefined || /^[\w.~%-]+$/.test(rest.topic)) && (rest.condition === undefined || meets(rest.condition, new Set()) !== undefined)
      && within(message, fields.message) && within(notification, fields.notification) && within(android, either(fields.android))
      && within(android.notification ?? {}, either(fields.androidNotification)) && within(apns, fields.apns)
      && Object.values(data).every((value) => typeof value === "string") && Object.values(apns.headers ?? {}).every((value) => typeof value === "string")
      && /^(\d+(\.\d+)?s)?$/.test(android.ttl ?? "") && ["NORMAL", "HIGH", undefined].includes(android.priority?.toUpperCase());
  }
}
