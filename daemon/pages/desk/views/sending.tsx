import type { Forecast } from "../api/types";
import { timeOf } from "../format";
import { useNow } from "../live/hooks";
import { useTexts } from "../text";

/** When what is to be sent will have been: by now, or once the alert is released. */
export function Sending({ forecast, released }: { forecast: Forecast | undefined; released: boolean }) {
  const texts = useTexts();
  const now = useNow(10_000);
  if (!forecast) return null;
  const { waiting, sentBy } = forecast;
  const words = released ? texts.board : texts.preview;
  const said =
    waiting === 0
      ? texts.board.forecastDone
      : sentBy
        ? words.forecastBy(timeOf(sentBy, now), waiting)
        : words.forecastStuck(waiting);
  return (
    <p class={waiting > 0 && !sentBy ? "forecast forecast-stuck" : "forecast"}>
      <strong>{texts.said(texts.board.forecast, "")}</strong>
      {said}
    </p>
  );
}
