import { lazy, Suspense } from "preact/compat";
import { useEffect, useId, useState } from "preact/hooks";
import { Button, Field, attributesOf } from "../../design/components";
import { useRights } from "../caller";
import type { Values } from "../form/draft";
import { useFold } from "../form/fold";
import { useTexts } from "../text";
import { type Names, useNames } from "./names";
import { PositionFields, positionPaths } from "./position_fields";

const PlacePicker = lazy(() => import("./place_picker").then((module) => module.PlacePicker));
const matchesMax = 8;

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
  const [left, setLeft] = useState(false);
  const listId = useId();
  const text = typed ?? (names && value ? `${value} ${names.full(value)}` : value);
  const matches = typed !== null && names ? names.search(typed, caller.division, matchesMax) : [];
  const open = matches.length > 0 && !left;
  const field = { ...props, hint: texts.place.hint };
  useEffect(() => setActive(0), [typed]);

  const choose = (code: string) => {
    onValue(code);
    setTyped(null);
  };
  const type = (now: string) => {
    setLeft(false);
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
          onFocus={() => setLeft(false)}
          onBlur={() => {
            setLeft(true);
            if (value) setTyped(null);
          }}
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
        {typed !== null &&
          typed.trim() !== "" &&
          (matches.length > 0 ? texts.place.found(matches.length) : value ? "" : texts.place.none)}
      </span>
    </Field>
  );
}

const positionPath = "lastSeen.position";
const position = positionPaths(positionPath);

/** Where the child was lost: the division always, by name, code or map; the position where it is known. */
export function PlaceField(props: Props) {
  const texts = useTexts();
  const names = useNames();
  const [map, setMap] = useState(false);
  const { values, onPath, errors, value, onValue } = props;
  const latitude = Number(values[position.latitude]);
  const longitude = Number(values[position.longitude]);
  const point = values[position.latitude] && Number.isFinite(latitude + longitude) ? { latitude, longitude } : null;
  const place = (north: number, east: number) => {
    onPath(position.latitude, north.toFixed(3));
    onPath(position.longitude, east.toFixed(3));
    onPath(position.crs, "WGS84");
  };
  const clear = () => Object.values(position).forEach((path) => onPath(path, ""));
  const wrong = Object.keys(errors).some((path) => path.startsWith(positionPath));
  const fold = useFold(Boolean(values[position.latitude]), wrong);
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
      <details class="position" {...fold}>
        <summary class="small">{texts.place.typed}</summary>
        <PositionFields path={positionPath} values={values} onPath={onPath} errors={errors} />
      </details>
    </div>
  );
}
