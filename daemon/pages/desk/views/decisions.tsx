// What an officer decides on an alert that is out, each in a dialog of its own.
import { useState } from "preact/hooks";
import { Choices, Select, TextArea, TextField, Ticks } from "../../design/components";
import type { Alert, Audience, Circle } from "../api/types";
import { type Values, numberOr } from "../form/draft";
import { errorsOf } from "../form/problems";
import { roundKm } from "../format";
import { useAction } from "../live/hooks";
import { CentrePicker } from "../map/centre_picker";
import { CircleMap } from "../map/circle_map";
import { PositionFields, positionPaths } from "../map/position_fields";
import { useTexts } from "../text";
import { GroundsFields, given, noGrounds } from "./grounds";
import { OrderDialog, kindOf } from "./order";

export interface DecisionProps {
  alert: Alert;
  onClose: () => void;
  onDone: () => void;
}

/** Of the place of loss. */
export const divisionOf = ({ notice }: Alert) => notice?.lastSeen?.division ?? notice?.divisions[0] ?? "";

/** A decision that is sent to the alert, and what came of it. */
function useDecision(alert: Alert, name: string, onDone: () => void) {
  const action = useAction();
  const decide = async (request: unknown) => {
    if (await action.send(`/alerts/${alert.id}:${name}`, request)) onDone();
  };
  return { action, decide, wrong: errorsOf(action.failure) };
}

const outcomes = ["FOUND_SAFE", "FOUND_INJURED", "FOUND_DECEASED", "NOT_MISSING"] as const;
const causes = ["LOST", "RUNAWAY", "ABDUCTED", "FAMILY_DISPUTE", "ACCIDENT", "HOMICIDE", "OTHER", "UNKNOWN"] as const;

/** One way down for both: the case is over, or it should never have been out. */
export function Recall({ alert, expected, onClose, onDone }: DecisionProps & { expected: number | null }) {
  const texts = useTexts();
  const [why, setWhy] = useState<"close" | "retract">("close");
  const [outcome, setOutcome] = useState("");
  const [cause, setCause] = useState("");
  const [reason, setReason] = useState("");
  const closing = useDecision(alert, "close", onDone);
  const retracting = useDecision(alert, "retract", onDone);
  // What is under way stays in sight, whatever is chosen meanwhile.
  const chosen = why === "close" ? closing : retracting;
  const { action, decide, wrong } = [closing, retracting].find((each) => each.action.busy) ?? chosen;
  const choose = texts.report.choose;
  const send = () =>
    decide(why === "close" ? { ...(outcome && { outcome }), ...(cause && { cause }), reason } : { reason });
  return (
    <OrderDialog
      title={texts.board.recallTitle}
      send={why === "close" ? texts.board.close : texts.board.retract}
      kind={kindOf(alert.status)}
      status={alert.status}
      action={action}
      shown={(path) => path in wrong}
      onClose={onClose}
      onSend={() => void send()}
    >
      <p>{texts.board.recallWho(expected)}</p>
      <Choices
        name="recall"
        label={texts.board.recall}
        value={why}
        onValue={(value) => setWhy(value as "close" | "retract")}
        options={[
          { value: "close", label: texts.board.recallFound },
          { value: "retract", label: texts.board.recallError },
        ]}
      />
      {why === "close" && (
        <>
          <Select
            name="outcome"
            label={texts.board.outcome}
            needed={texts.needed}
            error={wrong["outcome"]}
            value={outcome}
            onValue={setOutcome}
            options={[{ value: "", label: choose }, ...outcomes.map((value) => ({ value, label: texts.outcome[value] }))]}
          />
          <Select
            name="cause"
            label={texts.board.cause}
            needed={texts.needed}
            error={wrong["cause"]}
            value={cause}
            onValue={setCause}
            options={[{ value: "", label: choose }, ...causes.map((value) => ({ value, label: texts.cause[value] }))]}
          />
        </>
      )}
      <TextArea
        name="reason"
        label={texts.board.reason}
        needed={texts.needed}
        error={wrong["reason"]}
        value={reason}
        onValue={setReason}
        rows={2}
      />
    </OrderDialog>
  );
}

const centre = positionPaths("centre");
const radiusKmMax = 2000;

/** The circle that these texts say; null: the server will say what is wrong with them. */
function circleOf(values: Values): Circle | null {
  const texts = [values[centre.latitude], values[centre.longitude], values["radiusKm"]];
  const [latitude, longitude, radiusKm] = texts.map((text) => (text?.trim() ? Number(text) : NaN)) as [number, number, number];
  const fits = Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 && radiusKm >= 1 && radiusKm <= radiusKmMax;
  return fits ? { latitude, longitude, radiusKm, approximate: false } : null;
}

type CircleWish = "advance" | "hold" | "radius" | "centre";

function circleRequest(what: CircleWish, values: Values): object {
  if (what === "advance" || what === "hold") return { [what]: true };
  const radiusKm = numberOr(values["radiusKm"] ?? "");
  if (what === "radius") return { radiusKm };
  // A number that is not given would be taken for 0.
  const [latitude, longitude] = [centre.latitude, centre.longitude].map((path) => numberOr(values[path] ?? ""));
  return { radiusKm, centre: { latitude, longitude, crs: values[centre.crs] } };
}

/** From here on a degree's third decimal is a hundred metres; nobody draws a circle more exactly. */
const degreesOf = (degrees: number) => String(Number(degrees.toFixed(3)));

