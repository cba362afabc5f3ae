import type { ReportAnswer } from "../api/types";
import { type Values, draftOf, reportFields } from "../form/draft";
import { pictureOf } from "../form/photo";
import { timeOf } from "../format";
import { useNow } from "../live/hooks";
import { type Names, useNames } from "../map/names";
import { positionPaths } from "../map/position_fields";
import { type Texts, useTexts, wordFor } from "../text";
import { Picture } from "./copy";
import { Duplicates } from "./duplicates";

const positionPath = "lastSeen.position";
const position = positionPaths(positionPath);
/** Said elsewhere: by the band, and with the first of the three that make a position. */
const unsaid = new Set<string>(["exercise", position.longitude, position.crs]);

/** A field as it is read; what the form has as a code is a word here. The first of the three says a position. */
export function said(path: string, values: Values, texts: Texts, names: Names | null): string {
  const value = values[path] ?? "";
  switch (path) {
    case "child.sex":
      return wordFor(texts.sex, value);
    case "abductionSuspected":
      return value === "true" ? texts.yes : texts.no;
    case "lastSeen.division":
      return names ? `${value} ${names.full(value)}` : value;
    case "lastSeen.time":
    case "lastSeen.timeLatest":
      return value.replace("T", " ");
    case position.latitude:
      return `${value}, ${values[position.longitude] ?? ""} ${values[position.crs] ?? ""}`;
    default:
      return value;
  }
}

/** All that a report says, for who reads it and is shown no copies of it: who may not preview it, and of one that is
    decided on everybody. */
export function ReportFacts({ answer }: { answer: ReportAnswer }) {
  const texts = useTexts();
  const names = useNames();
  const now = useNow(60_000);
  const { values, photo } = draftOf(answer.report, reportFields);
  const given = reportFields.filter((path) => values[path] !== undefined && values[path] !== "" && !unsaid.has(path));
  return (
    <>
      {answer.duplicates.length > 0 && <Duplicates ids={answer.duplicates} />}
      <section class="panel">
        <h2>{texts.preview.facts}</h2>
        {photo && <Picture src={pictureOf(photo)} status={answer.report.exercise ? "EXERCISE" : "ACTUAL"} />}
        <dl class="facts">
          <div>
            <dt>{texts.list.submittedAt}</dt>
            <dd class="number">{`${timeOf(answer.submittedAt, now)} · ${answer.submittedBy}`}</dd>
          </div>
          {given.map((path) => (
            <div key={path}>
              <dt>{texts.field[path === position.latitude ? positionPath : path]}</dt>
              <dd>{said(path, values, texts, names)}</dd>
            </div>
          ))}
        </dl>
      </section>
    </>
  );
}
