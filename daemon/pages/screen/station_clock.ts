/// The station's time, so that a controller whose clock is wrong takes nothing down too early or too late. Between two
/// words of the station it goes by the browser's clocks, by whichever of them says that more has passed: the one stands
/// still while the machine sleeps, the other may be set back.
export class StationClock {
  private wall = Date.now();
  private steadyAt = performance.now();
  private dateAt = Date.now();

  set(now: number): void {
    this.wall = now;
    this.steadyAt = performance.now();
    this.dateAt = Date.now();
  }

  now(): number {
    return this.wall + Math.max(performance.now() - this.steadyAt, Date.now() - this.dateAt);
  }
}
