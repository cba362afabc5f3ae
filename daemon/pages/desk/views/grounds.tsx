import { type Option, Select, TextField } from "../../design/components";
import { useTexts } from "../text";

/** Why something is as it is said to be: one reason of a few, and a note in the officer's own words. */
export interface Grounds {
  reason: string;
  note: string;
}

export const noGrounds: Grounds = { reason: "", note: "" };

/** As the API takes them: what was not said is left out. */
export const given = ({ reason, note }: Grounds) => ({ ...(reason ? { reason } : {}), ...(note ? { note } : {}) });

interface Props {
  /** What the reason is one for. */
  label: string;
  /** Empty: none is asked for, and there is the note alone. */
  reasons: Option[];
  grounds: Grounds;
  wrong: Record<string, string>;
  onGrounds: (grounds: Grounds) => void;
}

export function GroundsFields({ label, reasons, grounds, wrong, onGrounds }: Props) {
  const texts = useTexts();
  return (
    <>
      {reasons.length > 0 && (
        <Select
          name="reason"
          label={label}
          needed={texts.needed}
          error={wrong["reason"]}
          value={grounds.reason}
          onValue={(reason) => onGrounds({ ...grounds, reason })}
          options={[{ value: "", label: texts.report.choose }, ...reasons]}
        />
      )}
      <TextField
        name="note"
        label={texts.board.note}
        value={grounds.note}
        error={wrong["note"]}
        onValue={(note) => onGrounds({ ...grounds, note })}
      />
    </>
  );
}
