import type { ComponentProps } from "preact";
import { useEffect, useId, useState } from "preact/hooks";
import { Button, Field, attributesOf } from "../../design/components";
import { useRights } from "../caller";
import type { Values } from "../form/draft";
import { useFold } from "../form/fold";
import { useTexts } from "../text";
import type { Place } from "./china_map";
import { type Names, useNames } from "./names";
import { PositionFields, positionPaths } from "./position_fields";

type Picker = typeof import("./place_picker").PlacePicker;

/** Read when it is first opened. Where the network was away then, there is none until the page is loaded anew, which loses no
    draft: browsers keep a module that could not be read for one that cannot be (https://github.com/whatwg/html/issues/6768).
    Those that do not read it once more when it is opened again. */
function PlacePicker(props: ComponentProps<Picker>) {
  const texts = useTexts();
  const [read, setRead] = useState<{ Picker: Picker } | "failed" | null>(null);
  useEffect(() => {
    let gone = false;
    const tell = (now: { Picker: Picker } | "failed") => !gone && setRead(now);
    import("./place_picker").then(
      (module) => tell({ Picker: module.PlacePicker }),
      () => tell("failed"),
    );
    return () => {
      gone = true;
    };
  }, []);
  if (read === "failed") return <p role="status">{texts.place.noMap}</p>;
  if (read === null) return <p class="small">{texts.loading}</p>;
  return <read.Picker {...props} />;
}

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
/** No field of the report: the county that the map was touched for, and the position that this gave. It is kept with the
    draft, so that after a reload too it is known which positions were typed. */
const touchedPath = `${positionPath}.touched`;

/** Whether there is a position that somebody has typed, and of which county the map has given one. */
function originOf(values: Values): { typed: boolean; county: string } {
  const [county = "", ...touched] = (values[touchedPath] ?? "").split(" ");
  const is = [position.latitude, position.longitude, position.crs].map((path) => values[path] ?? "");
  const given = is[0] !== "" || is[1] !== "";
  const fromMap = given && is.join() === touched.join();
  return { typed: given && !fromMap, county: fromMap ? county : "" };
}

/** Where the child was lost: the division always, by name, code or map; the position where it is known. */
export function PlaceField(props: Props) {
  const texts = useTexts();
  const names = useNames();
  const [map, setMap] = useState(false);
  const { values, onPath, errors, value, onValue } = props;
  const latitude = Number(values[position.latitude]);
  const longitude = Number(values[position.longitude]);
  const point = values[position.latitude] && Number.isFinite(latitude + longitude) ? { latitude, longitude } : null;
  const { typed, county } = originOf(values);
  const place = (code: string, at: Place) => {
    const [north, east] = [at.latitude.toFixed(3), at.longitude.toFixed(3)];
    onPath(position.latitude, north);
    onPath(position.longitude, east);
    onPath(position.crs, "WGS84");
    onPath(touchedPath, [code, north, east, "WGS84"].join(" "));
  };
  const clear = () => Object.values(position).forEach((path) => onPath(path, ""));
  // What was typed stays; what the map gave for one county says nothing of another.
  const choose = (code: string, at: Place | null = null) => {
    onValue(code);
    if (typed) return;
    if (at) place(code, at);
    else if (county !== "" && code !== "" && code !== county) clear();
  };
  const wrong = Object.keys(errors).some((path) => path.startsWith(positionPath));
  const fold = useFold(Boolean(values[position.latitude]), wrong);
  return (
    <div class="stack-close">
      <DivisionInput {...props} names={names} onValue={(code) => choose(code)} />
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
      {map && <PlacePicker names={names} division={value} point={point} fixed={typed} onCounty={choose} />}
      {map && typed && <p class="small">{texts.place.typedStays}</p>}
      <details class="position" {...fold}>
        <summary class="small">{texts.place.typed}</summary>
        <PositionFields path={positionPath} values={values} onPath={onPath} errors={errors} />
      </details>
    </div>
  );
}
