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

async function request<T>(target: string, init: RequestInit, msMax: number): Promise<T> {
  let response: Response;
  try {
    response = await fetch(root + target, {
      ...init,
      cache: "no-store",
      headers: { ...init.headers, Accept: "application/json", "Accept-Language": language() },
      signal: AbortSignal.timeout(msMax),
    });
    return await answerOf<T>(response);
  } catch (failure) {
    if (failure instanceof Refused) throw failure;
    throw new NoAnswer();
  }
}

export const read = <T>(target: string) => request<T>(target, {}, readMsMax);

/** All pages of a list, as many as a person would ever look at. */
const pagesMax = 20;
export async function readAll<T>(target: string, field: string): Promise<T[]> {
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
  return items;
}

export function post<T>(target: string, body: string, key: string): Promise<T> {
  const headers = { "Content-Type": "application/json", "Idempotency-Key": key };
  return request<T>(target, { method: "POST", headers, body }, writeMsMax);
}
