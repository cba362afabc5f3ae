export interface Fit {
  size: number;
  pages: string[][]; ///< paragraphs of each
}

/// Whether these paragraphs fit in that size.
export type Fits = (paragraphs: string[], size: number) => boolean;

const pagesMax = 5;

/// A text's parts that may stand on different pages: sentences, and of one that is longer than a page, signs.
function split(paragraph: string): string[] {
  const sentences = paragraph.match(/[^。；！？.;!?]+[。；！？.;!?]*\s*/g);
  return sentences && sentences.length > 1 ? sentences : Array.from(paragraph);
}

/// The longest beginning of the parts that fits after what is on the page. At least one part, so that it ends.
function longest(page: string[], parts: string[], size: number, fits: Fits): number {
  let low = 0;
  let high = parts.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(page.concat(parts.slice(0, middle).join("")), size)) low = middle;
    else high = middle - 1;
  }
  return low;
}

function paginate(paragraphs: string[], size: number, fits: Fits): string[][] {
  const pages: string[][] = [];
  let page: string[] = [];
  const turn = () => {
    if (page.length > 0) pages.push(page);
    page = [];
  };
  const rest = paragraphs.slice();
  while (rest.length > 0) {
    const paragraph = rest.shift() as string;
    if (fits(page.concat(paragraph), size)) {
      page.push(paragraph);
      continue;
    }
    if (page.length > 0 && fits([paragraph], size)) {
      turn();
      page.push(paragraph);
      continue;
    }
    turn();
    const parts = split(paragraph);
    let count = longest(page, parts, size, fits);
    if (count === 0 && parts.length > 1 && parts[0]!.length > 1) {
      rest.unshift(...parts);
      continue;
    }
    if (count === 0) count = 1;
    page.push(parts.slice(0, count).join(""));
    if (count < parts.length) rest.unshift(parts.slice(count).join(""));
  }
  turn();
  return pages;
}

/// The text on as few pages as can be, and then as large as can be; nothing of it is ever cut. `sizes`: the largest
/// first.
export function fit(paragraphs: string[], sizes: number[], fits: Fits): Fit {
  const tried = sizes.map((size) => ({ size, pages: paginate(paragraphs, size, fits) }));
  for (let most = 1; most <= pagesMax; ++most) {
    const good = tried.find((one) => one.pages.length <= most);
    if (good) return good;
  }
  return tried[tried.length - 1] as Fit;
}
