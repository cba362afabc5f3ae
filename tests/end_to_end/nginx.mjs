// Debian's nginx as what answers at a gateway's address, or as what stands before it. It ends connections often (GOAWAY after
// `keepalive_requests`), allows few streams, and says in its own log what it has taken.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { listens, until } from "./rig.mjs";

export class Nginx {
  /// `origin`: the port of an HTTP/1.1 server to stand before; nothing: it answers by itself, without reading a body.
  constructor(rig, { name, port, certificate, origin, streams, requests }) {
    this.folder = rig.directory(name);
    const answer = origin === undefined ? "return 200;" : `proxy_pass http://127.0.0.1:${origin}; proxy_http_version 1.1; proxy_set_header Connection "";`;
    const spools = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((kind) => `${kind}_temp_path ${this.folder}/spool;`);
    writeFileSync(path.join(this.folder, "nginx.conf"), `
daemon off;
master_process off; # one process, which ends with the test
pid ${this.folder}/pid;
error_log ${this.folder}/errors info;
events { worker_connections 256; }
http {
  log_format pushes escape=json '{"target":"$uri","id":"$http_apns_id","alert":"$http_apns_collapse_id","status":$status,"protocol":"$server_protocol","connection":$connection,"nth":$connection_requests}';
  access_log ${this.folder}/pushes pushes;
  ${spools.join(" ")}
  server {
    listen 127.0.0.1:${port} ssl http2;
    ssl_certificate ${certificate}.crt;
    ssl_certificate_key ${certificate}.key;
    http2_max_concurrent_streams ${streams};
    keepalive_requests ${requests};
    location / { ${origin === undefined ? "add_header apns-id $http_apns_id; " : ""}${answer} }
  }
}
`);
    this.port = port;
    this.process = rig.child("nginx", ["-p", this.folder, "-e", `${this.folder}/errors`, "-c", `${this.folder}/nginx.conf`],
      { env: { PATH: `${process.env.PATH}:/usr/sbin` } });
  }

  started() {
    return until("nginx", () => {
      if (!this.process.isAlive) throw new Error(`nginx ended: ${this.errors.join("\n")}${this.process.output}`);
      return listens(this.port, "127.0.0.1");
    });
  }

  get errors() { return this.#lines("errors"); }
  /// Of the requests that it has answered, in that order. `connection`: which one; `nth`: which on it.
  get pushes() {
    return this.#lines("pushes").map((line) => JSON.parse(line));
  }

  #lines(name) {
    const file = path.join(this.folder, name);
    const text = existsSync(file) ? readFileSync(file, "utf8") : "";
    return text.slice(0, text.lastIndexOf("\n") + 1).split("\n").filter(Boolean); // the last one may be on its way
  }

  stop() { return this.process.stop(); }
}
