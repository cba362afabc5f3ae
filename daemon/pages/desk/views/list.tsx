import { Tag, type TagTone } from "../../design/components";
import { read, readAll } from "../api/call";
import type { Alert, Child, Readiness, Report, ReportAnswer, Status } from "../api/types";
import { decidesOn, useRights } from "../caller";
import { roundKm, spanOf, timeOf } from "../format";
import { useLive, useNow } from "../live/hooks";
import { endsAlert, isOver } from "../live/over";
import { useNames } from "../map/names";
import { addressOf } from "../router";
import { type Texts, useTexts, wordFor } from "../text";
import { Readings } from "./failure";

export const stateTone: Record<string, TagTone> = { LOOKOUT: "action", ACTIVE: "good", SUSPENDED: "warn" };

export const StatusTag = ({ status }: { status: Status }) => {
  const texts = useTexts();
  return <Tag tone={status === "ACTUAL" ? "live" : "exercise"}>{texts.status[status]}</Tag>;
};

/** 张三，女，6 岁 */
export function childLine(child: Child | undefined, texts: Texts): string {
  const sex = child?.sex && child.sex !== "SEX_UNSPECIFIED" && child.sex !== "UNKNOWN" ? texts.sex[child.sex] : "";
  const age = child?.ageYears === undefined ? "" : texts.years(child.ageYears);
  return [child?.name || texts.list.unnamed, sex, age].filter(Boolean).join(texts.comma);
}

function Clock({ word, value, soft }: { word: string; value: string; soft?: string | undefined }) {
  return (
    <div class="clock">
      <dt>{word}</dt>
      <dd class="number">
        {value}
        {soft && <span class="soft small"> {soft}</span>}
      </dd>
    </div>
  );
}

/** The times that drive an alert: since when the child is missing, when the circle widens, until when it is shown. Of one
    that is over nothing else is left to tell it by than when it was released. */
export function Clocks({ alert }: { alert: Alert }) {
  const texts = useTexts();
  const now = useNow(10_000);
  const { list } = texts;
  const notice = alert.notice;
  const lost = notice?.lastSeen?.time;
  const shown = alert.displayUntil ?? notice?.expiresAt;
  const ahead = (at: string) => Date.parse(at) - now;
  const inForce = alert.state === "ACTIVE" || alert.state === "SUSPENDED";
  const until = (at: string, past: string) => (ahead(at) > 0 ? list.in(spanOf(ahead(at), texts)) : past);
  return (
    <dl class="clocks">
      {lost && <Clock word={list.missingFor} value={spanOf(now - Date.parse(lost), texts)} soft={timeOf(lost, now)} />}
      {inForce && alert.widensAt && (
        <Clock word={list.widens} value={timeOf(alert.widensAt, now)} soft={until(alert.widensAt, list.widensNow)} />
      )}
      {inForce && !alert.widensAt && <Clock word={list.widens} value={list.widensNever} />}
      {inForce && shown && (
        <Clock word={list.shownUntil} value={timeOf(shown, now)} soft={until(shown, list.expired)} />
      )}
      {isOver(alert) && alert.releasedAt && (
        <Clock word={texts.board.released} value={timeOf(alert.releasedAt, now)} />
      )}
      {alert.leadOfficer && <Clock word={list.leadOfficer} value={alert.leadOfficer} />}
    </dl>
  );
}

function placeLine(division: string | undefined, place: string | undefined, full: (code: string) => string): string {
  return [division ? full(division) : "", place ?? ""].filter(Boolean).join(" · ");
}

/** How an alert stands, and whether anybody still shows it. */
function StateTags({ alert }: { alert: Alert }) {
  const texts = useTexts();
  return (
    <>
      <Tag tone={stateTone[alert.state] ?? "plain"}>{wordFor(texts.state, alert.state)}</Tag>
      {alert.displayEnded && <Tag tone="warn">{texts.list.notShown}</Tag>}
    </>
  );
}

function AlertCard({ alert }: { alert: Alert }) {
  const texts = useTexts();
  const names = useNames();
  const { lastSeen, child } = alert.notice ?? {};
  const circle = alert.circle ? texts.list.radius(roundKm(alert.circle.radiusKm)) : "";
  return (
    <li class={`card card-${alert.status === "ACTUAL" ? "live" : "exercise"}`}>
      <div class="row">
        <StatusTag status={alert.status} />
        <StateTags alert={alert} />
        {alert.outcome && <Tag>{wordFor(texts.outcome, alert.outcome)}</Tag>}
      </div>
      <h3 class="card-title">
        <a href={addressOf.alert(alert.id)}>{child ? childLine(child, texts) : alert.id.slice(-12)}</a>
      </h3>
      <p class="soft small">
        {[placeLine(lastSeen?.division, lastSeen?.place, (code) => names?.full(code) ?? code), circle]
          .filter(Boolean)
          .join(" · ")}
      </p>
      <Clocks alert={alert} />
    </li>
  );
}

