import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { Banner } from "../design/components";
import { NoAnswer, Refused, read } from "./api/call";
import type { Caller } from "./api/types";
import { CallerContext, Rights, useRights } from "./caller";
import { clockOf } from "./format";
import { events } from "./live/events";
import { useLost } from "./live/hooks";
import { useForgetting } from "./live/over";
import { addressOf, type Route, useRoute } from "./router";
import { type Texts, useSpeech, useTexts, wordFor } from "./text";
import { useTitle } from "./title";
import { BoardView } from "./views/board";
import { NoCertificate } from "./views/certificate";
import { ExercisesView, ScoresView } from "./views/exercises";
import { Unread } from "./views/failure";
import { ListView } from "./views/list";
import { PreviewView } from "./views/preview";
import { ReadinessView } from "./views/readiness";
import { ReportView } from "./views/report";
import { UpdateView } from "./views/update";

function View({ route }: { route: Route }) {
  const texts = useTexts();
  switch (route.view) {
    case "list":
      return <ListView />;
    case "report":
      return <ReportView />;
    case "preview":
      return <PreviewView key={route.id} id={route.id} />;
    case "alert":
      return <BoardView key={route.id} id={route.id} />;
    case "update":
      return <UpdateView key={route.id} id={route.id} />;
    case "readiness":
      return <ReadinessView key={route.division} asked={route.division} />;
    case "exercises":
      return <ExercisesView />;
    case "scores":
      return <ScoresView key={route.id} id={route.id} />;
    case "unknown":
      return (
        <div class="view-head stack-close">
          <h1>{texts.notFound}</h1>
          <p>
            <a href={addressOf.list}>{texts.list.title}</a>
          </p>
        </div>
      );
  }
}

function Navigation({ route }: { route: Route }) {
  const texts = useTexts();
  const rights = useRights();
  const places = [
    { view: "list", to: addressOf.list, word: texts.nav.list, shown: true },
    { view: "report", to: addressOf.report, word: texts.nav.report, shown: rights.submits },
    { view: "readiness", to: addressOf.readiness, word: texts.nav.readiness, shown: rights.seesReadiness },
    { view: "exercises", to: addressOf.exercises, word: texts.nav.exercises, shown: rights.seesReadiness },
  ];
  return (
    <nav class="nav" aria-label={texts.nav.label}>
      {places
        .filter((place) => place.shown)
        .map((place) => (
          <a key={place.to} href={place.to} aria-current={place.view === route.view ? "page" : undefined}>
            {place.word}
          </a>
        ))}
    </nav>
  );
}

function wordsOf({ view }: Route, texts: Texts, rights: Rights): string {
  const words: Record<Route["view"], string> = {
    list: texts.list.title,
    report: texts.report.title,
    preview: rights.previews ? texts.preview.title : texts.preview.report,
    alert: texts.board.title,
    update: texts.board.updateTitle,
    readiness: texts.readiness.title,
    exercises: texts.exercises.title,
    scores: texts.exercises.scores,
    unknown: texts.notFound,
  };
  return words[view];
}

function Header({ view, children }: { view?: string; children?: preact.ComponentChildren }) {
  const { texts, change } = useSpeech();
  useTitle(view ? `${view} · ${texts.title}` : texts.title);
  const rights = useRights();
  const { unit, officer, roles } = rights.caller;
  return (
    <header class="header">
      <div class="header-inner">
        <p class="header-title">{texts.title}</p>
        {children}
        <div class="header-side">
          {unit && (
            <p class="header-caller number" title={roles.map((role) => wordFor(texts.role, role)).join(" · ")}>
              <span class="out-of-sight">{texts.people.unit} </span>
              {unit}
              <span aria-hidden="true"> / </span>
              <span class="out-of-sight">{texts.people.officer} </span>
              {officer}
            </p>
          )}
          <button type="button" class="header-language" onClick={change}>
            <span class="out-of-sight">{texts.language.change}: </span>
            {texts.language.other}
          </button>
        </div>
      </div>
    </header>
  );
}

/** What else stays at the top as one scrolls, the recall above all, stands below it: `--connection` is its height. */
function Connection() {
  const texts = useTexts();
  const lost = useLost();
  const own = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const measure = () =>
      document.documentElement.style.setProperty("--connection", `${own.current?.offsetHeight ?? 0}px`);
    const watch = new ResizeObserver(measure);
    if (own.current) watch.observe(own.current);
    return () => watch.disconnect();
  }, []);
  return (
    <div class="connection" aria-live="assertive" ref={own}>
      {lost && (
        <Banner tone="danger" title={texts.connection.lost(clockOf(lost))}>
          <p class="small">{texts.connection.lostHint}</p>
        </Banner>
      )}
    </div>
  );
}

/** To the heading of a view as soon as it has one, so that it is read out; not if the officer has gone on meanwhile. */
function focusHeading(main: HTMLElement): () => void {
  main.focus();
  const arrive = () => {
    const heading = main.querySelector("h1");
    if (heading && document.activeElement === main) {
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
    }
    return heading !== null;
  };
  const watch = new MutationObserver(() => arrive() && watch.disconnect());
  if (!arrive()) watch.observe(main, { childList: true, subtree: true });
  return () => watch.disconnect();
}

/** The views of an officer; a new one begins at its top. */
function Desk() {
  const texts = useTexts();
  const rights = useRights();
  const route = useRoute();
  const main = useRef<HTMLElement>(null);
  const address = location.hash;
  const first = useRef(true);
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    window.scrollTo(0, 0);
    return main.current ? focusHeading(main.current) : undefined;
  }, [address]);
  useEffect(() => events.start(), []);
  useForgetting();
  return (
    <>
      <Header view={wordsOf(route, texts, rights)}>
        <Navigation route={route} />
      </Header>
      <Connection />
      <main id="main" class="main" tabIndex={-1} ref={main}>
        <View route={route} />
      </main>
    </>
  );
}

/** `failure`: whoever asks may well be an officer, and is not answered now. */
type Known = { caller: Caller } | { stranger: true } | { failure: Refused | NoAnswer } | null;

function knownBy(failure: unknown): Known {
  if (!(failure instanceof Refused)) return { failure: new NoAnswer() };
  return failure.problem.status === 401 ? { stranger: true } : { failure };
}

export function App() {
  const texts = useTexts();
  const [known, setKnown] = useState<Known>(null);
  const ask = useCallback(async () => {
    setKnown(null);
    try {
      setKnown({ caller: await read<Caller>("/caller") });
    } catch (failure) {
      setKnown(knownBy(failure));
    }
  }, []);
  useEffect(() => void ask(), [ask]);

  if (known && "caller" in known && known.caller.roles.some((role) => role !== "recipient")) {
    return (
      <CallerContext.Provider value={new Rights(known.caller)}>
        <a class="skip" href="#main" onClick={(event) => {
          event.preventDefault();
          document.getElementById("main")?.focus();
        }}>
          {texts.skip}
        </a>
        <Desk />
      </CallerContext.Provider>
    );
  }
  return (
    <>
      <Header />
      <main class="main">
        {known === null && <p>{texts.loading}</p>}
        {known && "failure" in known && (
          <div class="stack">
            <h1 class="view-head">{texts.title}</h1>
            <Unread failure={known.failure} reload={() => void ask()} />
          </div>
        )}
        {known && "stranger" in known && <NoCertificate onAgain={() => void ask()} />}
        {known && "caller" in known && <NoCertificate caller={known.caller} onAgain={() => void ask()} />}
      </main>
    </>
  );
}
