import { lazy, Suspense } from "preact/compat";
import { useEffect, useId, useState } from "preact/hooks";
import { Button, Field, Select, TextField, attributesOf } from "../../design/components";
import { useRights } from "../caller";
import type { Values } from "../form/draft";
import { useTexts } from "../text";
import { type Names, useNames } from "./names";

const PlacePicker = lazy(() => import("./place_picker").then((module) => module.PlacePicker));
const matchesMax = 8;
const crsOptions = ["WGS84", "CGCS2000", "GCJ02", "BD09"].map((crs) => ({ value: crs, label: crs }));

interface Props {
  name: string;
  label: string;
  value: string;
  onValue: (code: string) => void;
  error?: string | undefined;
  needed?: string | undefined;
  values: Values;
  onPath: (path: string, value: string) => void;
  errors: Record<string, string>;
}

/** What is typed becomes a code: six digits as they are, a name that is chosen from the list (WAI-ARIA combobox). */
function DivisionInput(props: Props & { names: Names | null }) {
  const texts = useTexts();
  const { caller } = useRights();
  const { names, value, onValue } = props;
  const [typed, setTyped] = useState<string | null>(null);
  const [active, setActive] = useState(0);
  const listId = useId();
  const text = typed ?? (names && value ? `${value} ${names.full(value)}` : value);
  const matches = typed !== null && names ? names.search(typed, caller.division, matchesMax) : [];
  const open = matches.length > 0;
  const field = { ...props, hint: texts.place.hint };
  useEffect(() => setActive(0), [typed]);

  const choose = (code: string) => {
    onValue(code);
    setTyped(null);
  };
  const type = (now: string) => {
    setTyped(now);
    const code = now.trim();
    onValue(/^\d{6}$/.test(code) ? code : "");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (open && step !== 0) {
      event.preventDefault();
      setActive((now) => (now + step + matches.length) % matches.length);
    } else if (open && event.key === "Enter") {
      event.preventDefault();
      choose(matches[active]!);
    } else if (event.key === "Escape") {
      setTyped(null);
    }
  };
  return (
    <Field {...field}>
      <div class="combobox">
        <input
          {...attributesOf(field)}
          class="input"
          type="text"
          role="combobox"
          autocomplete="off"
          aria-autocomplete="list"
          aria-expanded={open}
          aria-controls={listId}
          aria-activedescendant={open ? `${listId}-${active}` : undefined}
          value={text}
          onInput={(event) => type(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          onBlur={() => setTyped((now) => (now !== null && value ? null : now))}
        />
        <ul id={listId} role="listbox" aria-label={props.label} class="combobox-list" hidden={!open}>
          {matches.map((code, index) => (
            <li
              key={code}
              id={`${listId}-${index}`}
              role="option"
              aria-selected={index === active}
              // Before the input loses the focus.
              onMouseDown={(event) => {
                event.preventDefault();
                choose(code);
              }}
            >
              <span class="number">{code}</span> {names?.full(code)}
            </li>
          ))}
        </ul>
      </div>
      <span class="out-of-sight" role="status">
        {typed !== null && typed.trim() !== "" && (open ? texts.place.found(matches.length) : value ? "" : texts.place.none)}
      </span>
    </Field>
  );
}

const latitudePath = "lastSeen.position.latitude";
const longitudePath = "lastSeen.position.longitude";
const crsPath = "lastSeen.position.crs";

function PositionInputs({ values, onPath, errors }: Pick<Props, "values" | "onPath" | "errors">) {
  const texts = useTexts();
  const bind = (path: string) => ({
    name: path,
    label: texts.field[path] ?? path,
    value: values[path] ?? "",
    error: errors[path] ?? (path === latitudePath ? errors["lastSeen.position"] : undefined),
    onValue: (value: string) => {
      onPath(path, value);
      if (value && !values[crsPath]) onPath(crsPath, "WGS84");
    },
  });
  const wrong = Object.keys(errors).some((path) => path.startsWith("lastSeen.position"));
  return (
    <details class="position" open={wrong || Boolean(values[latitudePath])}>
      <summary class="small">{texts.place.typed}</summary>
      <div class="fields-three">
        <TextField {...bind(latitudePath)} inputMode="decimal" />
        <TextField {...bind(longitudePath)} inputMode="decimal" />
        <Select {...bind(crsPath)} options={crsOptions} value={values[crsPath] ?? "WGS84"} />
      </div>
    </details>
  );
}

/** Where the child was lost: the division always, by name, code or map; the position where it is known. */
export function PlaceField(props: Props) {
  const texts = useTexts();
  const names = useNames();
  const [map, setMap] = useState(false);
  const { values, onPath, value, onValue } = props;
  const latitude = Number(values[latitudePath]);
  const longitude = Number(values[longitudePath]);
  const point = values[latitudePath] && Number.isFinite(latitude + longitude) ? { latitude, longitude } : null;
  const place = (north: number, east: number) => {
    onPath(latitudePath, north.toFixed(3));
    onPath(longitudePath, east.toFixed(3));
    onPath(crsPath, "WGS84");
  };
  const clear = () => [latitudePath, longitudePath, crsPath].forEach((path) => onPath(path, ""));
  return (
    <div class="stack-close">
      <DivisionInput {...props} names={names} />
      <div class="row">
        <Button size="small" aria-expanded={map} onClick={() => setMap(!map)}>
          {map ? texts.place.closeMap : texts.place.map}
        </Button>
        {point && (
          <>
            <span class="small">{texts.place.position(latitude.toFixed(2), longitude.toFixed(2))}</span>
            <Button size="small" kind="quiet" onClick={clear}>
              {texts.place.clearPosition}
            </Button>
          </>
        )}
      </div>
      {map && (
        <Suspense fallback={<p class="small">{texts.loading}</p>}>
          <PlacePicker names={names} division={value} point={point} onDivision={onValue} onPoint={place} />
        </Suspense>
      )}
      <PositionInputs {...props} />
    </div>
  );
}
