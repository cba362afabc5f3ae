import { Table } from "../../design/components";
import type { Unreachable } from "../api/types";
import { timeOf } from "../format";
import { useNow } from "../live/hooks";
import { useTexts, wordFor } from "../text";

export function UnreachableTable({ rows, total, caption }: { rows: Unreachable[]; total: number; caption: string }) {
  const texts = useTexts();
  const now = useNow(60_000);
  return (
    <div class="stack-close">
      <Table
        caption={caption}
        rows={rows}
        rowKey={(row) => row.recipientId}
        columns={[
          { title: texts.readiness.recipient, cell: (row) => row.name || row.recipientId },
          { title: texts.readiness.reason, cell: (row) => wordFor(texts.unreachable, row.reason) },
          { title: texts.readiness.since, cell: (row) => (row.since ? timeOf(row.since, now) : texts.preview.never) },
        ]}
      />
      {total > rows.length && <p class="soft small">{texts.more(total - rows.length)}</p>}
    </div>
  );
}
