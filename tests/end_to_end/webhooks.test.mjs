// Recipients that hear by webhook, on a server of Node's that believes only what npm's standardwebhooks has verified.
import assert from "node:assert/strict";
import http from "node:http";
import { after, before, test } from "node:test";
import { Webhook } from "standardwebhooks";
import { recipient, startSystem } from "./calls.mjs";

const { system, release, close } = startSystem();
const secret = `whsec_${Buffer.from("twenty-four bytes, or more").toString("base64")}`;

/// Answers each path as it is told to, and keeps what came in.
class Receiver {
  answers = new Map();
  seen = [];
  waiting = [];

  async listen() {
    this.server = http.createServer((request, response) => {
      const chunks = [];
      request.on("data", (chunk) => chunks.push(chunk));
      request.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        this.seen.push({ path: request.url, headers: request.headers, text, body: JSON.parse(text) });
        const [status, headers] = this.answers.get(request.url)?.shift() ?? [204, {}];
        response.writeHead(status, headers).end();
        for (const check of [...this.waiting]) check();
      });
    });
    await new Promise((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    this.base = `http://127.0.0.1:${this.server.address().port}`;
  }

  next(path, kind, deadline = 20_000) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${kind} did not come to ${path}: ${this.seen.map((one) => one.text)}`)), deadline);
      const check = () => {
        const found = this.seen.find((one) => one.path === path && one.body.kind === kind);
        if (!found) return;
        clearTimeout(timer);
        this.waiting.splice(this.waiting.indexOf(check), 1);
        resolve(found);
      };
      this.waiting.push(check);
      check();
    });
  }

  close() {
    this.server.closeAllConnections();
    this.server.close();
  }
}

const receiver = new Receiver();
before(() => receiver.listen());
after(() => receiver.close());

const subscribe = (id, path, changes = {}) => system.ok("operator", "PUT", `/recipients/${id}`, recipient(id, {
  endpoints: [{ channel: "webhook", address: receiver.base + path, secret }], ...changes,
}));

/// Until the board says so: by its events, not by the clock.
async function received(alert, id) {
  const events = await system.events("supervisor", 0);
  await events.next(({ event, data }) => event === "acknowledgement" && data.alertId === alert, `RECEIVED of ${id}`);
  events.end();
  return system.ok("supervisor", "GET", `/alerts/${alert}/board`);
}

test("an alert and its end go out signed, and the answer counts as received", async () => {
  await subscribe("hook-hotel", "/hotel");
  const { alert } = await release();
  const heard = await receiver.next("/hotel", "ALERT");
  const verified = new Webhook(secret).verify(heard.text, heard.headers);
  assert.deepEqual([verified.alertId, verified.revision, verified.step], [alert.id, 1, 0]);
  assert.equal(verified.notice.alertId, alert.id);
  assert.equal(verified.notice.audience, "PARTNER");
  assert.deepEqual(JSON.parse(Buffer.from(verified.jws.split(".")[1], "base64url")), verified.notice, "the very bytes that were signed");
  assert.throws(() => new Webhook(secret).verify(heard.text.replace("ALERT", "CLOSE"), heard.headers));
  const board = await received(alert.id, "hook-hotel");
  assert.equal(board.counts.RECEIVED, 1);
  await close(alert.id);
  const end = await receiver.next("/hotel", "CLOSE");
  assert.equal(new Webhook(secret).verify(end.text, end.headers).revision, 2);
  assert.notEqual(end.headers["webhook-id"], heard.headers["webhook-id"]);
});

test("who is busy is asked again by the same id, and who is gone is not", async () => {
  receiver.answers.set("/busy", [[503, { "retry-after": "1" }]]);
  receiver.answers.set("/gone", [[410, {}]]);
  await subscribe("hook-busy", "/busy");
  await subscribe("hook-gone", "/gone");
  const { alert } = await release();
  const of = (path) => receiver.seen.filter((one) => one.path === path && one.body.alertId === alert.id && one.body.kind === "ALERT");
  await received(alert.id, "hook-busy");
  while (of("/busy").length < 2) await new Promise((resolve) => receiver.waiting.push(resolve));
  assert.equal(new Set(of("/busy").map((one) => one.headers["webhook-id"])).size, 1);
  await receiver.next("/gone", "ALERT");
  assert.equal(of("/gone").length, 1);
  await close(alert.id);
});

test("the link in a webhook answers for who follows it, and not for who only looks", async () => {
  await subscribe("hook-link", "/link");
  const { alert } = await release();
  const { acknowledgeUrl } = new Webhook(secret).verify(...await receiver.next("/link", "ALERT").then((one) => [one.text, one.headers]));
  assert.ok(acknowledgeUrl.startsWith(`${system.ready.api}/callbacks/`));
  const link = acknowledgeUrl.slice(system.ready.api.length);
  const page = await system.call(null, "GET", link);
  assert.equal(page.status, 200);
  assert.match(page.headers["content-security-policy"], /default-src 'none'/);
  assert.match(page.raw.toString(), /<form method="post">/);
  assert.doesNotMatch(page.raw.toString(), /hook-link|小明/);
  const confirmed = async () => (await system.ok("supervisor", "GET", `/alerts/${alert.id}/board`)).counts.CONFIRMED;
  assert.equal(await confirmed(), 0);
  const pressed = await system.call(null, "POST", link, "page=1", { "content-type": "application/x-www-form-urlencoded" });
  assert.match(pressed.raw.toString(), /已记录/);
  assert.equal(await confirmed(), 1);
  const opened = async () => (await system.call(null, "GET", link)).raw.toString();
  assert.match(await opened(), /已记录/);
  assert.doesNotMatch(await opened(), /<button>/, "whoever it is passed on to has nothing to press");
  const again = await system.call(null, "POST", link, { kind: "CONFIRMED" });
  assert.deepEqual([again.status, again.raw.toString()], [200, "DUPLICATE"]);
  const wrong = await system.call(null, "POST", link, { kind: "PERHAPS" });
  assert.deepEqual([wrong.status, wrong.body.errors.map((error) => error.path)], [422, ["kind"]]);
  const others = await system.call(null, "POST", link.replace("hook-link", "hook-hotel"), {});
  assert.equal(others.status, 404);
  await close(alert.id);
  assert.match(await opened(), /已撤下/);
  assert.doesNotMatch(await opened(), /<button>/);
});
