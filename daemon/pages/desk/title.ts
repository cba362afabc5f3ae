// What the browser's tab says: the view, and how many sightings nobody has assessed there. Nothing of the child, because
// browsers keep titles in their history.
import { useEffect } from "preact/hooks";

let words = "";
let waiting = 0;

function show(): void {
  document.title = waiting > 0 ? `(${waiting}) ${words}` : words;
}

export function useTitle(now: string): void {
  useEffect(() => {
    words = now;
    show();
  }, [now]);
}

/** As long as the view is there that knows of them. */
export function useWaiting(count: number): void {
  useEffect(() => {
    waiting = count;
    show();
    return () => {
      waiting = 0;
      show();
    };
  }, [count]);
}
