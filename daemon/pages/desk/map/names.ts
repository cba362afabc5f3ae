// The divisions of GB/T 2260 by name, read when they are first needed. A code that is not among them is right all the
// same: the list is amended several times a year.
import { useEffect, useState } from "preact/hooks";

export interface Names {
  /** "210102" -> "和平区". */
  name: (code: string) => string | undefined;
  /** "210102" -> "辽宁省沈阳市和平区", "2101" -> "辽宁省沈阳市"; the code itself where it is not known. */
  full: (code: string) => string;
  /** Counties within a prefecture, or whatever else begins so. */
  within: (prefix: string) => string[];
  /** Codes of counties that match what was typed, those of `near` first. */
  search: (typed: string, near: string, most: number) => string[];
}

function namesOf(all: Record<string, string>): Names {
  const counties = Object.keys(all).filter((code) => code.length === 6 && !code.endsWith("00"));
  const name = (code: string) => all[code];
  const full = (code: string) => {
    const parts = [...new Set([code.slice(0, 2), code.slice(0, 4), code])].map((part) => all[part]);
    // Of a municipality the level in between says nothing ("市辖区").
    const said = parts.filter((part, index) => part && (index !== 1 || !/^(市辖区|县|省直辖|自治区直辖)/.test(part)));
    return said.join("") || code;
  };
  return {
    name,
    full,
    within: (prefix) => counties.filter((code) => code.startsWith(prefix)),
    search: (typed, near, most) => {
      const wanted = typed.replace(/\s/g, "");
      if (wanted === "") return [];
      const found = counties.filter((code) => code.startsWith(wanted) || full(code).includes(wanted));
      const rank = (code: string) => {
        if (near && code.startsWith(near)) return 0;
        return near && code.startsWith(near.slice(0, 2)) ? 1 : 2;
      };
      return found.sort((a, b) => rank(a) - rank(b) || a.localeCompare(b)).slice(0, most);
    },
  };
}

let loading: Promise<Names> | null = null;
let loaded: Names | null = null;

export function loadNames(): Promise<Names> {
  loading ??= import("virtual:outlines/names").then(
    (module) => (loaded = namesOf(module.default)),
    (failure: unknown) => {
      loading = null;
      throw failure;
    },
  );
  return loading;
}

/** Null until they are there, and for good where they cannot be read: codes do too. */
export function useNames(): Names | null {
  const [names, setNames] = useState(loaded);
  useEffect(() => {
    let gone = false;
    loadNames().then(
      (now) => {
        if (!gone) setNames(now);
      },
      () => {},
    );
    return () => {
      gone = true;
    };
  }, []);
  return names;
}
