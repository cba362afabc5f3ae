#!/usr/bin/env bash
# The quickstart as a person meets it: shown once, left running, interrupted, killed, started again; and the
# operator's commands on the running system. TUANYUAN_BUILD names the build whose programs are used.
#
#   quickstart_test.sh            every case
#   quickstart_test.sh CASE…      some
set -euo pipefail
cd "$(dirname "$0")/../.."
: "${TUANYUAN_BUILD:?names a build directory}"
PATH=$TUANYUAN_BUILD/daemon:$PATH

work=$(mktemp -d "${TMPDIR:-/tmp}/tuanyuan-quickstart-test.XXXXXX")
export TMPDIR=$work/tmp  # where the quickstart puts its temporary directory
mkdir "$TMPDIR"
serving=
wait_seconds_max=120

finish() {
  [[ -n $serving ]] && kill -TERM "$serving" 2>/dev/null && wait "$serving"
  rm -rf "$work"
}
trap finish EXIT

fail() {
  echo "FAILED $*" >&2
  [[ -e $work/err ]] && tail -n 20 "$work/err" >&2
  exit 1
}

json() { node -e 'let v = JSON.parse(process.argv[1]); for (const k of process.argv[2].split(".")) v = v[k]; console.log(v)' "$1" "$2"; }

gone() {  # PID…: they end, which is waited for
  local pid
  for pid in "$@"; do
    timeout "$wait_seconds_max" tail -f --pid="$pid" /dev/null || fail "process $pid lives on"
  done
}

nothing_left() {
  [[ -z $(ls -A "$TMPDIR") ]] || fail "$* left $(ls "$TMPDIR") behind"
  ! grep -qsF -f <(printf '%s\n' "$work") /proc/[0-9]*/cmdline || fail "$* left processes behind"
}

