// The client for HTTP/2 against servers that are not its kin: Debian's nginx and haproxy, and Node's http2, on good days and bad. All of
// them stand where Apple's would. What has arrived, and how often, is told by the servers.
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import http from "node:http";
import http2 from "node:http2";
import path from "node:path";
import { after, before, test } from "node:test";
import { closing, logLines, recipient } from "./calls.mjs";
import { Haproxy } from "./haproxy.mjs";
import { Http2Gateway } from "./http2_gateway.mjs";
import { Nginx } from "./nginx.mjs";
import { Rig, until } from "./rig.mjs";
import { sampleReport } from "./system.mjs";

const rig = new Rig();
const phones = Array.from({ length: 300 }, (_, index) => ({
  id: `phone-${index}`, token: (0xa0000000 + index).toString(16).repeat(8), // 32 bytes, as Apple's are
}));
const streams = 8; // on one connection at once
const connectionsMax = 2 * 4; // of ours to one origin, those included that only finish what they have (push/limits.hpp)
let certificate, toml;

before(async () => {
  await rig.prepare();
  certificate = path.join(rig.state, "gateway");
  const made = await rig.run("tuanyuanctl", ["pki", "server", path.dirname(rig.ready.ca), "localhost", "--out", certificate]);
  assert.equal(made.status, 0, made.stderr);
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256", publicKeyEncoding: { type: "spki", format: "pem" }, privateKeyEncoding: { type: "pkcs8", format: "pem" } });
  writeFileSync(path.join(rig.state, "apns.p8"), privateKey);
  toml = rig.own.toml;
  await rig.startBroker();
  await rig.startDaemon();
  const lines = phones.map(({ id, token }) => JSON.stringify(recipient(id, { endpoints: [{ channel: "apns", address: token }] })));
  const { imported } = await rig.ok("operator", "POST", "/recipients:import", `${lines.join("\n")}\n`, { "content-type": "application/x-ndjson" });
  assert.equal(imported, phones.length);
});
after(() => rig.end());

/// A daemon whose push service answers at that port.
async function pushTo(port) {
  await rig.daemon.stop();
  rig.own.toml = `${toml}
[gateways.apns]
enabled = true
base = "https://localhost:${port}"
key = "${rig.state}/apns.p8"
key_id = "ABC123DEFG"
team_id = "TEAM567890"
topic = "org.example.tuanyuan"
`;
  await rig.startDaemon();
}

/// What is behind a server that stands before something: HTTP/1.1, takes its time, and can keep everybody waiting.
class Origin {
  pushes = [];
  taken = 0;
  open = 0;
  peak = 0;

