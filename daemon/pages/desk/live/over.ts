import { useEffect } from "preact/hooks";
import { read } from "../api/call";
import type { Alert, LiveEvent } from "../api/types";
import { eraseUpdate, keptUpdates } from "../form/keeping";
import { events } from "./events";

export const isOver = ({ state }: Alert) => state === "CLOSED" || state === "RETRACTED";

export const endsAlert = ({ type }: LiveEvent) => type === "alert.closed" || type === "alert.retracted";

async function forgetOver(alertId: string): Promise<void> {
  try {
    if (isOver(await read<Alert>(`/alerts/${alertId}`))) eraseUpdate(alertId);
  } catch {
    // Whether it is over is not known: it is asked again when one ends, or the connection is back.
  }
}

/** Whichever view is open: of an alert that is over nothing is kept that was typed for it. */
export function useForgetting(): void {
  useEffect(() => {
    const look = () => keptUpdates().forEach((alertId) => void forgetOver(alertId));
    look();
    return events.listen((event) => {
      if (event === null || endsAlert(event)) look();
    });
  }, []);
}
