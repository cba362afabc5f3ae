// What an officer wants done, once. As long as the words stay the same it keeps its key, so that a repeat after a lost
// connection is known for one and nothing is done twice (Idempotency-Key).
import { NoAnswer, Refused, post } from "./call";

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

/** Until the time is over, or the network says that it is there again. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const goOn = () => {
      clearTimeout(timer);
      window.removeEventListener("online", goOn);
      resolve();
    };
    const timer = setTimeout(goOn, ms);
    window.addEventListener("online", goOn);
  });
}

const passes = (failure: unknown) =>
  failure instanceof NoAnswer || (failure instanceof Refused && failure.problem.status === 503);

export class Intention {
  constructor(private readonly memory: Memory = nowhere) {}

  /** `onWaiting` hears how often it has been tried in vain. */
  async send<T>(target: string, request: unknown, onWaiting: (tries: number) => void): Promise<T> {
    const body = JSON.stringify(request);
    const key = await this.keyFor(`${target}\n${body}`);
    for (let tries = 0; ; ++tries) {
      try {
        return await post<T>(target, body, key);
      } catch (failure) {
        const ms = pausesMs[tries];
        if (!passes(failure) || ms === undefined) throw failure;
        onWaiting(tries + 1);
        await pause(ms);
      }
    }
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
