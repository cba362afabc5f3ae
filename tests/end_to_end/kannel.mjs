// Debian's Kannel, as an operator sets it up beside the daemon, and behind it npm's smpp as the network's message centre.
// Neither knows anything of us but its configuration.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import smpp from "smpp";
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
  bound(deadline = 30_000) { return this.#until(() => this.session, "Kannel's bind", deadline); }

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

/// bearerbox and smsbox in the rig's state directory, as deploy/kannel has them; `ports`: three that are free.
export function startKannel(rig, { ports: [admin, box, sendsms], centre, user, password, inbound }) {
  const values = {
    admin_port: admin, admin_password: "none", box_port: box, sendsms_port: sendsms, spool: rig.directory("kannel"), ca: rig.ready.ca,
    centre_host: "127.0.0.1", centre_port: centre.port, centre_user: "tuanyuan", centre_password: "secret", user, password, sender: "10690",
    api: rig.ready.api, inbound_token: inbound,
  };
  const sample = readFileSync(path.join(root, "deploy/kannel/kannel.conf.in"), "utf8");
  const file = path.join(rig.state, "kannel.conf");
  writeFileSync(file, sample.replace(/@(\w+)@/g, (_, name) => values[name]));
  const env = { PATH: `${process.env.PATH}:/usr/sbin` };
  return { bearerbox: rig.child("bearerbox", ["-v", "2", file], { env }), startSmsbox: () => rig.child("smsbox", ["-v", "2", file], { env }) };
}
