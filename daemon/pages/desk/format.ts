// Times as people read them: Beijing time everywhere, since that is what clocks in China show.
import type { Texts } from "./text";

const zone = "Asia/Shanghai";
const minute = 60_000;

const parts = new Intl.DateTimeFormat("en-GB", {
  timeZone: zone,
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});

function beijing(at: number): Record<string, string> {
  return Object.fromEntries(parts.formatToParts(at).map((part) => [part.type, part.value]));
}

/** 03:12, with the date where it is another day than today. */
export function timeOf(at: string | undefined, now: number): string {
  if (!at) return "–";
  const is = beijing(Date.parse(at));
  const today = beijing(now);
  const clock = `${is["hour"]}:${is["minute"]}`;
  const sameDay = is["day"] === today["day"] && is["month"] === today["month"] && is["year"] === today["year"];
  return sameDay ? clock : `${is["month"]}-${is["day"]} ${clock}`;
}

export function clockOf(at: Date): string {
  const is = beijing(at.getTime());
  return `${is["hour"]}:${is["minute"]}:${is["second"]}`;
}

/** As <input type="datetime-local"> has it, in Beijing. */
export function localOf(at: number): string {
  const is = beijing(at);
  return `${is["year"]}-${is["month"]}-${is["day"]}T${is["hour"]}:${is["minute"]}`;
}

/** What stands in such an input, as the API takes it. */
export const instantOf = (local: string) => (local.length === 16 ? `${local}:00+08:00` : `${local}+08:00`);

export function spanOf(ms: number, texts: Texts): string {
  const minutes = Math.floor(ms / minute);
  if (minutes < 1) return texts.span.moment;
  if (minutes < 60) return texts.span.minutes(minutes);
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return texts.span.hours(hours, minutes % 60);
  return texts.span.days(Math.floor(hours / 24), hours % 24);
}

/** As a telephone dials it: an extension after a pause, or it would be taken for more of the number. */
export const dialled = (telephone: string) =>
  telephone
    .split(/ext\.?|转/i)
    .map((part) => part.replace(/[^\d+]/g, ""))
    .filter(Boolean)
    .join(",");

export const roundKm = (km: number) => Math.round(km * 10) / 10;
