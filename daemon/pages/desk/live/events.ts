// GET /events, for the whole page at once. Whatever a view shows is read again when something happens to it, and all
// of it when the connection is there again: what was missed is in the journal, and the stream goes on after the last
// event that was seen.
import type { LiveEvent } from "../api/types";

const types = [
  "report.submitted",
  "report.rejected",
  "alert.lookout",
  "alert.released",
  "alert.updated",
  "alert.stepped",
  "alert.held",
  "alert.suspended",
  "alert.resumed",
  "alert.closed",
  "alert.retracted",
  "alert.cleared",
  "acknowledgement",
  "sighting",
  "sighting.assessed",
  "silent",
];

/** The browser comes again by itself after a cut, but not after a refusal. */
const reopenMs = 3_000;

/** Null: something may have been missed, read everything again. */
type Listener = (event: LiveEvent | null) => void;

export class Events {
  /** Since when there is no connection; null: there is one. */
  lostSince: Date | null = null;

  private source: EventSource | null = null;
  private lastId = "";
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly listeners = new Set<Listener>();
  private readonly watchers = new Set<() => void>();

  start(): void {
    this.open();
    window.addEventListener("offline", () => this.lose());
    window.addEventListener("online", () => this.open());
  }

  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Told whenever `lostSince` changes. */
  watch(watcher: () => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /** A call had no answer: the stream may be dead without knowing. */
  doubt(): void {
    if (this.lostSince === null) this.lose();
  }

  /** Something may have been done that no answer has told of: what is shown is read again. */
  reread(): void {
    this.tell(null);
  }

  private open(): void {
    clearTimeout(this.timer);
    this.source?.close();
    const after = this.lastId ? `?last_event_id=${this.lastId}` : "";
    const source = new EventSource(`/api/v1/events${after}`);
    this.source = source;
    source.onopen = () => {
      if (this.source !== source) return;
      const wasLost = this.lostSince !== null;
      this.become(null);
      if (wasLost) this.tell(null);
    };
    source.onerror = () => {
      if (this.source !== source) return;
      this.become(this.lostSince ?? new Date());
      if (source.readyState === EventSource.CLOSED) this.reopenLater();
    };
    for (const type of types) source.addEventListener(type, (event) => this.take(event as MessageEvent<string>));
  }

  private take(event: MessageEvent<string>): void {
    this.lastId = event.lastEventId;
    this.tell(JSON.parse(event.data) as LiveEvent);
  }

  private lose(): void {
    this.source?.close();
    this.become(this.lostSince ?? new Date());
    this.reopenLater();
  }

  private reopenLater(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.open(), reopenMs);
  }

  private become(lostSince: Date | null): void {
    if (this.lostSince === lostSince) return;
    this.lostSince = lostSince;
    for (const watcher of this.watchers) watcher();
  }

  private tell(event: LiveEvent | null): void {
    for (const listener of this.listeners) listener(event);
  }
}

export const events = new Events();
