import { useState } from "preact/hooks";
import { Button } from "../../design/components";
import { useTexts } from "../text";
import { ChinaMap, boxOf } from "./china_map";
import type { Names } from "./names";
import { type Area, useOutlines } from "./outlines";

interface Props {
  names: Names | null;
  division: string;
  point: { latitude: number; longitude: number } | null;
  onDivision: (code: string) => void;
  onPoint: (latitude: number, longitude: number) => void;
}

/** A municipality's map shows its districts, which need no further choice. */
const isCounty = (area: Area) => area.code.length === 6;

/** From the country to the province, the city, and its counties by name. */
export function PlacePicker({ names, division, point, onDivision, onPoint }: Props) {
  const texts = useTexts();
  const [province, setProvince] = useState(division.slice(0, 2));
  const [city, setCity] = useState<Area | null>(null);
  const areas = useOutlines(province);
  if (areas === "failed") return <p role="status">{texts.place.noMap}</p>;

  const choose = (area: Area, at: { latitude: number; longitude: number } | null) => {
    if (province === "") {
      setProvince(area.code);
      return;
    }
    if (at) onPoint(at.latitude, at.longitude);
    if (isCounty(area)) onDivision(area.code);
    else setCity(area);
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
            point={point ?? undefined}
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
              onClick={() => onDivision(code)}
            >
              {names?.name(code) ?? code}
            </Button>
          ))}
        </fieldset>
      )}
    </div>
  );
}
