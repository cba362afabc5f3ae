import type { Item } from "./board";
import type { Answer, Notice } from "./current";
import { Duty } from "./duty";
import { NoticeView } from "./notice";
import type { Place } from "./player";
import { words } from "./words";

export interface View {
  item: Item | null;
  place: Place | null;
  position: number;
  total: number;
  stationName: string;
  now: number;
  lostSince: number | null;
  photoUrl: string | null;
  codeUrl: string | null;
  hasButtons: boolean;
  asksWhy: boolean;
  onPages: (pages: string[][]) => void;
  onComplete: () => void;
  onAskWhy: (asksWhy: boolean) => void;
  onAnswer: (answer: Answer, done: (taken: boolean) => void) => void;
}

const beijing = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", ...options });
const clock = beijing({ hour: "2-digit", minute: "2-digit", hour12: false });
const date = beijing({ year: "numeric", month: "long", day: "numeric", weekday: "long" });

function Lost({ since }: { since: number | null }) {
  if (since === null) return null;
  return (
    <span class="lost" role="status">
      {words.lost.zh} <small lang="en">{words.lost.en}</small> {clock.format(since)}
    </span>
  );
}

function Idle({ view }: { view: View }) {
  return (
    <main class="idle">
      <p class="idle-clock">{clock.format(view.now)}</p>
      <p class="idle-date">{date.format(view.now)}</p>
      <h1 class="idle-name">{view.stationName}</h1>
      <Lost since={view.lostSince} />
    </main>
  );
}

function Band({ view, notice }: { view: View; notice: Notice }) {
  const isExercise = notice.status !== "ACTUAL";
  return (
    <header class="band">
      {isExercise && <strong class="band-mark">【{words.exercise.zh}】</strong>}
      <h1 class="band-title">
        {isExercise ? words.notReal.zh : words.alert.zh} <small lang="en">{isExercise ? words.notReal.en : words.alert.en}</small>
      </h1>
      {view.total > 1 && (
        <span class="band-position">
          {view.position + 1} / {view.total}
        </span>
      )}
      <span class="band-clock">{clock.format(view.now)}</span>
    </header>
  );
}

/// The police's own copy says what no other does (daemon/core/police_mark.hpp), and visitors see the screen too.
function Internal() {
  return (
    <aside class="internal">
      {words.internal.zh} <small lang="en">{words.internal.en}</small>
    </aside>
  );
}

function Foot({ view, notice }: { view: View; notice: Notice }) {
  const { contact } = notice;
  const isLong = contact !== null && (contact.phone ?? "").length > 8;
  return (
    <footer class="foot">
      {contact && contact.phone && (
        <p class={isLong ? "contact is-long" : "contact"}>
          <span class="contact-call">
            {words.call.zh} <small lang="en">{words.call.en}</small>
            {contact.unit && <span class="contact-unit">{contact.unit}</span>}
          </span>
          <strong class="contact-phone">{contact.phone}</strong>
        </p>
      )}
      {view.hasButtons && <Duty notice={notice} asksWhy={view.asksWhy} onAskWhy={view.onAskWhy} onAnswer={view.onAnswer} />}
    </footer>
  );
}

/// What is on the screen.
export function App({ view }: { view: View }) {
  const { item, place } = view;
  if (!item || !place) return <Idle view={view} />;
  const { notice } = item;
  const isExercise = notice.status !== "ACTUAL";
  return (
    <div class={isExercise ? "screen is-exercise" : "screen is-actual"}>
      <Band view={view} notice={notice} />
      {notice.audience === "POLICE" && <Internal />}
      <NoticeView
        key={`${notice.alertId} ${notice.revision}`}
        notice={notice}
        text={place.text}
        page={place.page}
        photoUrl={view.photoUrl}
        codeUrl={view.codeUrl}
        mark={<Lost since={view.lostSince} />}
        onPages={view.onPages}
        onComplete={view.onComplete}
      />
      <Foot view={view} notice={notice} />
      {isExercise && (
        <div class="stripe" aria-hidden="true">
          【{words.exercise.zh}】 {words.exercise.en.toUpperCase()} 【{words.exercise.zh}】 {words.exercise.en.toUpperCase()} 【{words.exercise.zh}】
        </div>
      )}
    </div>
  );
}
