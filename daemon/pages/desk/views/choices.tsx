import { useState } from "preact/hooks";
import { Button, TextField, Tick } from "../../design/components";
import type { Audience, Preview, ReleaseChoices, Report } from "../api/types";
import { numberOr } from "../form/draft";
import { useTexts } from "../text";

const audiences: Audience[] = ["POLICE", "PARTNER", "PUBLIC"];

interface Props {
  preview: Preview;
  report: Report;
  choices: ReleaseChoices;
  wrong: Record<string, string>;
  onChoices: (choices: ReleaseChoices) => void;
}

/** To whom, how far, and whether the plate is for everybody; each change is previewed at once, the radius when it has
    been typed, so that nothing is released that stands there and was not previewed. */
export function ReleaseOptions({ preview, report, choices, wrong, onChoices }: Props) {
  const texts = useTexts();
  const [radius, setRadius] = useState("");
  // What was ticked counts at once; what was not is as the server has it.
  const chosen = choices.audiences ?? preview.copies.map((copy) => copy.audience);
  const toggle = (audience: Audience, on: boolean) => {
    const next = audiences.filter((each) => (each === audience ? on : chosen.includes(each)));
    onChoices({ ...choices, audiences: next });
  };
  const apply = () => {
    const { radiusKm: _, ...rest } = choices;
    onChoices(radius.trim() === "" ? rest : { ...rest, radiusKm: numberOr(radius) });
  };
  return (
    <section class="panel">
      <h2>{texts.preview.who}</h2>
      <div class="choices">
        {audiences.map((audience) => (
          <Tick
            key={audience}
            name={`audience-${audience}`}
            label={audience === "POLICE" ? texts.aside(texts.audience.POLICE, texts.preview.always) : texts.audience[audience]}
            checked={chosen.includes(audience)}
            fixed={audience === "POLICE"}
            onValue={(on) => toggle(audience, on)}
          />
        ))}
      </div>
      {report.suspect?.plate && (
        <Tick
          name="plateOpen"
          label={texts.preview.plate}
          checked={choices.plateOpen ?? false}
          onValue={(plateOpen) => onChoices({ ...choices, plateOpen })}
        />
      )}
      <div class="with-button">
        <TextField
          name="radiusKm"
          label={texts.preview.radius}
          hint={texts.preview.radiusHint}
          error={wrong["radiusKm"]}
          value={radius}
          inputMode="decimal"
          onValue={setRadius}
          onDone={apply}
        />
        <Button size="small" onClick={apply}>
          {texts.preview.apply}
        </Button>
      </div>
    </section>
  );
}