# Starts `quickstart --serve` and waits for its ready line, whose JSON it leaves in $ready.
serve() {
  rm -f "$work/out"
  mkfifo "$work/out"
  deploy/quickstart --serve "$@" >"$work/out" 2>"$work/err" &
  serving=$!
  exec 5<"$work/out"
  local line
  read -r -t "$wait_seconds_max" line <&5 || fail "there was no ready line"
  [[ $line == "ready {"*"}" ]] || fail "instead of ready: $line"
  ready=${line#ready }
}

end() {  # SIGNAL EXPECTED_STATUS
  local status=0
  kill "-$1" "$serving"
  wait "$serving" || status=$?
  serving=
  [[ $status -eq $2 ]] || fail "after SIG$1 the status is $status"
}

as() {  # ROLE ARGUMENTS…
  local role=$1
  shift
  TUANYUAN_API=$(json "$ready" api) TUANYUAN_CA=$(json "$ready" ca) \
    TUANYUAN_CERTIFICATE=$(json "$ready" "credentials.$role.certificate") \
    TUANYUAN_KEY=$(json "$ready" "credentials.$role.key") tuanyuanctl "$@"
}

case_shown_once() {
  local last
  deploy/quickstart >"$work/shown" 2>"$work/err" || fail "the quickstart ended with $?"
  last=$(tail -n 1 "$work/shown")
  [[ $(json "$last" ok) == true ]] || fail "$last"
  local expected
  expected=$(json "$last" expected)
  ((expected >= 100)) || fail "only $expected were expected"
  local what
  for what in received displayed confirmed removed; do
    [[ $(json "$last" "$what") == "$expected" ]] || fail "$what: $last"
  done
  (($(json "$last" release_to_last_received_ms) > 0)) || fail "$last"
  # The board says who answered by which way: whoever was told by a gateway received, confirmed and removed by it.
  for what in webhook apns; do
    awk -v channel="$what" '
      $1 == "channel" { within = 1; next }
      !NF { within = 0 }
      within && $1 == channel { whole = $2 >= 1 && $3 == $2 && $5 == $2 && $7 == $2 }
      END { exit !whole }' "$work/shown" || fail "$what on the board: $(sed -n '/^channel /,/^$/p' "$work/shown")"
  done
  nothing_left "the quickstart"
}

case_interrupted_at_any_step() {
  local word line status
  for word in Packages Broker issued broker API Stations connected officer; do
    rm -f "$work/words"
    mkfifo "$work/words"
    deploy/quickstart >/dev/null 2>"$work/words" &
    serving=$!
    exec 6<"$work/words"
    # Its own words are the events that are waited for.
    line=
    until [[ $line == *"$word"* ]]; do
      read -r -t "$wait_seconds_max" line <&6 || fail "the step $word never came"
    done
    status=0
    kill -TERM "$serving"
    wait "$serving" || status=$?
    serving=
    if [[ $status -ne 143 ]]; then
      timeout 5 cat <&6 >"$work/err" || true
      fail "interrupted at '$word' the status is $status"
    fi
    nothing_left "interrupted at '$word'"
  done
}

case_serves_until_interrupted() {
  serve
  local pid broker_pid
  pid=$(json "$ready" pid) broker_pid=$(json "$ready" broker_pid)
  [[ $(json "$ready" feed) == null && $(json "$ready" stations.length) == 50 ]] || fail "$ready"
  [[ $(cat "/proc/$pid/comm") == tuanyuand && $(cat "/proc/$broker_pid/comm") == mosquitto ]] || fail "wrong pids"
  local file
  for file in ca config log recipients credentials.police.key credentials.station2.certificate stations.49.key; do
    [[ -r $(json "$ready" "$file") ]] || fail "$file is not there: $(json "$ready" "$file")"
  done
  curl -fsS "$(json "$ready" ops)/readyz" >/dev/null || fail "not ready"
  local desk certificate
  desk=$(json "$ready" desk) certificate=$(json "$ready" credentials.officer.certificate)
  grep -qF "$desk" "$work/err" || fail "the desk's address is not printed"
  openssl pkcs12 -in "${certificate%.crt}.p12" -passin pass:tuanyuan -nokeys -clcerts | openssl x509 -noout -subject | grep -q releaser ||
    fail "the officer's certificate cannot be imported"
  curl -fsS --cacert "$(json "$ready" ca)" "$desk" | grep -q '<script type="module"' || fail "there is no desk at $desk"
  end TERM 143
  gone "$pid" "$broker_pid"
  nothing_left "serving"
}

case_shows_a_screen() {
  serve
  [[ $(json "$ready" screen) == null ]] || fail "a screen without --screen: $ready"
  end TERM 143
  serve --screen
  local screen report alert
  screen=$(json "$ready" screen)
  curl -fsS "$screen" | grep -q 'id="screen"' || fail "no page at $screen"
  report=$(as submitter report submit config/report.sample.json --fresh-times --field id)
  alert=$(as releaser report release "$report" --status EXERCISE --field id)
  timeout "$wait_seconds_max" sh -c "until curl -fsS '${screen}current.json' | grep -q '$alert'; do sleep 0.1; done" || fail "the screen does not show it"
  as releaser alert close "$alert" --outcome FOUND_SAFE --cause LOST --reason "演练结束" >/dev/null
  timeout "$wait_seconds_max" sh -c "until curl -fsS '${screen}current.json' | grep -q '\"notices\":\[\]'; do sleep 0.1; done" || fail "the screen is not empty"
  end TERM 143
  nothing_left "serving with a screen"
}

case_goes_on_where_it_stopped() {
  local state=$work/state base=0 status victim report
  base=$((20000 + RANDOM % 300 * 40))
  serve --state "$state" --port-base "$base"
  [[ $(json "$ready" api) == "https://localhost:$base/api/v1" ]] || fail "$ready"
  report=$(as submitter report submit config/report.sample.json --fresh-times --field id)
  for victim in pid broker_pid; do
    status=0
    kill -KILL "$(json "$ready" "$victim")"
    wait "$serving" || status=$?
    serving=
    [[ $status -ne 0 ]] || fail "the status after the death of $victim is 0"
    gone "$(json "$ready" pid)" "$(json "$ready" broker_pid)"
    serve --state "$state" --port-base "$base"
    [[ $(as releaser report show "$report" --field state) == SUBMITTED ]] || fail "the report is lost"
  done
  # The script itself is killed: what it started goes too, and the next one is not kept out.
  kill -KILL "$serving"
  wait "$serving" 2>/dev/null || true
  serve --state "$state" --port-base "$base"
  [[ $(as releaser report show "$report" --field state) == SUBMITTED ]] || fail "the report is lost"
  status=0
  deploy/quickstart --serve --state "$state" >/dev/null 2>"$work/err2" || status=$?
  [[ $status -eq 1 ]] && grep -q "another quickstart" "$work/err2" || fail "two at once in one state directory"
  end INT 130
  nothing_left "serving with a state directory"
  rm -rf "$state"
}

case_partner_enrols_and_verifies() {
  serve --state "$work/state"
  local station pki out report alert notice
  station=$(json "$ready" credentials.station.recipient_id)
  pki=$(dirname "$(json "$ready" ca)") out=$work/enrolled
  as operator recipient enrol "$station" --out "$out" --pki "$pki" --broker "$(json "$ready" mqtt)" >/dev/null
  report=$(as submitter report submit config/report.sample.json --fresh-times --field id)
  alert=$(as releaser report release "$report" --status EXERCISE --field id)
  # The line that was written, as it is: one notice is enough.
  notice=$work/notice
  timeout "$wait_seconds_max" sh -c "$(sed 's/$/ -C 1 -F %p/' "$out/subscribe.sh" | sed "s|\$(dirname \"\$0\")|$out|; s| -v | |")" >"$notice" ||
    fail "mosquitto_sub heard nothing"
  [[ $(as submitter verify "$notice" --field alertId) == "$alert" ]] || fail "the notice is not verified"
  sed 's/"jws":"[^.]*\.A/&B/; s/"jws":"[^.]*\.[^A]/&B/' "$notice" >"$notice.forged"
  local status=0
  as submitter verify "$notice.forged" >/dev/null 2>&1 || status=$?
  [[ $status -eq 1 ]] || fail "a forged notice: $status"
  # An answer by the line of the README, and its receipt on the board.
  (cd "$out" && eval "$(sed -n 's/^ *\(mosquitto_pub .*\)/\1/p' README.txt | sed "s/ALERT_ID/$alert/")")
  as releaser watch "$alert" --until RECEIVED --patience 1 >/dev/null 2>&1 || true
  [[ $(as releaser board "$alert" --field counts.RECEIVED) == 1 ]] || fail "the answer is not on the board"
  [[ $(as releaser alert close "$alert" --outcome FOUND_SAFE --cause LOST --reason "演练结束" --field state) == CLOSED ]] ||
    fail "not closed"
  as supervisor journal --json | grep -q '"alert.closed"' || fail "the journal does not say so"
  status=0
  as submitter journal >/dev/null 2>&1 || status=$?
  [[ $status -eq 1 ]] || fail "a submitter reads the journal: $status"
  end TERM 143
  status=0
  as submitter board "$alert" --timeout 1 >/dev/null 2>&1 || status=$?
  [[ $status -eq 3 ]] || fail "unreachable: $status"
  rm -rf "$out" "$work/state"
}

cases=("$@")
((${#cases[@]} > 0)) || mapfile -t cases < <(declare -F | sed -n 's/^declare -f case_//p')
for name in "${cases[@]}"; do
  "case_$name"
  echo "ok $name"
done
