import { Table, Tick } from "../../design/components";
import { read } from "../api/call";
import type { ReportAnswer } from "../api/types";
import { timeOf } from "../format";
import { useLive, useNow } from "../live/hooks";
import { addressOf } from "../router";
import { useTexts } from "../text";
import { childLine } from "./list";

/** Looked at one by one; more than that no officer compares at night. */
const duplicatesShown = 10;

interface Props {
  ids: string[];
  reviewed: boolean;
  onReviewed: (reviewed: boolean) => void;
}

export function Duplicates({ ids, reviewed, onReviewed }: Props) {
  const texts = useTexts();
  const now = useNow(60_000);
  const { value } = useLive(
    () => Promise.all(ids.slice(0, duplicatesShown).map((id) => read<ReportAnswer>(`/reports/${id}`))),
    () => false,
    [ids.join()],
  );
  return (
    <section class="panel panel-warn">
      <Table
        caption={texts.preview.duplicates(ids.length)}
        rows={value ?? []}
        rowKey={(row) => row.id}
        columns={[
          { title: texts.field["child"]!, cell: (row) => <a href={addressOf.preview(row.id)}>{childLine(row.report.child, texts)}</a> },
          { title: texts.field["incidentNumber"]!, cell: (row) => row.report.incidentNumber || row.report.caseNumber },
          { title: texts.field["lastSeen.place"]!, cell: (row) => row.report.lastSeen?.place || row.report.lastSeen?.division },
          { title: texts.field["lastSeen"]!, cell: (row) => timeOf(row.report.lastSeen?.time, now) },
          { title: texts.field["child.clothing"]!, cell: (row) => row.report.child?.clothing },
        ]}
      />
      <Tick name="duplicatesReviewed" label={texts.preview.duplicatesSeen} checked={reviewed} onValue={onReviewed} />
    </section>
  );
}
