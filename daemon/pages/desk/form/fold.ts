import { useLayoutEffect, useState } from "preact/hooks";

/** For a <details>: what stands in it or is wrong in it opens it, and only a hand closes it, so that it never shuts under
    who empties a field in it. */
export function useFold(filled: boolean, wrong: boolean) {
  const [open, setOpen] = useState(filled || wrong);
  useLayoutEffect(() => {
    if (filled) setOpen(true);
  }, [filled]);
  useLayoutEffect(() => {
    if (wrong) setOpen(true);
  }, [wrong]);
  return { open, onToggle: (event: { currentTarget: HTMLDetailsElement }) => setOpen(event.currentTarget.open) };
}