  async listen() {
    this.server = http.createServer((request, response) => this.#take(request, response));
    await new Promise((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    this.port = this.server.address().port;
    return this;
  }

  async #take(request, response) {
    this.peak = Math.max(this.peak, ++this.open);
    const isHeld = this.taken++ >= this.heldFrom;
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    await (isHeld ? this.held : new Promise((resolve) => setTimeout(resolve, 10)));
    --this.open;
    const { "apns-id": id, "apns-collapse-id": alert } = request.headers;
    this.pushes.push({ target: request.url, id, alert, body: JSON.parse(Buffer.concat(chunks)) });
    response.writeHead(200, { "apns-id": id }).end();
  }

  /// So many are answered as they come, all others once somebody says `go`.
  holdAfter(count) {
    this.heldFrom = count;
    this.held = new Promise((resolve) => { this.go = resolve; });
  }

  close() {
    this.server.closeAllConnections();
    this.server.close();
  }
}

/// Once each of the phones has been pushed to `times` times for that alert, and the daemon wants nothing more of anybody: the pushes.
async function arrived(server, alert, times, deadline) {
  const of = () => server.pushes.filter((push) => push.alert === alert);
  await until(`each phone to be pushed to ${times} times`, () => {
    const ids = new Set(of().map(({ id }) => id));
    if (ids.size < times * phones.length) throw new Error(`${ids.size} of ${times * phones.length}`);
    return true;
  }, deadline);
  await until("the channel to have nothing to do", async () => {
    const { channels } = await rig.ok("operator", "GET", "/channels");
    return channels.find(({ channel }) => channel === "apns").waiting === 0;
  });
  const each = new Map(phones.map(({ token }) => [`/3/device/${token}`, []]));
  for (const { target, id } of of()) each.get(target).push(id);
  for (const [target, ids] of each) {
    assert.equal(ids.length, times, `${target} was pushed to ${ids.length} times`);
    assert.equal(new Set(ids).size, times, `${target} was told the same again`);
  }
  return of();
}

/// What the apps on the phones say, by the URL in what they got.
async function answer(pushes, kind, said) {
  const rest = pushes.filter(({ body }) => body.kind === kind);
  assert.equal(rest.length, phones.length);
  const some = async () => {
    for (let push = rest.pop(); push; push = rest.pop()) {
      const { status, raw } = await rig.call(null, "POST", push.body.acknowledgeUrl.replace(rig.ready.api, "") + said);
      assert.equal(status, 200, String(raw));
    }
  };
  await Promise.all(Array.from({ length: 8 }, some));
}

/// An exercise and its recall, and what has to be true of both whatever the server is like: its pushes. `bodies`: who has kept them;
/// `meanwhile`: what happens while the alert goes out; `between`: before the recall.
async function everybodyOnce(server, { bodies, meanwhile = async () => {}, between = async () => {}, deadline } = {}) {
  const submitted = await rig.ok("submitter", "POST", "/reports", sampleReport());
  const { id: alert } = await rig.ok("releaser", "POST", `/reports/${submitted.id}:release`, {});
  const counted = async () => (await rig.ok("supervisor", "GET", `/alerts/${alert}/board`)).byChannel.apns;
  await meanwhile();
  await arrived(server, alert, 1, deadline);
  const { expected, counts } = await counted();
  assert.equal(expected, phones.length);
  assert.equal(counts.RECEIVED, 0, "the push service has it; whether the phone has, nobody says yet");
  if (bodies) {
    await answer(await arrived(bodies, alert, 1), "ALERT", "&status=answered");
    assert.equal((await counted()).counts.RECEIVED, phones.length);
  }
  await between();
  await rig.ok("releaser", "POST", `/alerts/${alert}:close`, closing);
  const all = await arrived(server, alert, 2, deadline);
  if (bodies) {
    await answer(await arrived(bodies, alert, 2), "CLOSE", "&key=1");
    assert.equal((await counted()).counts.REMOVED, phones.length);
  }
  for (const { status, protocol } of all) assert.deepEqual([status, protocol], [200, "HTTP/2.0"]);
  return all;
}
const countBy = (pushes, key) => pushes.reduce((counts, push) => counts.set(push[key], (counts.get(push[key]) ?? 0) + 1), new Map());
/// What was open behind a server tells how many it was asked at once: more than one connection allows, no more than all together do.
const assertAtOnce = ({ peak }) => assert.ok(peak > streams && peak <= streams * connectionsMax, `${peak} at once`);

for (const isBefore of [false, true]) {
  test(`nginx ${isBefore ? "before another server" : "by itself"} says GOAWAY after each 25 requests, and nobody is lost`, async (t) => {
    const origin = isBefore ? await new Origin().listen() : undefined;
    t.after(() => origin?.close());
    const requests = 25;
    const nginx = new Nginx(rig, { name: `nginx-${isBefore}`, port: rig.portBase + 30 + isBefore, certificate, origin: origin?.port, streams, requests });
    t.after(() => nginx.stop());
    await nginx.started();
    await pushTo(nginx.port);
    const all = await everybodyOnce(nginx, { bodies: origin });
    const connections = countBy(all, "connection");
    assert.ok(connections.size >= all.length / requests, `${connections.size} connections`);
    assert.equal(Math.max(...connections.values()), requests, "as many on one as it allows, and not one more");
    assert.deepEqual(nginx.errors.filter((line) => /\[(warn|error|crit|alert|emerg)\]|exceeded|client sent|flood/.test(line)), []);
    if (origin) assertAtOnce(origin);
  });
}

for (const isBefore of [false, true]) {
  test(`haproxy ${isBefore ? "before another server is reloaded in the middle of a burst" : "by itself is reloaded before the recall"}, and nobody is lost`, async (t) => {
    const origin = isBefore ? await new Origin().listen() : undefined;
    t.after(() => origin?.close());
    const haproxy = new Haproxy(rig, { name: `haproxy-${isBefore}`, port: rig.portBase + 32 + isBefore, certificate, origin: origin?.port, streams });
    t.after(() => haproxy.stop());
    await haproxy.start();
    await pushTo(haproxy.port);
    const old = [];
    const reload = async () => { old.push(await haproxy.reload()); };
    origin?.holdAfter(phones.length / 3);
    const all = await everybodyOnce(haproxy, {
      bodies: origin, between: reload,
      meanwhile: async () => {
        if (!origin) return;
        await until("a burst that is held", () => origin.open > streams);
        await reload();
        origin.go();
      },
    });
    for (const each of old) assert.equal(await each.exited, 0, each.output);
    assert.equal(countBy(all, "process").size, old.length + 1, "each has had its part");
    assert.deepEqual([...countBy(all, "state").keys()], [isBefore ? "--" : "LR"], "nothing broken off; LR: answered by itself");
    if (origin) assertAtOnce(origin);
  });
}

// Each has a gateway misbehave, and returns what has to be true of it in the end.
const badDays = {
  "says GOAWAY again and again": (gateway) => {
    gateway.onStream = ({ session }) => void (session.taken === 40 && session.goaway(0)); // it names the last that it has looked at
    return () => assert.ok(gateway.sessions.length > 2 * phones.length / 50, `${gateway.sessions.length} sessions`);
  },
  "refuses streams": (gateway) => {
    const refusals = new Map();
    const unlucky = `/3/device/${phones[7].token}`; // more often than one attempt tries
    gateway.onStream = (stream, { ":path": target }) => {
      const before = refusals.get(target) ?? 0;
      if (target === unlucky ? before === 6 : before > 0 || gateway.taken % 3 > 0) return false;
      refusals.set(target, before + 1);
      stream.close(http2.constants.NGHTTP2_REFUSED_STREAM);
      return true;
    };
    return () => {
      assert.equal(refusals.get(unlucky), 6);
      assert.ok(refusals.size > phones.length / 5, `${refusals.size} phones were refused`);
    };
  },
  "allows fewer streams, then none for a while": (gateway) => {
    gateway.onStream = () => {
      if (gateway.taken === 60) gateway.allow(2);
      if (gateway.taken === 120) gateway.allow(0, () => setTimeout(() => gateway.allow(streams), 300));
    };
    return () => assert.deepEqual(gateway.allowed, [2, 0, streams]);
  },
  "closes a session": (gateway) => {
    const closed = [];
    gateway.onStream = ({ session }) => {
      if (gateway.taken === 100 || gateway.taken === phones.length + 100) closed.push(session.close() ?? session); // it finishes what it has
    };
    return () => assert.deepEqual(closed.map(({ destroyed }) => destroyed), [true, true]);
  },
};
for (const [name, spoil] of Object.entries(badDays)) {
  test(`Node's http2 ${name}, and nobody is lost`, async (t) => {
    const gateway = await new Http2Gateway({ key: readFileSync(`${certificate}.key`), cert: readFileSync(`${certificate}.crt`), streams }).listen();
    t.after(() => gateway.close());
    const check = spoil(gateway);
    await pushTo(gateway.port);
    await everybodyOnce(gateway, { bodies: gateway });
    check();
    assert.equal(gateway.tooMany, 0, "no stream where it had been told to begin none");
    assert.deepEqual(gateway.sessions.filter(({ trouble }) => trouble), [], "nothing against the protocol");
  });
}

// However many requests it had, that is one incident: the gateway is left alone for seconds, not for minutes.
test("Node's http2 breaks a connection off, and nobody is lost", async (t) => {
  const gateway = await new Http2Gateway({ key: readFileSync(`${certificate}.key`), cert: readFileSync(`${certificate}.crt`), streams }).listen();
  t.after(() => gateway.close());
  let broken;
  gateway.onStream = ({ session }) => {
    if (gateway.taken === 100) broken = session; // it gets no answer from now on
    // Once it is full and a PING is answered, all that it was answered before has arrived.
    if (session === broken && session.open === streams) session.ping(() => session.destroy());
    return session === broken;
  };
  await pushTo(gateway.port);
  await everybodyOnce(gateway, { bodies: gateway, deadline: 20_000 });
  assert.ok(broken.destroyed);
});

test("the log names no device and no child", () => {
  const logged = logLines(rig).join("\n");
  assert.equal(phones.some(({ token }) => logged.includes(token)), false);
  assert.equal(logged.includes("演练儿童"), false);
});
