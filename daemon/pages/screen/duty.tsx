import { useEffect, useRef, useState } from "preact/hooks";
import type { Answer, Notice } from "./current";
import { type Word, words } from "./words";

interface Props {
  notice: Notice;
  asksWhy: boolean; ///< the reasons why not, instead of the answers
  onAskWhy: (asksWhy: boolean) => void;
  onAnswer: (answer: Answer, done: (taken: boolean) => void) => void;
}

type Kind = Answer["kind"];

function Label({ word, done }: { word: Word; done?: boolean }) {
  return (
    <span>
      {done ? "✓ " : ""}
      {word.zh} <small lang="en">{word.en}</small>
    </span>
  );
}

/// What a person on duty answers: a key or a touch on a button, and nothing else. The one that confirms has the focus,
/// so that Enter or the space bar does; which presses count, `answering.ts` says.
export function Duty({ notice, asksWhy, onAskWhy, onAnswer }: Props) {
  const [failed, setFailed] = useState<string | null>(null); ///< the answer to this could not be given
  const first = useRef<HTMLButtonElement>(null);
  const about = `${notice.alertId}/${notice.revision}`;
  const said = (kind: Kind) => notice.answered.indexOf(kind) >= 0;

  useEffect(() => first.current?.focus(), [notice.alertId, notice.revision, asksWhy, notice.answered.length]);

  /// A script's click is not a person's.
  const say = (kind: Kind, reason?: string) => (event: MouseEvent) => {
    if (!event.isTrusted) return;
    const { alertId, revision } = notice;
    onAnswer({ alertId, revision, kind, ...(reason ? { reason } : {}) }, (taken) => setFailed(taken ? null : about));
  };

  const name = `${words.answers.zh} ${words.answers.en}`;
  if (asksWhy) {
    return (
      <div class="duty" role="group" aria-label={name} onKeyDown={(event) => event.key === "Escape" && onAskWhy(false)}>
        {Object.keys(words.reasons).map((reason, at) => (
          <button type="button" key={reason} ref={at === 0 ? first : null} onClick={say("UNABLE", reason)}>
            <Label word={words.reasons[reason as keyof typeof words.reasons]} />
          </button>
        ))}
        <button type="button" onClick={() => onAskWhy(false)}>
          <Label word={words.back} />
        </button>
      </div>
    );
  }
  const isConfirmed = said("CONFIRMED") || said("ACTING");
  return (
    <div class="duty" role="group" aria-label={name}>
      {failed === about && (
        <span class="duty-failed" role="alert">
          {words.failed.zh} <small lang="en">{words.failed.en}</small>
        </span>
      )}
      <button type="button" key="confirm" class={isConfirmed ? "is-said" : ""} ref={isConfirmed ? null : first} disabled={isConfirmed} onClick={say("CONFIRMED")}>
        <Label word={words.confirm} done={isConfirmed} />
      </button>
      <button type="button" key="acting" class={said("ACTING") ? "is-said" : ""} disabled={said("ACTING")} onClick={say("ACTING")}>
        <Label word={words.acting} done={said("ACTING")} />
      </button>
      <button type="button" key="unable" class={said("UNABLE") ? "is-said" : ""} disabled={said("UNABLE")} onClick={(event) => event.isTrusted && onAskWhy(true)}>
        <Label word={words.unable} done={said("UNABLE")} />
      </button>
    </div>
  );
}
