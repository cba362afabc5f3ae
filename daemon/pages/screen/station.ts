import type { Account, Answer, Current } from "./current";
import { takeName } from "./page_name";

const retryAfter = 2_000;
const pollEvery = 2_000;
/// The station sends its state every ten seconds; after so long without one the connection is not worth keeping.
const silenceLongest = 25_000;
const answerLongest = 10_000;
/// So often events may fail before they are given up for polling: something between does not let them through.
const eventFailuresMax = 3;

function request(method: string, url: string, body: unknown, done: (status: number, text: string) => void): void {
  const call = new XMLHttpRequest();
  call.open(method, url);
  call.timeout = answerLongest;
  if (body !== undefined) call.setRequestHeader("Content-Type", "application/json");
  call.onload = () => done(call.status, call.responseText);
  call.onerror = call.ontimeout = () => done(0, "");
  call.send(body === undefined ? null : JSON.stringify(body));
}

export interface Heard {
  state(current: Current): void;
  link(isUp: boolean): void;
}

/// The connection to the station that this page came from: its state as events, by polling where events do not get
/// through, and the page's account of what it has, said again until the station has it.
export class Station {
  private page = "";
  private events: EventSource | null = null;
  private eventFailures = 0;
  private retry = 0;
  private watchdog = 0;
  private telling = false;
  private tellAgain = false;

  constructor(
    private readonly heard: Heard,
    private readonly account: () => Account,
  ) {
    window.addEventListener("pagehide", () => this.leave());
  }

  start(): void {
    takeName((name) => {
      this.page = name;
      this.begin();
    });
  }

  private begin(): void {
    clearTimeout(this.retry);
    this.close();
    this.tellThen((status) => {
      if (status !== 200) {
        this.lost();
      } else if (typeof EventSource === "undefined" || this.eventFailures >= eventFailuresMax) {
        this.poll();
      } else {
        this.follow();
      }
    });
  }

  /// Something of the account has changed.
  tell(): void {
    if (this.telling) {
      this.tellAgain = true;
      return;
    }
    this.tellThen((status) => {
      if (status !== 200) setTimeout(() => this.tell(), retryAfter);
    });
  }

  answer(answer: Answer, done: (taken: boolean) => void): void {
    request("POST", "answers", { page: this.page, ...answer }, (status) => done(status === 200));
  }

  private tellThen(done: (status: number) => void): void {
    this.telling = true;
    request("POST", "shown", { page: this.page, ...this.account() }, (status) => {
      this.telling = false;
      if (this.tellAgain && status === 200) {
        this.tellAgain = false;
        this.tell();
      }
      done(status);
    });
  }

  private follow(): void {
    const events = new EventSource(`events?page=${this.page}`);
    this.events = events;
    events.onmessage = (event: MessageEvent<string>) => {
      this.eventFailures = 0;
      this.take(event.data);
    };
    events.onerror = () => {
      this.eventFailures += 1;
      this.lost();
    };
    this.watch();
  }

  private poll(): void {
    request("GET", `current.json?page=${this.page}`, undefined, (status, text) => {
      if (status !== 200) {
        this.lost();
        return;
      }
      this.take(text);
      this.retry = window.setTimeout(() => this.poll(), pollEvery);
    });
  }

  private take(text: string): void {
    this.watch();
    this.heard.link(true);
    this.heard.state(JSON.parse(text) as Current);
  }

  private watch(): void {
    clearTimeout(this.watchdog);
    this.watchdog = window.setTimeout(() => this.lost(), silenceLongest);
  }

  private lost(): void {
    this.close();
    this.heard.link(false);
    clearTimeout(this.retry);
    this.retry = window.setTimeout(() => this.begin(), retryAfter);
  }

  private close(): void {
    clearTimeout(this.watchdog);
    this.events?.close();
    this.events = null;
  }

  /// The window goes: nothing is shown in it any more.
  private leave(): void {
    if (!this.page) return;
    const account = { page: this.page, serial: 0, holds: [], closed: true };
    navigator.sendBeacon("shown", JSON.stringify(account));
  }
}
