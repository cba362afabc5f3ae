#!/usr/bin/env bash
# promtool accepts configuration and rules, each of the ten rules fires when it should (rules_test.yml), has its
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
((${#names[@]} == 13)) || fail "there are ${#names[@]} rules"
for name in "${names[@]}"; do
  grep -qx "## $name" deploy/RUNBOOK.md || fail "$name has no section in the runbook"
  grep -q "RUNBOOK.md#${name,,}\$" "$rules" || fail "$name does not point to its section"
done
mapfile -t sections < <(sed -n 's/^## //p' deploy/RUNBOOK.md)
((${#sections[@]} == ${#names[@]})) || fail "the runbook has ${#sections[@]} sections"

while IFS= read -r metric; do
  base=${metric%_bucket}
  grep -q "\"$base\"" "$catalogue" || fail "no metric of the daemon is called $base"
done < <(grep -ohE 'tuanyuan_[a-z_]+' "$rules" | sort -u)

[[ $failed -eq 0 ]] && echo "${#names[@]} rules are good"
exit "$failed"
