const retryAfter = 3_000;

interface Picture {
  url: string | null; ///< of the bytes in memory
  alive: boolean;
}

/// Photos and codes of what is shown, in memory: they outlast the connection to the station, and nothing of them
/// remains when they are let go.
export class Pictures {
  private readonly all: Record<string, Picture> = {};

  constructor(private readonly changed: () => void) {}

  /// Nothing: not here yet.
  url(path: string): string | null {
    return this.all[path]?.url ?? null;
  }

  /// Exactly these are kept.
  keep(paths: string[]): void {
    Object.keys(this.all).forEach((path) => {
      if (paths.indexOf(path) < 0) this.drop(path);
    });
    paths.forEach((path) => {
      if (!this.all[path]) {
        const picture = { url: null, alive: true };
        this.all[path] = picture;
        this.load(path, picture);
      }
    });
  }

  private drop(path: string): void {
    const picture = this.all[path];
    if (!picture) return;
    picture.alive = false;
    if (picture.url) URL.revokeObjectURL(picture.url);
    delete this.all[path];
  }

  private load(path: string, picture: Picture): void {
    if (!picture.alive) return;
    const call = new XMLHttpRequest();
    call.open("GET", path);
    call.responseType = "blob";
    call.onload = () => {
      if (call.status !== 200 || !picture.alive) {
        this.again(path, picture);
        return;
      }
      picture.url = URL.createObjectURL(call.response as Blob);
      this.changed();
    };
    call.onerror = () => this.again(path, picture);
    call.send();
  }

  private again(path: string, picture: Picture): void {
    if (picture.alive) setTimeout(() => this.load(path, picture), retryAfter);
  }
}
