// Which language the page speaks: Chinese, unless the officer has chosen otherwise on this machine.
export type Language = "zh-CN" | "en";

const place = "tuanyuan.language";
let current: Language | null = null;

export function language(): Language {
  if (current === null) {
    let kept: string | null = null;
    try {
      kept = localStorage.getItem(place);
    } catch {
      // A browser may forbid it; then the choice holds until the page is closed.
    }
    current = kept === "en" ? "en" : "zh-CN";
  }
  return current;
}

export function chooseLanguage(chosen: Language): void {
  current = chosen;
  try {
    localStorage.setItem(place, chosen);
  } catch {
    // As above.
  }
}
