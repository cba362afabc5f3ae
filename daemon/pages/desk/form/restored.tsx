import { Banner, Button } from "../../design/components";
import { useTexts } from "../text";

interface Props {
  /** Where what stands in the form is from. */
  note: string;
  busy: boolean;
  onDiscard: () => void;
}

/** Over a form that was not empty, or not as it is in force, when it was opened. */
export function Restored({ note, busy, onDiscard }: Props) {
  const texts = useTexts();
  return (
    <Banner tone="info">
      <div class="row row-apart">
        <span>{note}</span>
        <Button size="small" unusable={busy} onClick={onDiscard}>
          {texts.report.discard}
        </Button>
      </div>
    </Banner>
  );
}
