import type { ComponentChildren } from "preact";

export interface Column<Row> {
  title: string;
  cell: (row: Row) => ComponentChildren;
  kind?: "number" | "meter";
}

interface Props<Row> {
  caption: string;
  columns: Column<Row>[];
  rows: Row[];
  rowKey: (row: Row) => string;
  /** On a telephone each row is a block of its own, because its columns would be a character wide. */
  stacks?: boolean;
  /** The words of the caption stand above it already. */
  captioned?: boolean;
}

const classOf = (...names: (string | false | undefined)[]) => names.filter(Boolean).join(" ") || undefined;

/** The first column is what a row is about. Wider than the screen it scrolls by itself, by the keyboard too. The roles
    are said, because browsers take them from a table that is laid out as anything else. */
export function Table<Row>({ caption, columns, rows, rowKey, stacks = false, captioned = false }: Props<Row>) {
  return (
    <div class="table-frame" tabIndex={0} role="region" aria-label={caption}>
      <table class={classOf("table", stacks && "table-stacks")} role="table">
        <caption class={classOf(captioned && "out-of-sight")}>{caption}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <th key={column.title} scope="col" role="columnheader" class={classOf(column.kind && `cell-${column.kind}`)}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <tr key={rowKey(row)} role="row">
              {columns.map((column, index) =>
                index === 0 ? (
                  <th key={column.title} scope="row" role="rowheader">
                    {column.cell(row)}
                  </th>
                ) : (
                  <td
                    key={column.title}
                    role="cell"
                    class={classOf(column.kind && `cell-${column.kind}`)}
                    data-title={column.title}
                  >
                    <div>{column.cell(row)}</div>
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
