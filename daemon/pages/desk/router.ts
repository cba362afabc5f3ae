// Which view is shown stands behind the # of the address, so that it can be reloaded, bookmarked and gone back from.
import { useEffect, useState } from "preact/hooks";

export type Route =
  | { view: "list" }
  | { view: "report" }
  | { view: "preview"; id: string }
  | { view: "alert"; id: string }
  | { view: "update"; id: string }
  | { view: "readiness"; division: string }
  | { view: "exercises" }
  | { view: "scores"; id: string }
  | { view: "unknown" };

export function routeOf(hash: string): Route {
  const [, view = "", id = "", what = ""] = hash.replace(/^#/, "").split("/");
  if (view === "") return { view: "list" };
  if (view === "report" && !id) return { view: "report" };
  if (view === "reports" && id) return { view: "preview", id };
  if (view === "alerts" && id) return what === "update" ? { view: "update", id } : { view: "alert", id };
  if (view === "readiness") return { view: "readiness", division: id };
  if (view === "exercises") return id ? { view: "scores", id } : { view: "exercises" };
  return { view: "unknown" };
}

export const addressOf = {
  list: "#/",
  report: "#/report",
  readiness: "#/readiness",
  exercises: "#/exercises",
  readinessOf: (division: string) => `#/readiness/${division}`,
  preview: (id: string) => `#/reports/${id}`,
  alert: (id: string) => `#/alerts/${id}`,
  update: (id: string) => `#/alerts/${id}/update`,
  scores: (id: string) => `#/exercises/${id}`,
};

export const go = (address: string) => {
  location.hash = address;
};

export function useRoute(): Route {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const follow = () => setHash(location.hash);
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }, []);
  return routeOf(hash);
}
