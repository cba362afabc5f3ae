/// So long the buttons have to mean the same before a press counts. Whoever pressed sooner meant what was there before.
const steadyFor = 1_000;
/// So long the question for a reason is open, and holds up the notices after this one.
const reasonLongest = 30_000;

/// Which clicks are a person's answer to what that person saw: those of a press that began when the buttons had meant the
/// same for a second. A key that something lies on has pressed once, however often it comes, and so over one notice alone.
/// Assistive technology sends a click alone, which is its own press; a key's click never is one, because it may come, or
/// come again, over another notice than the key was pressed over.
/// No clock of its own: milliseconds of one that is never set come in.
export class Answering {
  asksWhy = false; ///< instead of the answers there are the reasons why not
  private about = "";
  private since = 0; ///< that the buttons mean what they mean
  private heldKey: string | null = null;
  private letGoAt = -Infinity;
  private pressedAt: number | null = null;

  /// Which notice, and which revision, the buttons are about now. Of another nobody has been asked why.
  follow(about: string, now: number): void {
    if (about === this.about) return;
    this.about = about;
    this.mean(false, now);
  }

  /// Opens or closes the question for a reason.
  ask(asksWhy: boolean, now: number): void {
    if (asksWhy !== this.asksWhy) this.mean(asksWhy, now);
  }

  /// From time to time: who opened the question for a reason may have gone away.
  tick(now: number): void {
    if (this.asksWhy && now - this.since >= reasonLongest) this.mean(false, now);
  }

  /// Whether it is a press: not one again of a key that was not let go of. Not every browser of 2016 marks those
  /// (`isRepeat`).
  keyDown(key: string, isRepeat: boolean, now: number): boolean {
    if (isRepeat || key === this.heldKey) return false;
    this.heldKey = key;
    this.press(now);
    return true;
  }

  keyUp(now: number): void {
    this.heldKey = null;
    this.letGoAt = now;
  }

  /// The keys are another window's now: nobody says any more when the one that is held down is let go of. Held for ever it
  /// would shut out every click that comes alone, and its own next press.
  leave(now: number): void {
    if (this.heldKey !== null) this.keyUp(now);
  }

  /// A finger or a mouse, or what a click that comes alone stands for.
  press(now: number): void {
    this.pressedAt = now;
  }

  /// Before a click is taken; `detail`: 0 where no pointer made it. A space bar clicks as it is let go of.
  click(detail: number, now: number): void {
    const isOfKey = this.heldKey !== null || now - this.letGoAt < steadyFor;
    if (detail === 0 && !isOfKey) this.press(now);
  }

  /// Whether the click that comes now counts. One press is one click.
  take(): boolean {
    const { pressedAt } = this;
    this.pressedAt = null;
    return pressedAt !== null && pressedAt - this.since >= steadyFor;
  }

  private mean(asksWhy: boolean, now: number): void {
    this.asksWhy = asksWhy;
    this.since = now;
  }
}
