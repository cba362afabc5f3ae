import type { Board, Item } from "./board";

/// Where the screen is: which notice, in which language, which page of its text.
export interface Place {
  alertId: string;
  revision: number;
  text: number;
  page: number;
}

const dwellShortest = 8_000;
const dwellLongest = 40_000;
const settleIn = 3_000;
/// Milliseconds that a Chinese character takes somebody who passes by, and one of another script.
const perIdeograph = 170;
const perLetter = 60;

/// How long a page of text stays, to be read.
export function dwellOf(text: string): number {
  let needed = settleIn;
  for (let i = 0; i < text.length; ++i) needed += text.charCodeAt(i) > 0x2e7f ? perIdeograph : perLetter;
  return Math.min(Math.max(needed, dwellShortest), dwellLongest);
}

/// Turns from page to page, language to language, notice to notice. What nobody has seen yet comes first, and at once.
export class Player {
  place: Place | null = null;

  constructor(private readonly board: Board) {}

  /// After the board has changed. Whether the place has.
  follow(): boolean {
    const { place } = this;
    const shown = place ? this.board.find(place.alertId) : undefined;
    const unseen = this.board.items.find((item) => !item.painted);
    if (unseen && unseen !== shown && (!shown || shown.painted)) return this.go(unseen);
    if (!shown) return this.go(this.board.items[0]);
    if (place && place.revision !== shown.notice.revision) return this.go(shown);
    return false;
  }

  /// When the time of a page is over; `pages`: how many this text has. `isHeld`: somebody is about to answer this notice,
  /// so only what nobody has seen yet comes before that. Whether the place has changed.
  advance(pages: number, isHeld: boolean): boolean {
    const { place } = this;
    const shown = place ? this.board.find(place.alertId) : undefined;
    const unseen = this.board.items.find((item) => !item.painted);
    if (!place || !shown) return this.follow();
    if (unseen && unseen !== shown) return this.go(unseen);
    if (isHeld) return false;
    if (place.page + 1 < pages) {
      this.place = { ...place, page: place.page + 1 };
    } else if (place.text + 1 < shown.notice.texts.length) {
      this.place = { ...place, text: place.text + 1, page: 0 };
    } else {
      const at = this.board.items.indexOf(shown);
      this.go(this.board.items[(at + 1) % this.board.items.length]);
    }
    return true;
  }

  private go(item: Item | undefined): boolean {
    const was = this.place;
    this.place = item ? { alertId: item.notice.alertId, revision: item.notice.revision, text: 0, page: 0 } : null;
    return this.place !== was;
  }
}
