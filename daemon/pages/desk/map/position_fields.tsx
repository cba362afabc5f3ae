import { Select, TextField } from "../../design/components";
import type { Values } from "../form/draft";
import { useTexts } from "../text";

const crsOptions = ["WGS84", "CGCS2000", "GCJ02", "BD09"].map((crs) => ({ value: crs, label: crs }));
const parts = ["latitude", "longitude", "crs"] as const;

export type PositionPaths = Record<(typeof parts)[number], string>;

/** Where the three texts of a position stand that has this JSON path. */
export const positionPaths = (path: string) =>
  Object.fromEntries(parts.map((part) => [part, `${path}.${part}`])) as PositionPaths;

interface Props {
  /** The JSON path of the position. */
  path: string;
  values: Values;
  onPath: (path: string, value: string) => void;
  errors: Record<string, string>;
  needed?: string | undefined;
}

/** A position as it is typed: two numbers, and what they are measured in. */
export function PositionFields({ path, values, onPath, errors, needed }: Props) {
  const texts = useTexts();
  const at = positionPaths(path);
  const bind = (part: keyof PositionPaths) => ({
    name: at[part],
    label: texts.field[at[part]] ?? part,
    value: values[at[part]] ?? "",
    needed,
    // What is wrong with both together stands beside the first.
    error: errors[at[part]] ?? (part === "latitude" ? errors[path] : undefined),
    onValue: (value: string) => {
      onPath(at[part], value);
      if (value && !values[at.crs]) onPath(at.crs, "WGS84");
    },
  });
  return (
    <div class="fields-three">
      <TextField {...bind("latitude")} inputMode="decimal" />
      <TextField {...bind("longitude")} inputMode="decimal" />
      <Select {...bind("crs")} options={crsOptions} value={values[at.crs] || "WGS84"} />
    </div>
  );
}
