// One call of the API: by the browser's certificate, in the page's language, with a deadline.
import { language } from "../text/language";
import type { Problem } from "./types";

const root = "/api/v1";
const readMsMax = 20_000;
const writeMsMax = 60_000;

/** The daemon has answered, and says no. */
export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.title);
  }
  get nameOfProblem(): string {
    return this.problem.type.split(":").at(-1) ?? "";
  }
}

/** Nothing came back: whether it was done is not known. */
export class NoAnswer extends Error {}

/** Nothing is waited for any more, because the officer says so: whether it was done is not known either. */
export class Stopped extends NoAnswer {}

/** What a proxy or a daemon that is going down answers is no problem document. */
async function problemOf(response: Response): Promise<Problem> {
  try {
    return (await response.json()) as Problem;
  } catch {
    return { type: "about:blank", title: `HTTP ${response.status}`, status: response.status };
  }
}

async function answerOf<T>(response: Response): Promise<T> {
  if (!response.ok) throw new Refused(await problemOf(response));
  return (await response.json()) as T;
}

async function request<T>(target: string, init: RequestInit, msMax: number, stop?: AbortSignal): Promise<T> {
  const end = new AbortController();
  const cut = () => end.abort();
  const deadline = setTimeout(cut, msMax);
  stop?.addEventListener("abort", cut);
  try {
    const response = await fetch(root + target, {
      ...init,
      cache: "no-store",
      headers: { ...init.headers, Accept: "application/json", "Accept-Language": language() },
      signal: end.signal,
    });
    return await answerOf<T>(response);
  } catch (failure) {
    if (failure instanceof Refused) throw failure;
    throw stop?.aborted ? new Stopped() : new NoAnswer();
  } finally {
    clearTimeout(deadline);
    stop?.removeEventListener("abort", cut);
  }
}

export const read = <T>(target: string) => request<T>(target, {}, readMsMax);

export interface Listed<T> {
  items: T[];
  /** There are more than were read. */
  cut: boolean;
}

/** As many pages as a person would ever look at. */
const pagesUsual = 20;

/** The pages of a list, as the server orders it. `pagesMax` Infinity: of what must not be missed. */
export async function readAll<T>(target: string, field: string, pagesMax = pagesUsual): Promise<Listed<T>> {
  const items: T[] = [];
  let token = "";
  for (let page = 0; page < pagesMax; ++page) {
    const sign = target.includes("?") ? "&" : "?";
    const more = token ? `&page_token=${encodeURIComponent(token)}` : "";
    const answer = await read<Record<string, unknown>>(`${target}${sign}page_size=200${more}`);
    items.push(...((answer[field] as T[] | undefined) ?? []));
    token = (answer["nextPageToken"] as string | undefined) ?? "";
    if (!token) break;
  }
  return { items, cut: token !== "" };
}

export function post<T>(target: string, body: string, key: string, stop?: AbortSignal): Promise<T> {
  const headers = { "Content-Type": "application/json", "Idempotency-Key": key };
  return request<T>(target, { method: "POST", headers, body }, writeMsMax, stop);
}
