import { useEffect, useState } from "preact/hooks";
import { Banner, Button, Meter, Tag } from "../../design/components";
import { read } from "../api/call";
import type { Preview, ReleaseChoices, ReportAnswer, Status } from "../api/types";
import { decidesOn, useRights } from "../caller";
import { pictureOf } from "../form/photo";
import { errorsOf } from "../form/problems";
import { roundKm } from "../format";
import { useLive } from "../live/hooks";
import { usePreview } from "../live/preview";
import { CircleMap } from "../map/circle_map";
import { addressOf } from "../router";
import { useTexts, wordFor } from "../text";
import { useBetterTitle } from "../title";
import { Band } from "./band";
import { ReleaseOptions } from "./choices";
import { CopyCard, copyOrder } from "./copy";
import { Duplicates } from "./duplicates";
import { ReportFacts } from "./facts";
import { Failure, Readings, Unread } from "./failure";
import { childLine } from "./list";
import { Correct, Reject, TakeAgain } from "./reject";
import { Release } from "./release";
import { Sending } from "./sending";
import { UnreachableTable } from "./unreachable";

function Numbers({ preview }: { preview: Preview }) {
  const texts = useTexts();
  const rows = Object.entries(preview.byCategory).sort((a, b) => b[1] - a[1]);
  return (
    <section class="panel">
      <div class="row row-apart">
        <h2>{texts.preview.expected}</h2>
        <strong class="figure number">{preview.expected}</strong>
      </div>
      <ul class="stack-close" aria-label={texts.preview.byCategory}>
        {rows.map(([category, count]) => (
          <li key={category} class="meter-row">
            <span class="small">{wordFor(texts.category, category)}</span>
            <Meter label={wordFor(texts.category, category)} value={count} of={preview.expected} tone="action" />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Area({ preview, division }: { preview: Preview; division: string }) {
  const texts = useTexts();
  if (!preview.circle) return null;
  return (
    <section class="panel">
      <div class="row row-apart">
        <h2>{texts.preview.map}</h2>
        <span class="number">{texts.list.radius(roundKm(preview.circle.radiusKm))}</span>
      </div>
      <CircleMap circle={preview.circle} division={division} label={texts.preview.map} />
      <p class="soft small">
        {texts.preview.divisions(preview.divisions.length)}
        {preview.circle.approximate && ` · ${texts.preview.approximate}`}
      </p>
    </section>
  );
}

function Missing({ paths }: { paths: string[] }) {
  const texts = useTexts();
  if (paths.length === 0) return null;
  return (
    <Banner tone="warn" title={texts.preview.missing}>
      <p>{texts.several(paths.map((path) => texts.field[path] ?? path))}</p>
    </Banner>
  );
}

/** A report that is decided on already. */
function Decided({ answer }: { answer: ReportAnswer }) {
  const texts = useTexts();
  const rights = useRights();
  return (
    <Banner tone="info" title={answer.state === "RELEASED" ? texts.preview.released : texts.preview.rejected}>
      {answer.state === "RELEASED" && <a href={addressOf.alert(answer.alertId)}>{texts.preview.toBoard}</a>}
      {answer.state === "REJECTED" && rights.submits && <TakeAgain answer={answer} />}
    </Banner>
  );
}

export function PreviewView({ id }: { id: string }) {
  const texts = useTexts();
  const rights = useRights();
  const live = useLive(
    () => read<ReportAnswer>(`/reports/${id}`),
    (event) => event.reportId === id || event.type === "report.submitted",
    [id],
  );
  const { value: answer, failure, reload } = live;
  const [choices, setChoices] = useState<ReleaseChoices>({});
  const [seen, setSeen] = useState<string[]>([]);
  const [stale, setStale] = useState(false);
  const open = answer?.state === "SUBMITTED";
  const previews = open && rights.previews;
  const previewed = usePreview(previews ? id : null, choices);
  const preview = previewed.shown?.preview;
  // One that is decided on is only read, by whomever.
  useBetterTitle(answer && !previews ? `${texts.preview.report} · ${texts.title}` : null);
  // One that came after the preview counts, too: who has looked at the others has not looked at it.
  const linked = [...new Set([...(preview?.duplicates ?? []), ...(answer?.duplicates ?? [])])].sort();
  const reviewed = linked.every((id) => seen.includes(id));
  useEffect(() => {
    if (preview) previewed.again();
  }, [answer?.duplicates.join()]);
  // What has changed by itself has been seen by who goes on.
  const choose = (next: ReleaseChoices) => {
    setStale(false);
    setChoices(next);
  };

  if (!answer) return failure ? <Unread failure={failure} reload={reload} /> : <p class="pad">{texts.loading}</p>;
  const status: Status = answer.report.exercise ? "EXERCISE" : "ACTUAL";
  const { photo } = answer.report.child ?? {};
  const own = decidesOn(answer);
  return (
    <div class="stack">
      <Band status={status}>{!previews && status === "ACTUAL" ? texts.preview.bandActualRead : null}</Band>
      <div class="view-head stack-close">
        <h1>{texts.said(previews ? texts.preview.title : texts.preview.report, childLine(answer.report.child, texts))}</h1>
        <p class="soft number">{answer.report.incidentNumber || answer.report.caseNumber}</p>
        {open && !previews && (
          <p>
            <Tag tone="warn">{texts.reportState.SUBMITTED}</Tag>
          </p>
        )}
      </div>
      <Readings of={[live]} />
      {!open && <Decided answer={answer} />}
      {!previews && <ReportFacts answer={answer} />}
      {stale && <Banner tone="warn" urgent title={texts.preview.stale} />}
      {open && previewed.failure && (
        <div class="stack-close">
          <Failure failure={previewed.failure} shown={(path) => path === "radiusKm"} />
          <div>
            <Button onClick={previewed.again}>{texts.tryAgain}</Button>
          </div>
        </div>
      )}
      {previews && !preview && !previewed.failure && <p class="pad">{texts.preview.underWay}</p>}
      {open && previewed.shown && preview && (
        <>
          <Missing paths={preview.missing} />
          {linked.length > 0 && <Duplicates ids={linked} reviewed={reviewed} onReviewed={setSeen} />}
          <section class="stack-close">
            <h2 class="pad">{texts.preview.copies}</h2>
            <div class="copies">
              {[...preview.copies].sort(copyOrder).map((copy) => (
                <CopyCard key={copy.audience} notice={copy} picture={photo ? pictureOf(photo) : undefined} />
              ))}
            </div>
          </section>
          <div class="columns">
            <div class="stack">
              <ReleaseOptions
                preview={preview}
                report={answer.report}
                choices={choices}
                wrong={errorsOf(previewed.failure)}
                onChoices={choose}
              />
              <Numbers preview={preview} />
              <Sending forecast={preview.forecast} released={false} />
            </div>
            <div class="stack">
              <Area preview={preview} division={answer.report.lastSeen?.division ?? ""} />
              {preview.unreachableTotal > 0 ? (
                <details class="panel fold">
                  <summary>{texts.preview.unreachable(preview.unreachableTotal)}</summary>
                  <UnreachableTable
                    caption={texts.preview.unreachable(preview.unreachableTotal)}
                    rows={preview.unreachable}
                    total={preview.unreachableTotal}
                  />
                </details>
              ) : (
                <Banner tone="good" title={texts.preview.allReachable} />
              )}
            </div>
          </div>
          <div class="decide">
            {rights.releases && own ? (
              <>
                <Release
                  answer={answer}
                  previewed={previewed}
                  duplicates={linked}
                  reviewed={reviewed}
                  onAsk={() => setStale(false)}
                  onStale={() => {
                    setStale(true);
                    previewed.again();
                  }}
                />
                {rights.submits && <Correct answer={answer} />}
                <Reject answer={answer} onDone={reload} />
              </>
            ) : (
              <p>{own ? texts.preview.waitForReleaser : texts.preview.notOurs}</p>
            )}
          </div>
        </>
      )}
    </div>
  );
}
