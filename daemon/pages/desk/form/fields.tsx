import { Button, Choices, Select, TextArea, TextField } from "../../design/components";
import { localOf } from "../format";
import { PlaceField } from "../map/place_field";
import { useTexts } from "../text";
import type { Draft } from "./draft";
import { useFold } from "./fold";
import { PhotoField } from "./photo_field";
import type { PhotoIntake } from "./photo_intake";

interface Props {
  draft: Draft;
  onValue: (path: string, value: string) => void;
  intake: PhotoIntake;
  /** JSON path -> what is wrong with it. */
  errors: Record<string, string>;
  /** Of what is in force already: everything is open, and nothing is required again. */
  update?: boolean;
}

/** Binds controls to the fields of the draft by their JSON path. */
function useBinding({ draft, onValue, errors, update }: Props) {
  const texts = useTexts();
  return (path: string, options: { needed?: boolean; hint?: string } = {}) => ({
    name: path,
    label: texts.field[path] ?? path,
    value: draft.values[path] ?? "",
    onValue: (value: string) => onValue(path, value),
    error: errors[path],
    hint: options.hint,
    needed: options.needed && !update ? texts.needed : undefined,
  });
}

type Bind = ReturnType<typeof useBinding>;

function Numbers({ bind }: { bind: Bind }) {
  const texts = useTexts();
  return (
    <>
      <TextField {...bind("incidentNumber", { needed: true, hint: texts.report.numberHint })} maxLength={64} />
      <TextField {...bind("caseNumber")} maxLength={64} />
    </>
  );
}

/** Whose case it is: what the certificate says is filled in already. */
function Official({ bind, update }: { bind: Bind; update: boolean }) {
  const texts = useTexts();
  return (
    <>
      {!update && (
        <TextField
          {...bind("reportingUnit", { needed: true, hint: texts.report.unitOf })}
          inputMode="numeric"
          maxLength={12}
        />
      )}
      <TextField {...bind("leadOfficer")} />
      <TextField {...bind("contact.unit")} />
    </>
  );
}

function Age({ bind }: { bind: Bind }) {
  const texts = useTexts();
  const today = localOf(Date.now()).slice(0, 10);
  return (
    <>
      <TextField {...bind("child.ageYears", { needed: true, hint: texts.report.ageOrBirth })} inputMode="numeric" />
      <TextField {...bind("child.birthDate")} type="date" max={today} />
    </>
  );
}

function ChildMore({ bind, photo }: { bind: Bind; photo: preact.ComponentChildren }) {
  const texts = useTexts();
  const { report, sex } = texts;
  return (
    <>
      <TextField {...bind("child.name")} />
      <Select
        {...bind("child.sex")}
        options={[
          { value: "", label: report.choose },
          { value: "MALE", label: sex.MALE },
          { value: "FEMALE", label: sex.FEMALE },
          { value: "UNKNOWN", label: sex.UNKNOWN },
        ]}
      />
      <TextField {...bind("child.heightCm")} inputMode="decimal" />
      <TextField {...bind("child.weightKg")} inputMode="decimal" />
      <div class="wide">{photo}</div>
      <TextArea {...bind("child.clothing")} />
      <TextArea {...bind("child.appearance")} />
      <TextArea {...bind("child.marks")} />
    </>
  );
}

function Story({ bind }: { bind: Bind }) {
  const texts = useTexts();
  return (
    <>
      <div class="wide">
        <TextArea {...bind("circumstances")} rows={4} />
      </div>
      <Choices
        {...bind("abductionSuspected")}
        options={[
          { value: "true", label: texts.yes },
          { value: "false", label: texts.no },
        ]}
      />
      <TextArea {...bind("suspect.description")} />
      <TextField {...bind("suspect.vehicle")} />
      <TextField {...bind("suspect.plate")} />
    </>
  );
}

interface FoldProps {
  title: string;
  filled: boolean;
  wrong: boolean;
  children: preact.ComponentChildren;
}

function Fold({ title, filled, wrong, children }: FoldProps) {
  const fold = useFold(filled, wrong);
  return (
    <details class="panel fold" {...fold}>
      <summary>{title}</summary>
      <div class="fields">{children}</div>
    </details>
  );
}

/** Those of the child that are not folded away. */
const inSight = new Set(["child.ageYears", "child.birthDate"]);

/** The paths that the fields of each fold begin with. */
const folded = {
  child: ["child."],
  place: ["lastSeen.place", "lastSeen.timeLatest"],
  story: ["circumstances", "suspect", "abduction"],
  official: ["reportingUnit", "leadOfficer", "contact.unit"],
};

const isIn = (fold: string[]) => (path: string) =>
  !inSight.has(path) && fold.some((prefix) => path.startsWith(prefix));

/** What opens a fold; the unit, which the certificate has filled in, does not. */
function opening({ draft: { values }, errors, update }: Props, fold: string[]) {
  const given = Object.keys(values).filter((path) => values[path] !== "" && path !== "reportingUnit");
  return { filled: Boolean(update) || given.some(isIn(fold)), wrong: Object.keys(errors).some(isIn(fold)) };
}

export function ReportFields(props: Props) {
  const texts = useTexts();
  const bind = useBinding(props);
  const { draft, onValue, intake, errors, update = false } = props;
  const photo = <PhotoField photo={draft.photo} intake={intake} error={errors["child.photo"]} />;
  const { values } = draft;
  const child = opening(props, folded.child);
  return (
    <>
      {!update && (
        <section class="panel">
          <Choices
            {...bind("exercise", { needed: true })}
            options={[
              { value: "false", label: texts.report.kind.ACTUAL, tone: "live" },
              { value: "true", label: texts.report.kind.EXERCISE, tone: "exercise" },
            ]}
          />
        </section>
      )}
      <section class="panel">
        <div class="fields">
          <Numbers bind={bind} />
          <Age bind={bind} />
          <div class="with-button">
            <TextField {...bind("lastSeen.time", { needed: true })} type="datetime-local" max={localOf(Date.now())} />
            <Button size="small" onClick={() => onValue("lastSeen.time", localOf(Date.now()))}>
              {texts.report.now}
            </Button>
          </div>
          <TextField {...bind("contact.phone", { needed: true, hint: texts.report.phoneHint })} type="tel" />
          <div class="wide">
            <PlaceField {...bind("lastSeen.division", { needed: true })} values={values} onPath={onValue} errors={errors} />
          </div>
        </div>
      </section>
      <Fold
        title={texts.report.childMore}
        filled={child.filled || draft.photo !== null}
        wrong={child.wrong || intake.state === "unreadable"}
      >
        <ChildMore bind={bind} photo={photo} />
      </Fold>
      <Fold title={texts.report.placeMore} {...opening(props, folded.place)}>
        <TextField {...bind("lastSeen.place")} />
        <TextField {...bind("lastSeen.timeLatest")} type="datetime-local" />
      </Fold>
      <Fold title={texts.report.story} {...opening(props, folded.story)}>
        <Story bind={bind} />
      </Fold>
      <Fold title={texts.report.officialMore} {...opening(props, folded.official)}>
        <Official bind={bind} update={update} />
      </Fold>
    </>
  );
}
