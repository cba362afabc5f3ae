// Debian's Kannel, as an operator sets it up beside the daemon, and behind it the network's message centre: npm's smpp, or the one that
// Kannel's own people test with. None of them knows anything of us but its configuration.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import readline from "node:readline";
import smpp from "smpp";
import { listens, until } from "./rig.mjs";
import { root } from "./system.mjs";

/// A message centre: puts parts together as a handset does, reports each message as delivered, and lets handsets reply.
export class MessageCentre {
  messages = []; // { to, from, parts: [text], text }
  waiting = [];
  undelivered = new Set(); // numbers that cannot be reached
  #pending = new Map();
  #ids = 0;

  async listen() {
    this.server = smpp.createServer((session) => {
      session.on("error", () => {});
      session.on("bind_transceiver", (pdu) => {
        this.session = session;
        session.send(pdu.response());
        this.#tell();
      });
      session.on("enquire_link", (pdu) => session.send(pdu.response()));
      session.on("unbind", (pdu) => { session.send(pdu.response()); session.close(); });
      session.on("submit_sm", (pdu) => this.#take(session, pdu));
    });
    await new Promise((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    this.port = this.server.address().port;
  }

  #take(session, pdu) {
    const id = `m${++this.#ids}`;
    session.send(pdu.response({ message_id: id }));
    const { udh, message } = pdu.short_message;
    const part = { text: message, coding: pdu.data_coding, total: 1, at: 1, reference: id };
    if (udh) {
      const header = Array.isArray(udh) ? udh[0] : udh;
      // 3GPP TS 23.040, 9.2.3.24.1: identifier 0, length 3, reference, how many, which.
      const at = header.length === 6 ? 1 : 0;
      [part.reference, part.total, part.at] = [header[at + 2], header[at + 3], header[at + 4]];
    }
    const key = `${pdu.destination_addr} ${part.reference}`;
    const parts = [...(this.#pending.get(key) ?? []), part];
    this.#pending.set(key, parts);
    if (pdu.registered_delivery) this.#report(session, pdu, id);
    if (parts.length === part.total) {
      parts.sort((one, other) => one.at - other.at);
      this.#pending.delete(key);
      this.messages.push({ to: pdu.destination_addr, from: pdu.source_addr, parts, text: parts.map(({ text }) => text).join("") });
      this.#tell();
    }
  }

  /// 3GPP says nothing of a report's text; this is the form of SMPP 3.4, appendix B.
  #report(session, pdu, id) {
    const reached = !this.undelivered.has(pdu.destination_addr);
    const date = "2601010000";
    session.deliver_sm({
      source_addr: pdu.destination_addr, destination_addr: pdu.source_addr, esm_class: 4,
      short_message: `id:${id} sub:001 dlvrd:${reached ? "001" : "000"} submit date:${date} done date:${date} stat:${reached ? "DELIVRD" : "UNDELIV"} err:000 text:`,
    });
  }

  reply(from, text) {
    this.session.deliver_sm({ source_addr: from, destination_addr: "10690", data_coding: 8, short_message: { message: text } });
  }

  next(to, matches = () => true, deadline = 30_000) {
    return this.#until(() => this.messages.find((each) => each.to === to && matches(each)), `a message to ${to}`, deadline);
  }
  bound() { return this.#until(() => this.session, "Kannel's bind", 30_000); }

  #tell() { for (const check of [...this.waiting]) check(); }
  #until(find, what, deadline) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`waited in vain for ${what}`)), deadline);
      const check = () => {
        const found = find();
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
    this.session?.destroy();
    this.server.close();
  }
}

/// Kannel's fakesmsc (Debian: kannel-extras): has a line for each part that it gets, and takes a line for each that it sends. What
/// has reached it Kannel reports as delivered.
export class FakeSmsc {
  messages = []; // { to, from, parts: [text], text }
  #parts = new Map();
  #sent = 0;

  /// What stands in Kannel's configuration for it: here Kannel listens.
  group(port) {
    this.port = port;
    return `group = smsc\nsmsc = fake\nsmsc-id = centre\nport = ${port}\nconnect-allow-ip = 127.0.0.1\n`;
  }

  async bound(rig) {
    await until("Kannel to listen", () => listens(this.port, "127.0.0.1"));
    this.program = rig.child("/usr/lib/kannel/test/fakesmsc", ["-H", "127.0.0.1", "-r", String(this.port), "-i", "0.01"], { stdin: "pipe" });
    readline.createInterface({ input: this.program.process.stderr }).on("line", (line) => {
      const [, said] = line.match(/Got message \d+: <(.*)>$/) ?? [];
      if (said !== undefined) this.#take(said);
      this.#sent += line.includes("fakesmsc: sent message") ? 1 : 0;
    });
  }

  /// In UCS-2, as is all that we send.
  #take(line) {
    const [, from, to, udh, data] = line.match(/^(\S+) (\S+) (?:udh (\S+) data|ucs-2) (\S+)$/) ?? [];
    if (to === undefined) throw new Error("fakesmsc has got what is not one of our texts");
    const text = decoded(data).swap16().toString("utf16le");
    // 3GPP TS 23.040, 9.2.3.24.1: length, identifier 0, length 3, reference, how many, which.
    const [, , , reference, total, at] = udh === undefined ? [0, 0, 0, 0, 1, 1] : decoded(udh);
    const key = `${to} ${reference}`;
    const parts = this.#parts.get(key) ?? [];
    parts[at - 1] = text;
    this.#parts.set(key, parts);
    if (parts.filter((part) => part !== undefined).length < total) return;
    this.#parts.delete(key);
    this.messages.push({ to, from, parts, text: parts.join("") });
  }

  next(to, matches = () => true) {
    return until(`a message to ${to}`, () => this.messages.find((each) => each.to === to && matches(each)));
  }

  /// Until it has sent it: of two lines that it finds at once it would send the second only once a third comes.
  async reply(from, text) {
    const bytes = Buffer.from(text, "utf16le").swap16();
    const before = this.#sent;
    this.program.process.stdin.write(`${from} 10690 ucs2 ${[...bytes].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("")}\n`);
    await until("the reply to be sent", () => this.#sent > before);
  }
}

/// As Kannel encodes bytes in a line.
const decoded = (text) => Buffer.from(text.replaceAll("+", " ").replace(/%(..)/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))), "latin1");

/// bearerbox and smsbox in the rig's state directory, as deploy/kannel has them; `ports`: three that are free, and one for a centre
/// that calls.
function startKannel(rig, { ports: [admin, box, sendsms, call], centre, user, password, inbound }) {
  const values = {
    admin_port: admin, admin_password: "none", box_port: box, sendsms_port: sendsms, spool: rig.directory("kannel"), ca: rig.ready.ca,
    centre_host: "127.0.0.1", centre_port: centre.port, centre_user: "tuanyuan", centre_password: "secret", user, password, sender: "10690",
    api: rig.ready.api, inbound_token: inbound,
  };
  const sample = readFileSync(path.join(root, "deploy/kannel/kannel.conf.in"), "utf8");
  const adapted = centre.group ? sample.replace(/^group = smsc\n(.+\n)+/m, centre.group(call)) : sample;
  const file = path.join(rig.state, "kannel.conf");
  writeFileSync(file, adapted.replace(/@(\w+)@/g, (_, name) => values[name]));
  const env = { PATH: `${process.env.PATH}:/usr/sbin` };
  return { bearerbox: rig.child("bearerbox", ["-v", "2", file], { env }), startSmsbox: () => rig.child("smsbox", ["-v", "2", file], { env }) };
}

/// Daemon, broker and Kannel, with that message centre behind it.
export async function startSms(rig, centre) {
  const inbound = "reply-token-that-nobody-guesses_1";
  const ports = [30, 31, 32, 33].map((offset) => rig.portBase + offset);
  const secret = (name, text) => {
    const file = path.join(rig.state, name);
    writeFileSync(file, `${text}\n`, { mode: 0o600 });
    return file;
  };
  rig.own.toml += `
[gateways.sms]
enabled = true
base = "http://127.0.0.1:${ports[2]}"
username = "tuanyuan"
password = "${secret("kannel.password", "kannels-word")}"
inbound_token = "${secret("kannel.inbound", inbound)}"
`;
  const kannel = startKannel(rig, { ports, centre, user: "tuanyuan", password: "kannels-word", inbound });
  await centre.bound(rig).catch((error) => { throw new Error(`${error.message}: ${kannel.bearerbox.output}`); });
  kannel.startSmsbox();
  await rig.startBroker();
  await rig.startDaemon();
}
