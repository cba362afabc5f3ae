import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { NoAnswer, Refused, post } from "../api/call";
import type { Preview, ReleaseChoices } from "../api/types";
import { events } from "./events";

/** What a release with these choices would do: the two belong together, and only together they are released. */
export interface Pair {
  choices: ReleaseChoices;
  preview: Preview;
}

export interface Previewed {
  /** The last one that came; while another is under way, or after it failed, that of before. */
  shown: Pair | null;
  /** Whether `shown` is of what is chosen now. */
  current: boolean;
  /** Of what is chosen now. */
  failure: Refused | NoAnswer | null;
  again: () => void;
}

/** Of several questions the last one counts. `id` null: there is nothing to ask. */
export function usePreview(id: string | null, choices: ReleaseChoices): Previewed {
  const [shown, setShown] = useState<(Pair & { question: string }) | null>(null);
  const [failed, setFailed] = useState<{ question: string; failure: Refused | NoAnswer } | null>(null);
  const [round, setRound] = useState(0);
  const question = JSON.stringify([id, choices, round]);
  const last = useRef(question);
  last.current = question;
  const again = useCallback(() => setRound((now) => now + 1), []);
  useEffect(() => {
    if (id === null) return;
    post<Preview>(`/reports/${id}:preview`, JSON.stringify(choices), crypto.randomUUID()).then(
      (preview) => {
        if (question === last.current) setShown({ choices, preview, question });
      },
      (error: unknown) => {
        if (error instanceof NoAnswer) events.doubt();
        const failure = error instanceof Refused ? error : new NoAnswer();
        if (question === last.current) setFailed({ question, failure });
      },
    );
  }, [question]);
  // After a lost connection nothing that was looked at is sure to be so any more.
  useEffect(() => events.listen((event) => event === null && again()), []);
  const current = shown?.question === question;
  return { shown, current, failure: !current && failed?.question === question ? failed.failure : null, again };
}
