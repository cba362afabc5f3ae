#!/usr/bin/env python3
"""Fails on an include that breaks the layer order of daemon/layers.txt, and on a few habits that compilers
let pass. Prints every finding; exit 1 where there is one."""

import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"')
CLOCK_READ = re.compile(r"(system|steady|high_resolution)_clock::now\(")
# Who may include what of the world outside; everybody else is refused.
OUTSIDE = {
    "google/protobuf/": {"adapters/wire", "adapters/crypto", "adapters/http", "adapters/mqtt", "tools/ctl", "tools/station"},
    "boost/beast": {"adapters/http", "adapters/push", "tools/ctl"},
    "mqtt/": {"adapters/mqtt"},
    "cairo": {"adapters/drawing"},
    "pango/": {"adapters/drawing"},
    "sqlite3.h": {"adapters/ledger/sqlite"},
    "prometheus/": {"adapters/metrics"},
    "spdlog/": {"app"},
    "toml++/": {"app"},
    "unicode/": {"core"},
    "qrencode.h": {"adapters/drawing"},
}


def read_layers(path):
    layers = {}
    for line in path.read_text().splitlines():
        if line and not line.startswith("#"):
            folder, _, uses = line.partition(":")
            layers[folder] = set(uses.split())
    return layers


def layer_of(relative, layers):
    parts = relative.split("/")[:-1]
    for length in range(len(parts), 0, -1):
        if "/".join(parts[:length]) in layers:
            return "/".join(parts[:length])
    return None


def check(root):
    layers = read_layers(root / "layers.txt")
    findings = []
    for path in sorted(root.rglob("*.[ch]pp")):
        relative = path.relative_to(root).as_posix()
        if "node_modules" in path.parts:
            continue
        own = layer_of(relative, layers)
        if own is None:
            findings.append(f"{relative}: its folder is not in layers.txt")
            continue
        allowed = layers[own]
        for number, line in enumerate(path.read_text().splitlines(), 1):
            where = f"{relative}:{number}"
            if match := INCLUDE.match(line):
                used = layer_of(match.group(1), layers)
                if used and used != own and used not in allowed and "*" not in allowed:
                    findings.append(f"{where}: {own} may not include {used}")
            for header, users in OUTSIDE.items():
                if re.match(rf"\s*#\s*include\s+<{re.escape(header)}", line) and own not in users:
                    findings.append(f"{where}: {own} may not include <{header}…>")
            if own in ("core", "ports", "engine") and CLOCK_READ.search(line):
                findings.append(f"{where}: time is an argument here")
    return findings


def main():
    root = pathlib.Path(sys.argv[1])
    findings = check(root)
    for finding in findings:
        print(finding)
    print(f"{len(findings)} findings in {root}")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
