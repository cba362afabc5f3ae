#!/usr/bin/env python3
"""Every metric that the daemon speaks of is in the catalogue, or it would end at the first use of it."""
import pathlib
import re
import sys

daemon = pathlib.Path(sys.argv[1])
catalogue = daemon / "adapters/metrics/catalogue.cpp"
name = re.compile(r'"(tuanyuan_[a-z0-9_]+)"')
known = set(name.findall(catalogue.read_text()))
assert known, "no metrics were found in the catalogue"
missing = [
    f"{source.relative_to(daemon)}: {metric}"
    for source in sorted(daemon.rglob("*.cpp"))
    if source != catalogue
    for metric in name.findall(source.read_text())
    if metric not in known
]
print("\n".join(missing))
sys.exit(1 if missing else 0)
