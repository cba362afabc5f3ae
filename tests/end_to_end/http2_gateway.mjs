// Node's http2 as what answers at a gateway's address: it takes its time, writes down whom it has answered, and has bad days on
// demand. Of a stream that it has answered it never says that it was not looked at.
import http2 from "node:http2";

export class Http2Gateway {
  pushes = []; // answered with 200: { target, id, alert, status, protocol, body, session }
  sessions = []; // each with its index, taken (streams), open (streams now), limit (that the client has acknowledged), trouble
  taken = 0; // streams, whatever became of them
  tooMany = 0; // streams that the client had been told not to begin
  allowed = []; // what `allow` was called with, once everybody had heeded it
  /// Of bad days: of each stream that begins. True: it gets no answer.
  onStream = () => false;

  constructor({ key, cert, streams, latency = 10 }) {
    Object.assign(this, { streams, latency, first: streams });
    this.server = http2.createSecureServer({ key, cert, settings: { maxConcurrentStreams: streams } });
    this.server.on("session", (session) => this.#begin(session));
    this.server.on("stream", (stream, headers) => this.#take(stream, headers));
  }

  async listen() {
    await new Promise((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    this.port = this.server.address().port;
    return this;
  }

  #begin(session) {
    Object.assign(session, { index: this.sessions.push(session) - 1, taken: 0, open: 0, limit: Infinity });
    session.on("error", (error) => { session.trouble = error; });
    session.on("localSettings", ({ maxConcurrentStreams }) => {
      session.limit = maxConcurrentStreams;
      this.#look();
    });
    session.on("close", () => this.#look());
    if (this.streams !== this.first) session.settings({ maxConcurrentStreams: this.streams });
  }

  #take(stream, headers) {
    const { session } = stream;
    ++this.taken;
    ++session.taken;
    this.tooMany += ++session.open > session.limit ? 1 : 0;
    stream.on("error", () => {});
    stream.on("close", () => {
      --session.open;
      this.#look();
    });
    if (this.onStream(stream, headers)) return;
    const chunks = [];
    stream.on("data", (chunk) => chunks.push(chunk));
    stream.on("end", () => setTimeout(() => {
      if (stream.destroyed) return; // it was above the last one that a GOAWAY has named
      this.pushes.push({
        target: headers[":path"], id: headers["apns-id"], alert: headers["apns-collapse-id"], status: 200, protocol: "HTTP/2.0",
        body: JSON.parse(Buffer.concat(chunks)), session: session.index,
      });
      stream.respond({ ":status": 200, "apns-id": headers["apns-id"] }, { endStream: true });
    }, this.latency));
  }

  /// So many streams on each session, those to come included. `then`: once all know it, and none has more open.
  allow(streams, then = () => {}) {
    Object.assign(this, { streams, then });
    for (const session of this.sessions) {
      if (!session.destroyed) session.settings({ maxConcurrentStreams: streams });
    }
  }

  #look() {
    const there = this.sessions.filter((session) => !session.destroyed);
    if (!this.then || there.some(({ limit, open }) => limit !== this.streams || open > limit)) return;
    const { then } = this;
    this.then = undefined;
    this.allowed.push(this.streams);
    then();
  }

  close() {
    for (const session of this.sessions) session.destroy();
    this.server.close();
  }
}
