// Debian's haproxy as what answers at a gateway's address, or as what stands before it. It allows few streams, and has a line in a
// file for each request that it has answered (by UDP, as is usual, lines are lost while their reader has no time). A reload is what
// operators do to it: a new one takes the port over, and the old one ends its connections (GOAWAY) and itself.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { listens, until } from "./rig.mjs";

export class Haproxy {
  #files = []; // one for each that was started: haproxy appends to none

  /// `origin`: the port of an HTTP/1.1 server to stand before; nothing: it answers by itself.
  constructor(rig, { name, port, certificate, origin, streams }) {
    Object.assign(this, { rig, port, folder: rig.directory(name) });
    // One file of both, as haproxy wants it.
    const pem = ["crt", "key"].map((end) => readFileSync(`${certificate}.${end}`)).join("");
    writeFileSync(path.join(this.folder, "certificate.pem"), pem, { mode: 0o600 });
    const answer = origin === undefined ? "http-request return status 200 hdr apns-id %[req.hdr(apns-id)]" : "default_backend origin";
    writeFileSync(path.join(this.folder, "haproxy.cfg"), `
global
  log stdout len 4096 format raw daemon
  tune.h2.max-concurrent-streams ${streams}
  maxconn 200
defaults
  mode http
  timeout connect 10s
  timeout client 60s
  timeout server 60s
frontend gateway
  bind 127.0.0.1:${port} ssl crt ${this.folder}/certificate.pem alpn h2
  log global
  http-request set-var(txn.target) path
  http-request set-var(txn.id) req.hdr(apns-id)
  http-request set-var(txn.alert) req.hdr(apns-collapse-id)
  log-format '{"target":"%[var(txn.target),json]","id":"%[var(txn.id),json]","alert":"%[var(txn.alert),json]","status":%ST,"protocol":"%HV","process":%pid,"state":"%ts"}'
  ${answer}
${origin === undefined ? "" : `backend origin\n  server origin 127.0.0.1:${origin}\n`}`);
  }

  start() {
    this.process = this.#run();
    return this.#until("haproxy", () => listens(this.port, "127.0.0.1"));
  }

  #run(...more) {
    const file = path.join(this.folder, `pushes-${this.#files.length}`);
    this.#files.push(file);
    return this.rig.child("haproxy", ["-db", "-f", `${this.folder}/haproxy.cfg`, ...more],
      { via: ["sh", "-c", 'exec "$@" >"$0"', file], env: { PATH: `${process.env.PATH}:/usr/sbin` } });
  }

  #until(what, ask) {
    const child = this.process;
    return until(what, () => {
      if (!child.isAlive) throw new Error(`haproxy ended: ${child.output}`);
      return ask();
    });
  }

  /// Until the new one has bound the port, and has told the old one so: the old one, which ends by itself.
  async reload() {
    const old = this.process;
    this.process = this.#run("-sf", String(old.pid));
    await this.#until("the new haproxy", () => !old.isAlive || old.output.includes("stopped"));
    return old;
  }

  /// Of the requests that they have answered. `process`: which of them; `state`: how it ended, for haproxy.
  get pushes() {
    return this.#files.flatMap((file) => {
      const text = readFileSync(file, "utf8");
      const whole = text.slice(0, text.lastIndexOf("\n") + 1); // the last one may be on its way
      return whole.split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line)); // it says too that it ends
    });
  }

  async stop() { await this.process?.stop(); }
}
