// By which of a recipient's ways something was or is: of several of one channel, such as two telephones, by the place among
// them in the recipient's own order. Their numbers are for who keeps the directory.
import type { EndpointHealth, Silent } from "../api/types";

export interface Way {
  channel: string;
  /** From 1; null: it has one of this channel alone, or it is not known which. */
  place: number | null;
}

export function placed(endpoints: EndpointHealth[]): (EndpointHealth & Way)[] {
  const of = (channel: string) => endpoints.filter((each) => each.channel === channel);
  return endpoints.map((each) => {
    const same = of(each.channel);
    return { ...each, place: same.length > 1 ? same.indexOf(each) + 1 : null };
  });
}

/** In the order of `tried`. What it was told by and has no more, or what is its hub's, has no place. */
export function triedWays({ tried, endpoints = [] }: Pick<Silent, "tried" | "endpoints">): Way[] {
  const own = placed(endpoints).filter((each) => each.tried);
  return tried.map((channel) => {
    const at = own.findIndex((each) => each.channel === channel);
    const place = at < 0 ? null : (own.splice(at, 1)[0]?.place ?? null);
    return { channel, place };
  });
}
