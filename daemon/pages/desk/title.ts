// What the browser's tab says: the view, by its address or better, and how many sightings nobody has assessed there. Nothing of
// the child, because browsers keep titles in their history.
import { useEffect } from "preact/hooks";

let words = "";
let better: string | null = null;
let waiting = 0;

function show(): void {
  const said = better ?? words;
  document.title = waiting > 0 ? `(${waiting}) ${said}` : said;
}

export function useTitle(now: string): void {
  useEffect(() => {
    words = now;
    show();
  }, [now]);
}

/** As long as the view is there that knows better than its address what it is; null: it does not. */
export function useBetterTitle(now: string | null): void {
  useEffect(() => {
    better = now;
    show();
    return () => {
      better = null;
      show();
    };
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
