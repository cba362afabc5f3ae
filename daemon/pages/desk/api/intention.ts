// What an officer wants done, once. As long as the words stay the same it keeps its key, so that a repeat after a lost
// connection is known for one and nothing is done twice (Idempotency-Key).
import { NoAnswer, Refused, Stopped, post } from "./call";

/** How long after which failure the same request is sent again by itself; then the officer decides. */
const pausesMs = [500, 1_000, 2_000, 4_000, 8_000];

/** Where the key outlives a reload of the page; nothing of the request itself is kept. */
export interface Memory {
  load(): { key: string; digest: string } | null;
  keep(said: { key: string; digest: string }): void;
}

const nowhere: Memory = { load: () => null, keep: () => {} };

async function digestOf(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Until the time is over, the network says that it is there again, or nothing is to be sent any more. */
function pause(ms: number, end: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const goOn = () => {
      clearTimeout(timer);
      window.removeEventListener("online", goOn);
      end.removeEventListener("abort", goOn);
      resolve();
    };
    const timer = setTimeout(goOn, ms);
    window.addEventListener("online", goOn);
    end.addEventListener("abort", goOn);
  });
}

const passes = (failure: unknown) =>
  failure instanceof NoAnswer || (failure instanceof Refused && failure.problem.status === 503);

export class Intention {
  private repeating = new AbortController();
  private waiting = new AbortController();

  constructor(private readonly memory: Memory = nowhere) {}

  /** It is not sent again; what is under way may still be answered. */
  leave(): void {
    this.repeating.abort();
  }

  /** It is not sent again, and no answer is waited for. What was sent may be done all the same. */
  stop(): void {
    this.repeating.abort();
    this.waiting.abort();
  }

  /** `onWaiting` hears how often it has been tried in vain. */
  async send<T>(target: string, request: unknown, onWaiting: (tries: number) => void): Promise<T> {
    const { signal: end } = (this.repeating = new AbortController());
    const { signal: stop } = (this.waiting = new AbortController());
    const body = JSON.stringify(request);
    const key = await this.keyFor(`${target}\n${body}`);
    for (let tries = 0; !end.aborted; ++tries) {
      try {
        return await post<T>(target, body, key, stop);
      } catch (failure) {
        const ms = pausesMs[tries];
        if (stop.aborted || !passes(failure) || ms === undefined) throw failure;
        onWaiting(tries + 1);
        await pause(ms, end);
      }
    }
    throw new Stopped();
  }

  private said: { key: string; digest: string } | null = null;

  private async keyFor(request: string): Promise<string> {
    const digest = await digestOf(request);
    this.said ??= this.memory.load();
    if (this.said?.digest !== digest) {
      this.said = { key: crypto.randomUUID(), digest };
      this.memory.keep(this.said);
    }
    return this.said.key;
  }
}
