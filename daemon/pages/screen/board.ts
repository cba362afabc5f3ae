import type { Account, Current, Notice } from "./current";

/// One notice that this page has.
export interface Item {
  notice: Notice;
  painted: boolean; ///< this revision, by this page
}

/// All that this page has of notices, the most urgent first. What is taken off it is kept nowhere.
export class Board {
  items: Item[] = [];
  serial = 0;

  /// The station's word. Before it has settled it only adds: it has just begun, and may not have heard everything yet.
  take(current: Current): void {
    const before = this.items;
    const taken = current.notices.map((notice) => {
      const known = before.find((item) => item.notice.alertId === notice.alertId);
      return { notice, painted: known !== undefined && known.painted && known.notice.revision === notice.revision };
    });
    const kept = current.settled ? [] : before.filter((item) => !taken.some((one) => one.notice.alertId === item.notice.alertId));
    this.items = taken.concat(kept);
    this.serial = current.serial;
  }

  /// Takes down what is over by the clock. Whether there was any.
  expire(now: number): boolean {
    const before = this.items.length;
    this.items = this.items.filter((item) => Date.parse(item.notice.expiresAt) > now);
    return this.items.length < before;
  }

  find(alertId: string): Item | undefined {
    return this.items.find((item) => item.notice.alertId === alertId);
  }

  account(): Account {
    return {
      serial: this.serial,
      holds: this.items.map((item) => ({ alertId: item.notice.alertId, revision: item.notice.revision, painted: item.painted })),
    };
  }
}
