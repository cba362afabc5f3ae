import { render } from "preact";
import "../design/tokens.css";
import { Answering } from "./answering";
import { App, type View } from "./app";
import { Board } from "./board";
import { Pictures } from "./pictures";
import { Player, dwellOf } from "./player";
import "./screen.css";
import { Speaker } from "./speech";
import { Station } from "./station";
import { StationClock } from "./station_clock";

/// So long without the station, and the screen says so in a corner.
const lostAfter = 10_000;
const lookEvery = 1_000;
/// A hidden window paints nothing; what is off its document is off it all the same.
const paintLongest = 1_000;

const asked = (name: string) => new RegExp(`[?&]${name}=([^&]*)`).exec(location.search)?.[1];
const hasButtons = asked("buttons") !== "0";

const board = new Board();
const player = new Player(board);
const answering = new Answering();
const clock = new StationClock();
const pictures = new Pictures(() => draw());
const speaker = new Speaker(asked("speech") === "1", (alertId, revision) => board.find(alertId)?.notice.revision === revision);
let stationName = "";
let heardAt = performance.now();
let lostSince: number | null = null;
let pages: string[][] = [[]];
let turnAt = Infinity;

const station = new Station(
  {
    state(current) {
      clock.set(current.now);
      stationName = current.station.name || current.station.recipientId;
      board.take(current);
      board.expire(clock.now());
      changed();
    },
    link(isUp) {
      if (isUp) heardAt = performance.now();
      look();
    },
  },
  () => told,
);

/// What the station may be told: only what is painted over counts as gone.
let told = board.account();

function afterPaint(done: () => void): void {
  requestAnimationFrame(() => requestAnimationFrame(done));
}

/// The board has changed: drawn at once, and told when it is on the screen.
function changed(): void {
  if (player.follow()) turned();
  const held = board.items.map((item) => item.notice);
  pictures.keep(held.reduce<string[]>((paths, notice) => paths.concat(notice.photo ?? [], notice.code ?? []), []));
  speaker.follow();
  draw();
  let done = false;
  const tell = () => {
    if (done) return;
    done = true;
    told = board.account();
    station.tell();
  };
  afterPaint(tell);
  setTimeout(tell, paintLongest);
}

function turned(): void {
  pages = [[]];
  turnAt = Infinity;
  schedule();
}

function schedule(): void {
  const page = player.place ? pages[player.place.page] : undefined;
  turnAt = performance.now() + dwellOf((page ?? []).join(""));
}

function view(): View {
  const { place } = player;
  const item = (place && board.find(place.alertId)) ?? null;
  const url = (path: string | null | undefined) => (path ? pictures.url(path) : null);
  return {
    item,
    place,
    position: item ? board.items.indexOf(item) : 0,
    total: board.items.length,
    stationName,
    now: clock.now(),
    lostSince,
    photoUrl: url(item?.notice.photo),
    codeUrl: url(item?.notice.code),
    hasButtons,
    asksWhy: answering.asksWhy,
    onPages(found) {
      pages = found;
      schedule();
    },
    onComplete() {
      if (item && !item.painted) afterPaint(() => painted(item.notice.alertId, item.notice.revision));
    },
    onAskWhy(asksWhy) {
      if (!asksWhy || answering.take()) ask(asksWhy);
    },
    onAnswer(answer, done) {
      if (!answering.take()) return;
      if (answering.asksWhy) ask(false);
      station.answer(answer, done);
    },
  };
}

function ask(asksWhy: boolean): void {
  answering.ask(asksWhy, performance.now());
  schedule(); // who goes back to the answers has time for them
  draw();
}

function painted(alertId: string, revision: number): void {
  const item = board.find(alertId);
  // Only what is on the screen now; a hidden window's frames do not come at all.
  if (!item || item.notice.revision !== revision || player.place?.alertId !== alertId || document.hidden) return;
  item.painted = true;
  speaker.speak(item.notice);
  told = board.account();
  station.tell();
}

function draw(): void {
  const shown = player.place && board.find(player.place.alertId);
  answering.follow(shown ? `${shown.notice.alertId} ${shown.notice.revision}` : "", performance.now());
  render(<App view={view()} />, document.getElementById("screen")!);
}

/// The time of a page is over.
function advance(): void {
  const before = player.place;
  if (!player.advance(pages.length, answering.asksWhy)) return;
  const { place } = player;
  if (before && place && before.alertId === place.alertId && before.text === place.text) schedule();
  else turned();
}

/// What only the clock changes.
function look(): void {
  const silent = performance.now() - heardAt;
  if (silent < lostAfter) lostSince = null;
  else lostSince = lostSince ?? clock.now() - silent;
  if (board.expire(clock.now())) {
    changed();
    return;
  }
  speaker.follow();
  answering.tick(performance.now());
  if (performance.now() >= turnAt) advance();
  draw();
}

// Of the whole window, for what was pressed over one notice is let go of over the next. A key that is held down would click
// again each time that it comes.
window.addEventListener("keydown", (event) => answering.keyDown(event.key, event.repeat, performance.now()) || event.preventDefault(), true);
window.addEventListener("keyup", () => answering.keyUp(performance.now()), true);
// Not while capturing, where it would be of every control that loses the focus, too.
window.addEventListener("blur", () => answering.leave(performance.now()));
window.addEventListener("mousedown", () => answering.press(performance.now()), true);
window.addEventListener("click", (event) => answering.click(event.detail, performance.now()), true);
window.addEventListener("resize", draw);
// A window that comes back out of the browser's memory shows what was then.
window.addEventListener("pageshow", (event) => event.persisted && location.reload());
setInterval(look, lookEvery);
draw();
station.start();