/** `lookout`: what is out of it already, to the police alone. */
function ReportCard({ answer, lookout }: { answer: ReportAnswer; lookout: Alert | undefined }) {
  const texts = useTexts();
  const names = useNames();
  const now = useNow(10_000);
  const rights = useRights();
  const report: Report = answer.report;
  const releases = rights.releases && decidesOn(answer);
  const status: Status = report.exercise ? "EXERCISE" : "ACTUAL";
  return (
    <li class={`card card-${status === "ACTUAL" ? "live" : "exercise"}`}>
      <div class="row">
        <StatusTag status={status} />
        <Tag tone="warn">{texts.reportState[answer.state]}</Tag>
        {lookout && <StateTags alert={lookout} />}
      </div>
      <h3 class="card-title">
        <a href={addressOf.preview(answer.id)}>{childLine(report.child, texts)}</a>
      </h3>
      <p class="soft small">
        {placeLine(report.lastSeen?.division, report.lastSeen?.place, (code) => names?.full(code) ?? code)}
      </p>
      <dl class="clocks">
        {report.lastSeen?.time && (
          <Clock
            word={texts.list.missingFor}
            value={spanOf(now - Date.parse(report.lastSeen.time), texts)}
            soft={timeOf(report.lastSeen.time, now)}
          />
        )}
        <Clock word={texts.list.submittedAt} value={timeOf(answer.submittedAt, now)} soft={answer.submittedBy} />
      </dl>
      <div class="row card-action">
        <a class="button button-plain button-small" href={addressOf.preview(answer.id)}>
          {releases ? texts.list.preview : texts.list.look}
        </a>
        {lookout && (
          <a class="button button-plain button-small" href={addressOf.alert(lookout.id)}>
            {texts.list.toLookout}
          </a>
        )}
      </div>
    </li>
  );
}

/** How many would hear an alert now: what is better known before there is one. */
function ReadinessLine() {
  const texts = useTexts();
  const { caller } = useRights();
  const live = useLive(
    () => read<Readiness>(`/readiness?page_size=1${caller.division ? `&division=${caller.division}` : ""}`),
    () => false,
    [caller.division],
  );
  const { value } = live;
  const missing = value ? value.recipients - value.reachable : 0;
  return (
    <>
      <Readings of={[live]} />
      {value && (
        <a class="ready-line" href={addressOf.readiness}>
          <span>{texts.list.ready}</span>
          <strong class="number">{texts.list.readyOf(value.reachable, value.recipients)}</strong>
          {missing > 0 && <Tag tone="warn">{texts.list.unreachable(missing)}</Tag>}
        </a>
      )}
    </>
  );
}

interface Page {
  alerts: Alert[];
  nextPageToken?: string;
}

/** As many as one looks back on; the latest come first. */
const endedShown = 20;

function Section({ title, empty, children }: { title: string; empty: string; children: preact.VNode[] }) {
  return (
    <section class="stack-close">
      <h2>
        {title} <span class="soft number">{children.length}</span>
      </h2>
      {children.length > 0 ? <ul class="cards">{children}</ul> : empty && <p class="soft pad">{empty}</p>}
    </section>
  );
}

export function ListView() {
  const texts = useTexts();
  const rights = useRights();
  // None that is in force, and none that waits, may be missed: these are read to the end.
  const alerts = useLive(
    () => readAll<Alert>("/alerts?state=ACTIVE,SUSPENDED,LOOKOUT", "alerts", Infinity),
    (event) => event.type.startsWith("alert."),
    [],
  );
  const over = useLive(
    () => read<Page>(`/alerts?state=CLOSED,RETRACTED&page_size=${endedShown}`),
    endsAlert,
    [],
  );
  const reports = useLive(
    rights.seesReports ? () => readAll<ReportAnswer>("/reports?state=SUBMITTED", "reports", Infinity) : null,
    (event) => event.type.startsWith("report.") || event.type.startsWith("alert."),
    [],
  );
  const waiting = [...(reports.value?.items ?? [])].reverse();
  const open = alerts.value?.items ?? [];
  const running = open.filter(({ state }) => state !== "LOOKOUT");
  const lookouts = open.filter(({ state }) => state === "LOOKOUT");
  const lookoutOf = (answer: ReportAnswer) => lookouts.find(({ id }) => id === answer.alertId);
  // By themselves for who reads no reports; for the others each stands with its own.
  const reportsRead = reports.value !== null || !rights.seesReports;
  const alone = lookouts.filter(({ id }) => reportsRead && !waiting.some(({ alertId }) => alertId === id));
  const ended = over.value?.alerts ?? [];
  return (
    <div class="stack">
      <div class="row row-apart view-head">
        <h1>{texts.list.title}</h1>
        {rights.submits && (
          <a class="button button-primary" href={addressOf.report}>
            {texts.list.take}
          </a>
        )}
      </div>
      {rights.seesReadiness && <ReadinessLine />}
      <Readings of={[alerts, reports, over]} />
      {!alerts.value && !alerts.failure && <p class="pad">{texts.loading}</p>}
      {reports.value && (
        <Section title={texts.list.waiting} empty={texts.list.noneWaiting}>
          {waiting.map((answer) => (
            <ReportCard key={answer.id} answer={answer} lookout={lookoutOf(answer)} />
          ))}
        </Section>
      )}
      {alone.length > 0 && (
        <Section title={texts.list.lookouts} empty="">
          {alone.map((alert) => (
            <AlertCard key={alert.id} alert={alert} />
          ))}
        </Section>
      )}
      {alerts.value && (
        <Section title={texts.list.inForce} empty={texts.list.noneInForce}>
          {running.map((alert) => (
            <AlertCard key={alert.id} alert={alert} />
          ))}
        </Section>
      )}
      {ended.length > 0 && (
        <>
          <Section title={texts.list.ended} empty="">
            {ended.map((alert) => (
              <AlertCard key={alert.id} alert={alert} />
            ))}
          </Section>
          {over.value?.nextPageToken && <p class="soft pad">{texts.list.earlier}</p>}
        </>
      )}
    </div>
  );
}
