// From what was chosen to what is made of it, which takes a moment in which something else may be chosen.

export type IntakeState = "idle" | "reading" | "unreadable";

function inTime<T>(work: Promise<T>, msMax: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const deadline = setTimeout(reject, msMax);
    work.then(resolve, reject).finally(() => clearTimeout(deadline));
  });
}

/** Of several the last one counts, and none any more once it is taken back. */
export class Intake<From, To> {
  private last = 0;

  constructor(
    private readonly read: (from: From) => Promise<To>,
    private readonly msMax: number,
    private readonly onState: (state: IntakeState) => void,
  ) {}

  async take(from: From, onRead: (read: To) => void): Promise<void> {
    const own = ++this.last;
    this.onState("reading");
    const read = await inTime(this.read(from), this.msMax).catch(() => null);
    if (own !== this.last) return;
    if (read !== null) onRead(read);
    this.onState(read === null ? "unreadable" : "idle");
  }

  takeBack(): void {
    ++this.last;
    this.onState("idle");
  }
}