function valuesOf(circle: Circle | undefined): Values {
  if (!circle) return { [centre.crs]: "WGS84" };
  return {
    radiusKm: String(roundKm(circle.radiusKm)),
    [centre.latitude]: degreesOf(circle.latitude),
    [centre.longitude]: degreesOf(circle.longitude),
    [centre.crs]: "WGS84",
  };
}

export function DrawCircle({ alert, onClose, onDone }: DecisionProps) {
  const texts = useTexts();
  const [what, setWhat] = useState<CircleWish>("advance");
  const [values, setValues] = useState(() => valuesOf(alert.circle));
  const [reason, setReason] = useState("");
  const { action, decide, wrong } = useDecision(alert, "circle", onDone);
  const put = (path: string, value: string) => setValues((now) => ({ ...now, [path]: value }));
  const division = divisionOf(alert);
  const drawn = what === "radius" || what === "centre";
  const circle = circleOf(values);
  const before = alert.circle;
  const inSight = (path: string) =>
    path === "reason" || (drawn && path === "radiusKm") || (what === "centre" && path.startsWith("centre"));
  const choose = (value: string) => {
    setWhat(value as CircleWish);
    action.clear();
  };
  return (
    <OrderDialog
      title={texts.board.circleTitle}
      send={texts.board.circleSend}
      kind={kindOf(alert.status)}
      status={alert.status}
      action={action}
      shown={(path) => path in wrong && inSight(path)}
      onClose={onClose}
      onSend={() => void decide({ ...circleRequest(what, values), reason })}
    >
      <Choices
        name="circle"
        label={texts.board.circle}
        value={what}
        onValue={choose}
        options={[
          { value: "advance", label: texts.board.circleAdvance },
          ...(alert.circleHeld ? [] : [{ value: "hold", label: texts.board.circleHold }]),
          { value: "radius", label: texts.board.circleRadius },
          { value: "centre", label: texts.board.circleCentre },
        ]}
      />
      {drawn && (
        <>
          <p class="soft small">{texts.board.circleByHand}</p>
          <TextField
            name="radiusKm"
            label={texts.preview.radius}
            needed={texts.needed}
            inputMode="decimal"
            value={values["radiusKm"] ?? ""}
            error={wrong["radiusKm"]}
            onValue={(value) => put("radiusKm", value)}
          />
        </>
      )}
      {what === "radius" && circle && before && (
        <CircleMap circle={{ ...before, radiusKm: circle.radiusKm }} before={before} division={division} />
      )}
      {what === "centre" && (
        <>
          {before && (
            <CentrePicker
              circle={circle}
              before={before}
              division={division}
              onCentre={(latitude, longitude) =>
                setValues((now) => ({
                  ...now,
                  [centre.latitude]: degreesOf(latitude),
                  [centre.longitude]: degreesOf(longitude),
                  [centre.crs]: "WGS84",
                }))
              }
            />
          )}
          <PositionFields path="centre" values={values} onPath={put} errors={wrong} needed={texts.needed} />
        </>
      )}
      <TextArea
        name="reason"
        label={texts.board.reason}
        needed={texts.needed}
        error={wrong["reason"]}
        value={reason}
        onValue={setReason}
        rows={2}
      />
    </OrderDialog>
  );
}

/** Never the police: only an end of the case takes it from them (core::SuspendAlert, daemon/core/case.cpp). */
const spared: Audience[] = ["PARTNER", "PUBLIC"];

/** From whom it can be taken. Who has it, a daemon of before does not say; then it may be anybody. */
export const suspendableOf = ({ audiences = spared, suspended = [] }: Alert) =>
  spared.filter((each) => audiences.includes(each) && !suspended.includes(each));

/** Who can get it again. */
export const resumableOf = ({ state, suspended = state === "SUSPENDED" ? spared : [] }: Alert) =>
  spared.filter((each) => suspended.includes(each));

const suspendReasons = ["LEADS_HELD", "CHILD_AT_RISK", "OTHER"] as const;

/** Takes it from some audiences, or gives it back to them. */
export function Suspend({ alert, resume, onClose, onDone }: DecisionProps & { resume: boolean }) {
  const texts = useTexts();
  const audiences = resume ? resumableOf(alert) : suspendableOf(alert);
  const [wanted, setWanted] = useState<string[]>(audiences.slice(0, 1));
  const [grounds, setGrounds] = useState(noGrounds);
  const { action, decide, wrong } = useDecision(alert, resume ? "resume" : "suspend", onDone);
  // Another officer may have been faster.
  const chosen = audiences.filter((each) => wanted.includes(each));
  const send = () => decide({ audiences: chosen, ...given(grounds) });
  return (
    <OrderDialog
      title={resume ? texts.board.resumeTitle : texts.board.suspendTitle}
      send={resume ? texts.board.resumeSend : texts.board.suspendSend}
      kind={kindOf(alert.status)}
      status={alert.status}
      action={action}
      shown={(path) => path in wrong}
      onClose={onClose}
      onSend={() => void send()}
    >
      {!resume && <p>{texts.board.suspendHint}</p>}
      <Ticks
        name="audiences"
        label={texts.board.audiences}
        error={wrong["audiences"]}
        chosen={chosen}
        onChosen={setWanted}
        options={audiences.map((value) => ({ value, label: texts.audience[value] }))}
      />
      <GroundsFields
        label={texts.board.reason}
        reasons={resume ? [] : suspendReasons.map((value) => ({ value, label: texts.suspendReason[value] }))}
        grounds={grounds}
        wrong={wrong}
        onGrounds={setGrounds}
      />
    </OrderDialog>
  );
}
