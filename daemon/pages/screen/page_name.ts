const listLongest = 32;

const fresh = () => `p${Date.now().toString(36)}${Math.random().toString(36).slice(2, 12)}`;

function kept(key: string): string[] {
  try {
    return JSON.parse(localStorage.getItem(key) || "[]") as string[];
  } catch {
    return []; // a browser that keeps nothing
  }
}

function keep(key: string, name: string): void {
  try {
    localStorage.setItem(key, JSON.stringify(kept(key).concat(name).slice(-listLongest)));
  } catch {
    // Then it is the name of this run alone.
  }
}

/// The name that this window goes by at the station: no two windows have the same at a time, or the account of one would
/// take back what the other shows. After a restart of the browser it is one of before, so that what a window had before
/// it died is not waited for. A name is held by a lock, which ends with the window and not before, however it ends;
/// browsers without locks (before Chromium 69, and any that has the page by plain HTTP from another machine) take a new
/// one each time, and what died there counts as shown until it expires.
export function takeName(taken: (name: string) => void): void {
  const { locks } = navigator;
  if (!locks) {
    taken(fresh());
    return;
  }
  const key = `tuanyuan.pages.${location.pathname}`;
  const names = kept(key);
  const attempt = (at: number): void => {
    const name = names[at] || fresh();
    const hold = (lock: unknown) => {
      if (!lock) {
        attempt(at + 1);
        return undefined;
      }
      if (at >= names.length) keep(key, name);
      taken(name);
      return new Promise(() => undefined); // as long as there is this window
    };
    locks.request(`${key} ${name}`, { ifAvailable: true }, hold).catch(() => taken(fresh()));
  };
  attempt(0);
}
