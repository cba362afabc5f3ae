// node embed.mjs FOLDER NAME FILE.cpp: writes what a page was built into as C++, as it is and compressed, so that the
// programs need no files beside them.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { extname, join, relative } from "node:path";
import { gzipSync } from "node:zlib";

const [folder, name, target] = process.argv.slice(2);

const mediaTypes = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
};

const filesIn = (at) =>
  readdirSync(at, { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? filesIn(join(at, entry.name)) : [join(at, entry.name)]))
    .sort();

/** Bytes as a C++ string literal: octal escapes of three digits, so that none runs into the character after it. */
function literal(bytes) {
  const lines = [];
  for (let start = 0; start < bytes.length || start === 0; start += 4096) {
    let line = "";
    for (const byte of bytes.subarray(start, start + 4096)) {
      const plain = byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c && byte !== 0x3f;
      line += plain ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, "0")}`;
    }
    lines.push(`"${line}"`);
  }
  return lines.join("\n");
}

const view = (bytes) => `std::string_view(${literal(bytes)}, ${bytes.length})`;

const files = filesIn(folder).map((path) => {
  const type = mediaTypes[extname(path)];
  if (!type) throw new Error(`${path}: no media type is known for it`);
  const body = readFileSync(path);
  const gzip = gzipSync(body, { level: 9 });
  const etag = createHash("sha256").update(body).digest("base64url").slice(0, 22);
  const at = relative(folder, path);
  // Vite puts a hash of the content into the names of what stands in assets/.
  return `    File{"${at}", "${type}", "${etag}", ${at.startsWith("assets/")},\n${view(body)},\n${view(gzip)}},\n`;
});

writeFileSync(
  target,
  `// Made by daemon/pages/tools/embed.mjs.
#include "pages/site.hpp"

namespace tuanyuan::pages {
namespace {
const File files[] = {
${files.join("")}};
}  // namespace

Site ${name}() { return files; }

}  // namespace tuanyuan::pages
`,
);
