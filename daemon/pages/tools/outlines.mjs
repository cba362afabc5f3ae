// Outlines and names of China's divisions for the desk's maps, as modules of their own that are read when a map is shown:
// virtual:outlines (what there is), virtual:outlines/china (provinces), virtual:outlines/21 (its prefectures),
// virtual:outlines/names (every division's name by its GB/T 2260 code).
//
// The outlines are those of ECharts 4, the names those of element-china-area-data.
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);
const maps = join(dirname(require.resolve("echarts/package.json")), "map/json");

/** Hundredths of a degree, about a kilometre: what a circle of 100 km is looked at by. */
const unit = 100;
const simplifiedBy = { china: 2, province: 0.9 };
const smallestRing = { china: 12, province: 1.5 };

/** ECharts' encoding: pairs of zig-zag differences less 64, in 1/1024 degree, from an offset. */
function decodeRing(text, [x0, y0]) {
  const zigzag = (code) => {
    const value = code - 64;
    return (value >> 1) ^ -(value & 1);
  };
  const ring = [];
  let [x, y] = [x0, y0];
  for (let at = 0; at < text.length; at += 2) {
    x += zigzag(text.charCodeAt(at));
    y += zigzag(text.charCodeAt(at + 1));
    ring.push([x / 1024, y / 1024]);
  }
  return ring;
}

/** The outer rings of a feature; holes are too small to matter here. */
function ringsOf({ type, coordinates, encodeOffsets }) {
  const polygons = type === "Polygon" ? [[coordinates, encodeOffsets]] : coordinates.map((each, i) => [each, encodeOffsets[i]]);
  return polygons
    .filter(([rings]) => rings?.length > 0)
    .map(([rings, offsets]) => (typeof rings[0] === "string" ? decodeRing(rings[0], offsets[0]) : rings[0]));
}

/** Douglas and Peucker: no point lies further than `most` from the line that is left. */
function simplify(points, most) {
  const keep = new Set([0, points.length - 1]);
  const spans = [[0, points.length - 1]];
  while (spans.length > 0) {
    const [from, to] = spans.pop();
    const [ax, ay] = points[from];
    const [dx, dy] = [points[to][0] - ax, points[to][1] - ay];
    const length = Math.hypot(dx, dy);
    let [furthest, distance] = [-1, most];
    for (let at = from + 1; at < to; ++at) {
      const [px, py] = [points[at][0] - ax, points[at][1] - ay];
      const off = length === 0 ? Math.hypot(px, py) : Math.abs(px * dy - py * dx) / length;
      if (off > distance) [furthest, distance] = [at, off];
    }
    if (furthest > 0) {
      keep.add(furthest);
      spans.push([from, furthest], [furthest, to]);
    }
  }
  return points.filter((_, at) => keep.has(at));
}

const areaOf = (ring) => Math.abs(ring.reduce((sum, [x, y], i) => {
  const [nx, ny] = ring[(i + 1) % ring.length];
  return sum + x * ny - nx * y;
}, 0) / 2);

/** An SVG path of whole numbers, each relative to the one before. */
function pathOf(ring) {
  let [x, y] = ring[0];
  let path = `M${x} ${y}l`;
  for (const [nx, ny] of ring.slice(1)) {
    if (nx === x && ny === y) continue;
    path += `${nx - x} ${ny - y} `;
    [x, y] = [nx, ny];
  }
  return `${path.trimEnd()}z`.replaceAll(" -", "-");
}

function areaFrom(feature, level) {
  const all = ringsOf(feature.geometry).map((ring) => ring.map(([x, y]) => [x * unit, -y * unit]));
  const largest = Math.max(...all.map(areaOf));
  const rings = all
    .filter((ring) => areaOf(ring) >= Math.min(smallestRing[level], largest))
    .map((ring) => simplify(ring, simplifiedBy[level]).map(([x, y]) => [Math.round(x), Math.round(y)]));
  const points = rings.flat();
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const code = String(feature.id ?? feature.properties.id);
  const digits = level === "china" ? 2 : code.endsWith("00") ? 4 : 6;
  return {
    code: code.slice(0, digits),
    name: feature.properties.name,
    at: feature.properties.cp.map((degrees, axis) => Math.round(degrees * unit) * (axis === 0 ? 1 : -1)),
    path: rings.map(pathOf).join(""),
    box: [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)],
  };
}

const areasOf = (file, level) =>
  JSON.parse(readFileSync(join(maps, file), "utf8"))
    .features.filter(({ geometry, id, properties }) => geometry && /^\d{6}$/.test(id ?? properties.id) && properties.cp)
    .map((feature) => areaFrom(feature, level));

/** Which file is which province stands in the file: its features' ids. */
function provinces() {
  const found = new Map();
  for (const name of readdirSync(join(maps, "province"))) {
    const areas = areasOf(join("province", name), "province");
    const code = areas[0]?.code.slice(0, 2);
    if (code && areas.length >= (found.get(code)?.length ?? 0)) found.set(code, areas);
  }
  return found;
}

function namesFrom(china, all) {
  const names = { ...require("element-china-area-data").codeToText };
  for (const area of [...china, ...[...all.values()].flat()]) names[area.code] ??= area.name;
  return names;
}

/** The modules by what they are called. */
export function outlineModules() {
  const china = areasOf("china.json", "china");
  const all = provinces();
  const modules = new Map([["china", china], ...all, ["names", namesFrom(china, all)]]);
  return { modules, codes: ["china", ...[...all.keys()].sort()] };
}

/** A plugin of Vite that serves them. */
export function outlines() {
  const prefix = "virtual:outlines";
  let made;
  return {
    name: "outlines",
    resolveId: (id) => (id === prefix || id.startsWith(`${prefix}/`) ? `\0${id}` : null),
    load: (id) => {
      if (!id.startsWith(`\0${prefix}`)) return null;
      made ??= outlineModules();
      const name = id.slice(prefix.length + 2);
      if (name === "") {
        const lines = made.codes.map((code) => `${JSON.stringify(code)}: () => import("${prefix}/${code}"),`);
        return `export const files = {\n${lines.join("\n")}\n};`;
      }
      // A text that is parsed is read faster than the same as a program.
      return `export default JSON.parse(${JSON.stringify(JSON.stringify(made.modules.get(name)))});`;
    },
  };
}
