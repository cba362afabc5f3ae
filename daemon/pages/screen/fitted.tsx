import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { type Fit, fit } from "./fit";

interface Props {
  class: string;
  lang: string;
  text: string;
  sizes: number[]; ///< in hundredths of the viewport's shorter side, the largest first
  page: number;
  onFit?: (pages: string[][]) => void;
}

const unit = () => Math.min(window.innerWidth, window.innerHeight) / 100;

function fill(box: HTMLElement, paragraphs: string[]): void {
  while (box.firstChild) box.removeChild(box.firstChild);
  paragraphs.forEach((text) => {
    const paragraph = document.createElement("p");
    paragraph.textContent = text;
    box.appendChild(paragraph);
  });
}

/// Text in as much room as there is: as large as it fits, in pages where it does not fit at all, never cut. It is set
/// in a box beside, which nobody sees, until it is found.
export function Fitted(props: Props) {
  const room = useRef<HTMLDivElement>(null);
  const trial = useRef<HTMLDivElement>(null);
  const fitted = useRef("");
  const [found, setFound] = useState<Fit | null>(null);

  // Each time it is drawn, for browsers of 2016 do not tell when a box becomes smaller.
  useLayoutEffect(() => {
    const set = trial.current!;
    const { clientWidth, clientHeight } = room.current!;
    const what = [clientWidth, clientHeight, unit(), props.text].join(" ");
    if (what === fitted.current) return;
    fitted.current = what;
    const fits = (paragraphs: string[], size: number) => {
      fill(set, paragraphs);
      set.style.fontSize = `${size * unit()}px`;
      return set.scrollHeight <= clientHeight && set.scrollWidth <= clientWidth;
    };
    const paragraphs = props.text.split("\n").filter((line) => line.trim() !== "");
    const result = fit(paragraphs, props.sizes, fits);
    fill(set, []);
    setFound(result);
    props.onFit?.(result.pages);
  });

  const shown = found?.pages[Math.min(props.page, found.pages.length - 1)] ?? [];
  return (
    <div class={`fitted ${props.class}`} lang={props.lang} ref={room}>
      <div class="fitted-trial" aria-hidden="true" ref={trial} />
      <div class="fitted-text" style={{ fontSize: `${(found?.size ?? 1) * unit()}px` }}>
        {shown.map((paragraph) => (
          <p>{paragraph}</p>
        ))}
      </div>
    </div>
  );
}
