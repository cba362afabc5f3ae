#!/usr/bin/env bash
# promtool accepts configuration and rules, each of the rules fires when it should (rules_test.yml), has its
# section in the runbook, and goes by metrics that the daemon has.
set -euo pipefail
cd "$(dirname "$0")/../.."

rules=deploy/prometheus/rules.yml
catalogue=daemon/adapters/metrics/catalogue.cpp
failed=0
fail() {
  echo "FAILED $*"
  failed=1
}

promtool check config deploy/prometheus/prometheus.yml
promtool test rules tests/deploy/rules_test.yml

mapfile -t names < <(sed -n 's/^ *- alert: //p' "$rules")
((${#names[@]} == 15)) || fail "there are ${#names[@]} rules"
for name in "${names[@]}"; do
  grep -qx "## $name" deploy/RUNBOOK.md || fail "$name has no section in the runbook"
  grep -q "RUNBOOK.md#${name,,}\$" "$rules" || fail "$name does not point to its section"
done
mapfile -t sections < <(sed -n 's/^## //p' deploy/RUNBOOK.md)
((${#sections[@]} == ${#names[@]})) || fail "the runbook has ${#sections[@]} sections"

# Whatever /readyz can name (the ledger, and what the daemon adds) stands in the runbook's table of parts, and nothing else.
mapfile -t parts < <({
  echo ledger
  tr -d '\n' <daemon/app/daemon.cpp | grep -oE 'health\.add\( *\{"[^"]+' | sed 's/.*"//'
} | sort)
mapfile -t told < <(sed -n '/^| part |/,/^$/p' deploy/RUNBOOK.md | tail -n +3 | cut -d'|' -f2 | tr ',' '\n' | sed 's/^[ `]*//; s/[ `]*$//; /^$/d' | sort)
[[ ${parts[*]} == "${told[*]}" ]] || fail "the parts are ${parts[*]}, the runbook tells of ${told[*]}"
for part in "${parts[@]}"; do
  case $part in
    broker | canary | "promise 3" | exercise) ;; # by metrics of their own
    *) grep -qE "part=~?\"([^\"]*\|)?$part(\|[^\"]*)?\"" "$rules" || fail "no rule goes by the part $part" ;;
  esac
done

while IFS= read -r metric; do
  base=${metric%_bucket}
  grep -q "\"$base\"" "$catalogue" || fail "no metric of the daemon is called $base"
done < <(grep -ohE 'tuanyuan_[a-z_]+' "$rules" | sort -u)

[[ $failed -eq 0 ]] && echo "${#names[@]} rules are good"
exit "$failed"
