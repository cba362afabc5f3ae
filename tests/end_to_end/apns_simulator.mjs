// Apple's push service as its documentation describes it, on Node's http2: who it is spoken to by has to keep the rules, and it
// has bad days on demand. apns_simulator.test.mjs has it admitted by clients that speak to Apple's own. What Apple does beyond its
// documentation, nobody here knows.
import { createPublicKey, verify } from "node:crypto";
import http2 from "node:http2";

const payloadBytesMax = 4096;
const minute = 60;
const refused = 0x7;

export class ApnsSimulator {
  devices = new Map(); // token → { alive, shown: Map(collapse id → notification), heard: [notification] }
  requests = []; // { token, headers, payload, session, status, reason }
  waiting = [];
  sessions = [];
  issued = new Set(); // when the provider tokens that were taken say that they were made
  /// Of bad days: (request, stream, session) → { status, reason, headers, hang, goaway, refuse } or nothing.
  mischief = () => undefined;
  now = () => Math.floor(Date.now() / 1000);

  /// `publicKey`: of the team's key, in PEM.
  constructor({ key, cert, publicKey, keyId, teamId, topic }) {
    Object.assign(this, { key, cert, publicKey: createPublicKey(publicKey), keyId, teamId, topic });
  }

  async listen(port = 0) {
    this.server = http2.createSecureServer({ key: this.key, cert: this.cert, settings: { maxConcurrentStreams: 1 } });
    this.server.on("session", (session) => {
      session.index = this.sessions.push(session) - 1;
      session.trusted = false;
      session.on("error", () => {});
    });
    this.server.on("stream", (stream, headers) => this.take(stream, headers));
    await new Promise((resolve) => this.server.listen(port, "127.0.0.1", resolve));
    this.port = this.server.address().port;
    return this;
  }

  close() {
    for (const session of this.sessions) session.destroy();
    this.server.close();
  }

  device(token) {
    const device = { alive: true, shown: new Map(), heard: [] };
    this.devices.set(token, device);
    return device;
  }

  /// The first request that matches, now or later.
  next(matches, what = "a push", deadline = 20_000) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${what} did not come: ${this.requests.map((one) => `${one.status} ${one.reason ?? ""}`)}`)), deadline);
      const check = () => {
        const found = this.requests.find(matches);
        if (!found) return;
        clearTimeout(timer);
        this.waiting.splice(this.waiting.indexOf(check), 1);
        resolve(found);
      };
      this.waiting.push(check);
      check();
    });
  }

  take(stream, headers) {
    const chunks = [];
    stream.on("error", () => {});
    stream.on("data", (chunk) => chunks.push(chunk));
    stream.on("end", () => {
      const request = { token: headers[":path"].split("/").pop(), headers, body: Buffer.concat(chunks), session: stream.session.index };
      const answer = this.mischief(request, stream, stream.session) ?? this.judge(request, stream.session);
      Object.assign(request, { status: answer.status, reason: answer.reason });
      if (answer.status === 200) this.show(request);
      this.requests.push(request);
      this.say(stream, request, answer);
      for (const check of [...this.waiting]) check();
    });
  }

  say(stream, request, answer) {
    if (answer.goaway !== undefined) stream.session.goaway(0, answer.goaway, Buffer.from('{"reason":"Shutdown"}'));
    if (answer.hang || stream.destroyed) return;
    if (answer.refuse) return void stream.close(refused);
    const timestamp = answer.status === 410 ? { timestamp: Date.now() - 1000 } : {};
    stream.respond({ ":status": answer.status, "apns-id": request.headers["apns-id"] ?? "00000000-0000-4000-8000-000000000000", ...answer.headers });
    stream.end(answer.reason ? JSON.stringify({ reason: answer.reason, ...timestamp }) : undefined);
  }

  show(request) {
    const device = this.devices.get(request.token);
    const notification = { ...request.payload, headers: request.headers };
    device.heard.push(notification);
    device.shown.set(request.headers["apns-collapse-id"] ?? request.headers["apns-id"], notification);
  }

  judge(request, session) {
    const { headers } = request;
    const no = (status, reason) => ({ status, reason });
    if (headers[":method"] !== "POST") return no(405, "MethodNotAllowed");
    if (!/^\/3\/device\/[^/?#]+$/.test(headers[":path"])) return no(404, "BadPath");
    const distrust = this.judgeToken(headers.authorization);
    if (distrust) return distrust;
    if (!session.trusted) {
      session.trusted = true; // from now on it may have many streams
      session.settings({ maxConcurrentStreams: 1000 });
    }
    if (!headers["apns-topic"]) return no(400, "MissingTopic");
    if (headers["apns-topic"] !== this.topic) return no(400, "TopicDisallowed");
    if (headers["apns-push-type"] !== "alert") return no(400, "InvalidPushType");
    if (!["1", "5", "10"].includes(headers["apns-priority"] ?? "10")) return no(400, "BadPriority");
    if (!/^\d+$/.test(headers["apns-expiration"] ?? "0")) return no(400, "BadExpirationDate");
    if (Buffer.byteLength(headers["apns-collapse-id"] ?? "") > 64) return no(400, "BadCollapseId");
    const id = headers["apns-id"];
    if (id !== undefined && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return no(400, "BadMessageId");
    if (request.body.length === 0) return no(400, "PayloadEmpty");
    if (request.body.length > payloadBytesMax) return no(413, "PayloadTooLarge");
    try {
      request.payload = JSON.parse(request.body);
    } catch {
      return no(400, "PayloadEmpty");
    }
    if (!/^[0-9a-f]+$/i.test(request.token)) return no(400, "BadDeviceToken");
    const device = this.devices.get(request.token);
    if (!device) return no(400, "BadDeviceToken");
    return device.alive ? { status: 200 } : no(410, "Unregistered");
  }

  /// Nothing: it is good.
  judgeToken(authorization) {
    const no = (status, reason) => ({ status, reason });
    if (!authorization) return no(403, "MissingProviderToken");
    const jwt = authorization.match(/^bearer ([\w-]+)\.([\w-]+)\.([\w-]+)$/i);
    if (!jwt) return no(403, "InvalidProviderToken");
    const [head, claims] = [jwt[1], jwt[2]].map((part) => JSON.parse(Buffer.from(part, "base64url")));
    const signed = verify("sha256", Buffer.from(`${jwt[1]}.${jwt[2]}`), { key: this.publicKey, dsaEncoding: "ieee-p1363" }, Buffer.from(jwt[3], "base64url"));
    if (!signed || head.alg !== "ES256" || head.kid !== this.keyId || claims.iss !== this.teamId) return no(403, "InvalidProviderToken");
    const age = this.now() - claims.iat;
    if (age > 60 * minute || age < -5 * minute) return no(403, "ExpiredProviderToken");
    const latest = Math.max(...this.issued);
    if (!this.issued.has(claims.iat) && claims.iat - latest < 20 * minute) return no(429, "TooManyProviderTokenUpdates");
    this.issued.add(claims.iat);
    return undefined;
  }
}
