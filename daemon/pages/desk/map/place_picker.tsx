import { useState } from "preact/hooks";
import { Button } from "../../design/components";
import { useTexts } from "../text";
import { ChinaMap, type Place, boxOf } from "./china_map";
import type { Names } from "./names";
import { type Area, useOutlines } from "./outlines";

interface Props {
  names: Names | null;
  division: string;
  point: Place | null;
  /** A touch does not move the point. */
  fixed: boolean;
  /** `at`: where in it the map was touched; null: by its name or by the keyboard. */
  onCounty: (code: string, at: Place | null) => void;
}

/** A municipality's map shows its districts, which need no further choice. */
const isCounty = (area: Area) => area.code.length === 6;

/** From the country to the province, the city, and its counties by name. A city is touched to see its counties, most of
    which do not lie there: it is a place when the county has been said. */
export function PlacePicker({ names, division, point, fixed, onCounty }: Props) {
  const texts = useTexts();
  const [province, setProvince] = useState(division.slice(0, 2));
  const [city, setCity] = useState<Area | null>(null);
  const [touched, setTouched] = useState<Place | null>(null);
  const areas = useOutlines(province);
  if (areas === "failed") return <p role="status">{texts.place.noMap}</p>;

  const choose = (area: Area, at: Place | null) => {
    const said = isCounty(area) ? area.code : division.startsWith(area.code) ? division : "";
    if (province === "") {
      setProvince(area.code);
      return;
    }
    if (!isCounty(area)) setCity(area);
    if (said !== "") onCounty(said, at);
    setTouched(said === "" && !fixed ? at : null);
  };
  const chooseCounty = (code: string) => {
    onCounty(code, touched);
    setTouched(null);
  };
  const counties = city && names ? names.within(city.code) : [];
  const asked = province === "" ? texts.place.pickProvince : texts.place.pickCity;
  return (
    <div class="stack-close">
      <div class="row row-apart">
        <p class="small">{asked}</p>
        {province !== "" && (
          <Button
            size="small"
            onClick={() => {
              setProvince("");
              setCity(null);
              setTouched(null);
            }}
          >
            {texts.place.china}
          </Button>
        )}
      </div>
      <div class="map-frame">
        {Array.isArray(areas) && (
          <ChinaMap
            label={texts.place.mapAlt}
            areas={areas}
            box={boxOf(areas)}
            chosen={city?.code ?? division}
            point={touched ?? point ?? undefined}
            onArea={choose}
          />
        )}
      </div>
      {city && (
        <fieldset class="counties">
          <legend class="small">{texts.place.pickCounty(city.name)}</legend>
          {counties.map((code) => (
            <Button
              key={code}
              size="small"
              kind={code === division ? "primary" : "plain"}
              aria-pressed={code === division}
              onClick={() => chooseCounty(code)}
            >
              {names?.name(code) ?? code}
            </Button>
          ))}
        </fieldset>
      )}
    </div>
  );
}
