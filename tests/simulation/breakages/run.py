#!/usr/bin/env python3
"""Builds each deliberate breakage of breakages.toml and shows which checker catches it.

usage: run.py BUILD [--seeds N] [NAME...]
       run.py --check      only sees that each of them still applies

A breakage is one edit of one source, or of a few. Each edited copy is compiled as the original is and linked before the
library that holds the original, whose object is then never taken from it. What hardly any world meets is shown to a test
of the engine instead, which `test` names. The last line is {"breakages":n,"caught":n}; exit 0 only if all are caught.
"""
import argparse
import json
import pathlib
import shlex
import subprocess
import sys
import tomllib

SOURCE = pathlib.Path(__file__).resolve().parents[3]
SIMULATION = "tests/simulation/simulate"
ENGINE_TEST = "tests/engine_test"
REGRESSIONS = pathlib.Path(__file__).resolve().parents[1] / "regressions.txt"


def edited(name, edit):
    text = (SOURCE / edit["file"]).read_text()
    if text.count(edit["find"]) != 1:
        sys.exit(f"{name}: what it edits stands {text.count(edit['find'])} times in {edit['file']}")
    return text.replace(edit["find"], edit["replace"])


def compile_command(build, file, source, out):
    for entry in json.loads((build / "compile_commands.json").read_text()):
        if entry["file"] == str(SOURCE / file):
            words = shlex.split(entry["command"])
            words[words.index("-o") + 1] = str(out)
            words[words.index("-c") + 1] = str(source)
            # An edit may leave something unused.
            return words + ["-w"]
    sys.exit(f"{file} is not compiled here")


def link_command(build, target, extra, out):
    commands = subprocess.check_output(["ninja", "-C", build, "-t", "commands", target], text=True)
    words = shlex.split(commands.strip().splitlines()[-1])
    words = [word for word in words if word not in (":", "&&")]
    words[words.index("-o") + 1] = str(out)
    first_library = next(i for i, word in enumerate(words) if word.endswith(".a"))
    return words[:first_library] + [str(one) for one in extra] + words[first_library:]


def build_variant(build, breakage):
    folder = build / "breakages" / breakage["name"]
    folder.mkdir(parents=True, exist_ok=True)
    compiled = []
    for edit in breakage.get("edits", [breakage]):
        source = folder / pathlib.Path(edit["file"]).name
        source.write_text(edited(breakage["name"], edit))
        compiled.append(source.with_suffix(".o"))
        subprocess.check_call(compile_command(build, edit["file"], source, compiled[-1]), cwd=build)
    target = ENGINE_TEST if "test" in breakage else SIMULATION
    program = folder / pathlib.Path(target).name
    subprocess.check_call(link_command(build, target, compiled, program), cwd=build)
    return program


def caught_by_test(program, name):
    run = subprocess.run([program, "--gtest_brief=1", f"--gtest_filter={name}"], capture_output=True, text=True)
    if " 0 tests from" in run.stdout:
        sys.exit(f"there is no test {name}")
    return f"test {name}" if "[  FAILED  ]" in run.stdout else None


def caught_by(program, seeds):
    """By the first seeds there are; else by those that once found something."""
    worlds = (["--from", "1", "--seeds", str(seeds)], ["--file", str(REGRESSIONS)])
    return next((how for how in (caught_in(program, some) for some in worlds) if how), None)


def caught_in(program, worlds):
    run = subprocess.run([program, *worlds, "--stop-at-first"], capture_output=True, text=True)
    lines = run.stdout.splitlines()
    if run.returncode == 0:
        return None
    found = [line.strip() for line in lines if line.startswith("  ") and "replay" not in line]
    seed = next((line.split()[1] for line in lines if line.startswith("seed ")), "?")
    return f"seed {seed}: {found[0] if found else run.stderr.strip()[-200:]}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("build", nargs="?", type=lambda path: pathlib.Path(path).resolve())
    parser.add_argument("names", nargs="*")
    parser.add_argument("--seeds", type=int, default=600)
    options = parser.parse_intermixed_args()
    with open(pathlib.Path(__file__).with_name("breakages.toml"), "rb") as file:
        breakages = tomllib.load(file)["breakage"]
    if options.check:
        for breakage in breakages:
            for edit in breakage.get("edits", [breakage]):
                edited(breakage["name"], edit)
                if not edit["file"].endswith(".cpp"):
                    sys.exit(f"{breakage['name']}: {edit['file']} is no source that is compiled by itself")
        return 0
    if options.build is None:
        parser.error("which build?")
    chosen = [b for b in breakages if not options.names or b["name"] in options.names]
    caught = 0
    for breakage in chosen:
        program = build_variant(options.build, breakage)
        how = caught_by_test(program, breakage["test"]) if "test" in breakage else caught_by(program, options.seeds)
        caught += how is not None
        print(f"{breakage['name']}: {how or 'NOT CAUGHT'}", flush=True)
    print(json.dumps({"breakages": len(chosen), "caught": caught}, separators=(",", ":")))
    return 0 if caught == len(chosen) else 1


if __name__ == "__main__":
    sys.exit(main())
