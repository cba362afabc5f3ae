import { useState } from "preact/hooks";
import { Button, Table } from "../../design/components";
import type { Unreachable } from "../api/types";
import { timeOf } from "../format";
import { useNow } from "../live/hooks";
import { useTexts, wordFor } from "../text";
import { Telephone } from "./telephone";

/** More than one looks through at once hides what stands below. */
const rowsFirst = 20;

export function UnreachableTable({ rows, total, caption }: { rows: Unreachable[]; total: number; caption: string }) {
  const texts = useTexts();
  const now = useNow(60_000);
  const [all, setAll] = useState(false);
  const shown = all ? rows : rows.slice(0, rowsFirst);
  return (
    <div class="stack-close">
      <Table
        caption={caption}
        rows={shown}
        rowKey={(row) => row.recipientId}
        stacks
        columns={[
          { title: texts.readiness.recipient, cell: (row) => row.name || row.recipientId },
          { title: texts.readiness.reason, cell: (row) => wordFor(texts.unreachable, row.reason) },
          { title: texts.readiness.since, cell: (row) => (row.since ? timeOf(row.since, now) : texts.preview.never) },
          { title: texts.board.telephone, cell: (row) => <Telephone liaison={row.liaison} /> },
        ]}
      />
      {shown.length < rows.length && (
        <div>
          <Button size="small" onClick={() => setAll(true)}>
            {texts.showRows(rows.length, total)}
          </Button>
        </div>
      )}
      {all && total > rows.length && <p class="soft small">{texts.more(total - rows.length)}</p>}
    </div>
  );
}
