// Recipients in group chats. The vendors have no server to test with: this simulator of ours judges each request by what
// their documents say, with Node's own crypto, and answers as they do. It proves that we do what we read, not that they
// would take it.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import http from "node:http";
import { after, before, test } from "node:test";
import { recipient, startSystem } from "./calls.mjs";

const { system, release, close } = startSystem();

/// Vendors by the path of their bots: what a request has to be, and how they answer.
const vendors = {
  "/cgi-bin/webhook/send": {
    key: (url) => url.searchParams.get("key"),
    text: (body) => { assert.equal(body.msgtype, "text"); return body.text.content; },
    judge: () => undefined,
    limit: 2048,
    say: (code) => ({ errcode: code, errmsg: code ? "no" : "ok" }),
  },
  "/robot/send": {
    key: (url) => url.searchParams.get("access_token"),
    text: (body) => { assert.equal(body.msgtype, "text"); return body.text.content; },
    judge(url, body, secret) {
      const timestamp = url.searchParams.get("timestamp");
      if (Math.abs(Date.now() - Number(timestamp)) > 3_600_000) return 310000;
      const sign = createHmac("sha256", secret).update(`${timestamp}\n${secret}`).digest("base64");
      return url.searchParams.get("sign") === sign ? undefined : 310000;
    },
    limit: 20000,
    say: (code) => ({ errcode: code, errmsg: code ? "no" : "ok" }),
  },
  "/open-apis/bot/v2/hook": {
    key: (url) => url.pathname.split("/").pop(),
    text: (body) => { assert.equal(body.msg_type, "text"); return body.content.text; },
    judge(url, body, secret) {
      if (Math.abs(Date.now() / 1000 - Number(body.timestamp)) > 3600) return 19021;
      const sign = createHmac("sha256", `${body.timestamp}\n${secret}`).update("").digest("base64");
      return body.sign === sign ? undefined : 19021;
    },
    limit: 20000,
    say: (code) => ({ code, msg: code ? "no" : "success", data: {} }),
  },
};
const secret = "SECa1b2c3d4e5f6";

class Groups {
  said = []; // { bot, text, ok }
  script = new Map(); // bot → codes to answer with, one after the other
  waiting = [];

  async listen() {
    this.server = http.createServer((request, response) => {
      const chunks = [];
      request.on("data", (chunk) => chunks.push(chunk));
      request.on("end", () => {
        const url = new URL(request.url, "http://bots");
        const [, vendor] = Object.entries(vendors).find(([path]) => url.pathname.startsWith(path));
        const body = JSON.parse(Buffer.concat(chunks).toString("utf8"));
        const bot = vendor.key(url);
        const text = vendor.text(body);
        const code = vendor.judge(url, body, secret) ?? this.script.get(bot)?.shift() ?? 0;
        if (Buffer.byteLength(text) > vendor.limit) throw new Error("too long");
        this.said.push({ bot, text, body, code, id: request.headers["x-message-id"] });
        response.setHeader("content-type", "application/json");
        response.end(JSON.stringify(vendor.say(code)));
        for (const check of [...this.waiting]) check();
      });
    });
    await new Promise((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    this.base = `http://127.0.0.1:${this.server.address().port}`;
  }

  next(bot, what, matches, deadline = 20_000) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${what} did not come to ${bot}`)), deadline);
      const check = () => {
        const found = this.said.find((one) => one.bot === bot && matches(one));
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

const groups = new Groups();
before(() => groups.listen());
after(() => groups.close());

const addresses = {
  wecom: (bot) => `${groups.base}/cgi-bin/webhook/send?key=${bot}`,
  dingtalk: (bot) => `${groups.base}/robot/send?access_token=${bot}`,
  feishu: (bot) => `${groups.base}/open-apis/bot/v2/hook/${bot}`,
};
const join = (id, channel, changes = {}) => system.ok("operator", "PUT", `/recipients/${id}`, recipient(id, {
  endpoints: [{ channel, address: addresses[channel](id), secret: channel === "wecom" ? "" : secret }], ...changes,
}));

async function received(alert, count) {
  const events = await system.events("supervisor", 0);
  await events.next(() => events.seen.filter(({ event, data }) => event === "acknowledgement" && data.alertId === alert).length >= count,
    `${count} times RECEIVED`);
  events.end();
}

test("an alert is said in each group, signed as its vendor wants it, and its end is said there too", async () => {
  for (const channel of Object.keys(addresses)) await join(`bot-${channel}`, channel, { languages: ["zh-CN", "en"] });
  const { submitted, alert } = await release();
  const child = submitted.report.child.name;
  for (const channel of Object.keys(addresses)) {
    const heard = await groups.next(`bot-${channel}`, "the alert", ({ code }) => code === 0);
    assert.ok(heard.text.startsWith("【演练】"), heard.text);
    assert.ok(heard.text.includes(child) && heard.text.includes("Missing child"), heard.text);
    assert.match(heard.text, /消息编号：[0-9a-f]{8}$/);
  }
  await received(alert.id, 3);
  for (const channel of Object.keys(addresses)) {
    const { text } = await groups.next(`bot-${channel}`, "the alert", ({ code }) => code === 0);
    const [, link] = text.match(/确认：\n(\S+)\n消息编号/);
    assert.ok(link.startsWith(`${system.ready.api}/callbacks/`), link);
    const target = link.slice(system.ready.api.length);
    assert.match((await system.call(null, "GET", target)).raw.toString(), /<button>/);
    const pressed = await system.call(null, "POST", target, "page=1", { "content-type": "application/x-www-form-urlencoded" });
    assert.match(pressed.raw.toString(), /已记录/);
  }
  const board = await system.ok("supervisor", "GET", `/alerts/${alert.id}/board`);
  assert.equal(board.counts.RECEIVED, 3);
  assert.equal(board.counts.CONFIRMED, 3, "of those who pressed, not of those who only looked");
  await close(alert.id);
  for (const channel of Object.keys(addresses)) {
    const end = await groups.next(`bot-${channel}`, "its end", ({ text }) => text.includes("已结束"));
    assert.ok(!end.text.includes(child), "a recall knows nothing of the child");
  }
});

test("who is throttled is asked again under the same number, and a bot that is gone is left alone", async () => {
  groups.script.set("bot-busy", [-1]);
  groups.script.set("bot-gone", [93000, 93000, 93000]);
  await join("bot-busy", "wecom");
  await join("bot-gone", "wecom");
  const { alert } = await release();
  const first = await groups.next("bot-busy", "the first attempt", ({ code }) => code === -1);
  const again = await groups.next("bot-busy", "the second attempt", ({ code }) => code === 0);
  assert.equal(again.id, first.id);
  assert.equal(again.text, first.text);
  await groups.next("bot-gone", "the attempt", ({ code }) => code === 93000);
  assert.equal(groups.said.filter(({ bot }) => bot === "bot-gone").length, 1);
  await close(alert.id);
});
