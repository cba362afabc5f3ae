#!/usr/bin/env bash
# Every shell script of the project parses, fails on errors, and says what it is for; the quickstart refuses wrong
# arguments before it does anything.
set -euo pipefail
cd "$(dirname "$0")/../.."

failed=0
fail() {
  echo "FAILED $*"
  failed=1
}

scripts=()
while IFS= read -r file; do
  head -c 64 "$file" | grep -q '^#!.*\bbash' && scripts+=("$file")
done < <(find deploy tests .ci -type f -perm -u+x -not -path '*/node_modules/*' 2>/dev/null)
((${#scripts[@]} >= 3)) || fail "only ${#scripts[@]} scripts were found"

for script in "${scripts[@]}"; do
  bash -n "$script" || fail "$script does not parse"
  grep -q '^set -euo pipefail$' "$script" || fail "$script goes on after errors"
  [[ $(sed -n 2p "$script") == '#'* ]] || fail "$script does not begin with what it is for"
  if command -v shellcheck >/dev/null; then
    shellcheck --severity=warning "$script" || fail "$script: shellcheck"
  fi
done

refused() {  # ARGUMENTS…: status 2, and nothing on the standard output
  local status=0 output
  output=$(deploy/quickstart "$@" 2>/dev/null) || status=$?
  [[ $status -eq 2 && -z $output ]] || fail "quickstart $* ended with $status"
}
refused --wrong
refused --serve --port-base 80
refused --serve --port-base 65500
refused --serve --port-base x
refused --screen
refused --state "${TMPDIR:-/tmp}/never-made"

[[ $failed -eq 0 ]] && echo "${#scripts[@]} scripts are good"
exit "$failed"
