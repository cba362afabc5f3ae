import { Banner, Button, idOf } from "../../design/components";
import type { Draft } from "../form/draft";
import { useNames } from "../map/names";
import { positionPaths } from "../map/position_fields";
import { useTexts } from "../text";
import { said } from "./facts";

interface Props {
  /** The fields that somebody else has changed since the form was opened. */
  fields: string[];
  now: Draft;
  /** What is changed here, and would be sent. */
  changed: string[];
  /** It was sent, and came after another: then it is said too where no field is another. */
  refused: boolean;
  onTake: () => void;
}

const firstOf = (path: string) => (path === "lastSeen.position" ? positionPaths(path).latitude : path);

/** Beside the button that sends an update: another one has come since, what it says, and what of that would be undone. */
export function Newer({ fields, now, changed, refused, onTake }: Props) {
  const texts = useTexts();
  const names = useNames();
  const word = (path: string) => texts.field[path] ?? path;
  const value = (path: string) => (now.values[firstOf(path)] ? said(firstOf(path), now.values, texts, names) : "–");
  const undone = fields.filter((path) => changed.includes(path));
  const take = () => {
    onTake();
    requestAnimationFrame(() => document.getElementById(idOf(firstOf(fields[0]!)))?.focus());
  };
  return (
    <Banner tone="warn" urgent={refused} title={refused ? texts.board.updateOvertaken : texts.board.updateNewer}>
      {fields.length > 0 && (
        <>
          {refused && <p>{texts.board.updateNewer}</p>}
          <ul>
            {fields.map((path) => (
              <li key={path}>{path === "child.photo" ? word(path) : texts.said(word(path), value(path))}</li>
            ))}
          </ul>
          {undone.length > 0 && (
            <p>
              <strong>{texts.said(texts.board.updateUndoes, texts.several(undone.map(word)))}</strong>
            </p>
          )}
          <p class="small">{texts.board.updateTakeHint}</p>
          <div>
            <Button size="small" onClick={take}>
              {texts.board.updateTake}
            </Button>
          </div>
        </>
      )}
    </Banner>
  );
}
