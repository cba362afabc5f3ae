import { Table, Tick } from "../../design/components";
import { Refused, read } from "../api/call";
import type { ReportAnswer } from "../api/types";
import { timeOf } from "../format";
import { useLive, useNow } from "../live/hooks";
import { addressOf } from "../router";
import { useTexts } from "../text";
import { Readings } from "./failure";
import { childLine } from "./list";

/** Null: it is another unit's, and this desk may not read it. */
interface Row {
  id: string;
  answer: ReportAnswer | null;
}

async function rowOf(id: string): Promise<Row> {
  try {
    return { id, answer: await read<ReportAnswer>(`/reports/${id}`) };
  } catch (failure) {
    if (failure instanceof Refused && failure.problem.status === 404) return { id, answer: null };
    throw failure;
  }
}

interface Props {
  ids: string[];
  reviewed?: boolean;
  /** Which were looked at; absent: nobody is asked that. */
  onReviewed?: (ids: string[]) => void;
}

/** All that may be of the same child. None can be said to be looked at before every one of them is here. */
export function Duplicates({ ids, reviewed = false, onReviewed }: Props) {
  const texts = useTexts();
  const now = useNow(60_000);
  const live = useLive(() => Promise.all(ids.map(rowOf)), () => false, [ids.join()]);
  const rows = live.value ?? [];
  const complete = ids.every((id) => rows.some((row) => row.id === id));
  return (
    <section class="panel panel-warn">
      <Table
        caption={texts.preview.duplicates(ids.length)}
        rows={rows}
        rowKey={(row) => row.id}
        stacks
        columns={[
          {
            title: texts.field["child"]!,
            cell: ({ id, answer }) =>
              answer ? (
                <a href={addressOf.preview(id)}>{childLine(answer.report.child, texts)}</a>
              ) : (
                texts.preview.duplicateElsewhere(id)
              ),
          },
          { title: texts.field["incidentNumber"]!, cell: ({ answer }) => answer?.report.incidentNumber || answer?.report.caseNumber },
          { title: texts.field["lastSeen.place"]!, cell: ({ answer }) => answer?.report.lastSeen?.place || answer?.report.lastSeen?.division },
          { title: texts.field["lastSeen"]!, cell: ({ answer }) => timeOf(answer?.report.lastSeen?.time, now) },
          { title: texts.field["child.clothing"]!, cell: ({ answer }) => answer?.report.child?.clothing },
        ]}
      />
      {!complete && live.failure === null && <p>{texts.loading}</p>}
      <Readings of={[live]} />
      {onReviewed && (
        <Tick
          name="duplicatesReviewed"
          label={texts.preview.duplicatesSeen}
          checked={reviewed}
          fixed={!complete}
          onValue={(on) => onReviewed(on ? ids : [])}
        />
      )}
    </section>
  );
}
