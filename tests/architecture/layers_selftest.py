#!/usr/bin/env python3
"""Plants one breakage of each kind in a copy of a small tree and checks that layers_test.py names it."""

import pathlib
import subprocess
import sys
import tempfile

LAYERS = "core:\nports: core\nadapters/http: core ports\nadapters/mqtt: core ports\nengine: core ports\napp: *\n"
CASES = {
    "a clean tree": ("ports/a.hpp", '#include "core/x.hpp"\n', None),
    "an include upwards": ("core/a.hpp", '#include "ports/x.hpp"\n', "core may not include ports"),
    "an adapter that sees another": ("adapters/http/a.cpp", '#include "adapters/mqtt/x.hpp"\n', "may not include adapters/mqtt"),
    "a library in the wrong room": ("engine/a.cpp", "#include <boost/beast/http.hpp>\n", "engine may not include <boost/beast"),
    "a clock read in the rules": ("core/a.cpp", "auto t = std::chrono::system_clock::now();\n", "time is an argument"),
    "a folder without a layer": ("misc/a.cpp", "\n", "not in layers.txt"),
    "app sees everything": ("app/a.cpp", '#include "adapters/mqtt/x.hpp"\n', None),
}


def main():
    checker = pathlib.Path(__file__).with_name("layers_test.py")
    failed = 0
    for name, (file, text, expected) in CASES.items():
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "layers.txt").write_text(LAYERS)
            path = root / file
            path.parent.mkdir(parents=True)
            path.write_text(text)
            result = subprocess.run([sys.executable, checker, root], capture_output=True, text=True)
            good = result.returncode == 0 if expected is None else result.returncode == 1 and expected in result.stdout
            print(("ok    " if good else "WRONG ") + name)
            failed += not good
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
