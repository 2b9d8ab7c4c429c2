# shellcheck shell=bash
# What the figures share: a volantd of their own, calls to it, and how a result is written down. Sourced, never run.

# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

BENCH_TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
BENCH_DIR=$BENCH_TOP/target/bench
DIST=${VOLANT_DISTRIBUTION:-$BENCH_TOP/target/volant}
KERNELS=$(volant_home)/kernels
# Away from a daemon that runs here already: another port, bridge and network.
BENCH_PORT=${BENCH_PORT:-7977}
BENCH_API=http://127.0.0.1:$BENCH_PORT
BENCH_BRIDGE=${BENCH_BRIDGE:-vbrb0}
BENCH_SUBNET=${BENCH_SUBNET:-10.244.0.0/16}
BENCH_HOST_IP=${BENCH_HOST_IP:-10.244.0.1}
# taps are named after the VM's id, which begins with the host's number: another one than a daemon's that runs here
BENCH_HOST_NUMBER=${BENCH_HOST_NUMBER:-977}
BENCH_START_LIMIT_S=300
daemon_pid=
# shellcheck disable=SC2034  # read by the figures
BENCH_QUICK=${BENCH_QUICK:-}

java_home() {
  "$BENCH_TOP/scripts/find-jdk"
}

# The load of the last minute: what else ran here when a figure was taken.
load() {
  cut -d ' ' -f 1 /proc/loadavg
}

# Milliseconds since 1970 as a whole number.
now_ms() {
  printf '%s\n' "$((${EPOCHREALTIME/[.,]/} / 1000))"
}

# The middle one of the numbers on stdin, one a line; of an even count, the mean of the middle two.
median() {
  sort -n | awk '{ v[NR] = $1 }
    END { m = int((NR + 1) / 2); print NR % 2 ? v[m] : (v[m] + v[m + 1]) / 2 }'
}

# "min–max" of the numbers on stdin.
spread() {
  sort -n | awk 'NR == 1 { low = $1 } { high = $1 } END { print low "–" high }'
}

# record WHAT RELATION GOAL MEASURED UNIT HOW: one result of the figure that runs. RELATION: <= >= or <.
record() {
  local figure=${0##*/}
  mkdir -p "$BENCH_DIR/results"
  jq -cn --arg figure "$figure" --arg what "$1" --arg relation "$2" --argjson goal "$3" --argjson measured "$4" \
    --arg unit "$5" --arg how "$6" --arg load "${bench_load_before:-?}-$(load)" --arg date "$(date -u +%FT%TZ)" \
    --arg commit "$(commit)" \
    '$ARGS.named + {met: (if $relation == "<=" then $measured <= $goal
      elif $relation == "<" then $measured < $goal else $measured >= $goal end)}' \
    >>"$BENCH_DIR/results/$figure.jsonl"
  say "$1: $4 $5 (goal $2 $3 $5; $6)"
}

# The commit that was built, with a + where something was changed since.
commit() {
  local id
  id=$(git -C "$BENCH_TOP" rev-parse --short HEAD 2>/dev/null) || id=unknown
  git -C "$BENCH_TOP" diff --quiet HEAD -- src fledge kestrel scripts 2>/dev/null || id+=+
  printf '%s\n' "$id"
}

# api METHOD PATH [BODY]: the answer's body; fails with the body on stderr when the status is not 2xx.
api() {
  local method=$1 path=$2 answer code
  local body=()
  [[ $# -lt 3 ]] || body=(-H 'Content-Type: application/json' --data-binary "$3")
  answer=$(curl -sS --max-time 600 -X "$method" "${body[@]}" -w '\n%{http_code}' "$BENCH_API$path") || return 1
  code=${answer##*$'\n'}
  answer=${answer%$'\n'*}
  if [[ $code != 2?? ]]; then
    say "$method $path gave $code: $answer"
    return 1
  fi
  printf '%s\n' "$answer"
}

# How many VMs the daemon has; fails while it does not answer.
vm_count() {
  curl -s -f -o /dev/null -D - --max-time 5 "$BENCH_API/api/v1/vms?limit=1" \
    | tr -d '\r' | sed -n 's/^X-Total-Count: //Ip' | grep .
}

# daemon_start DRIVER HOME [JVM-FLAG…]: a volantd in the background, once its API answers.
daemon_start() {
  local driver=$1 home=$2
  shift 2
  mkdir -p "$home"
  [[ -e $home/kernels ]] || ln -s "$KERNELS" "$home/kernels"
  if curl -s -o /dev/null --max-time 2 "$BENCH_API/healthz"; then
    die "something answers on $BENCH_API already; end it, or set BENCH_PORT"
  fi
  VOLANT_HOME=$home VOLANT_API_LISTEN=127.0.0.1:$BENCH_PORT VOLANT_BRIDGE=$BENCH_BRIDGE \
    VOLANT_SUBNET=$BENCH_SUBNET VOLANT_HOST_IP=$BENCH_HOST_IP \
    JAVA_OPTS="-Dvolant.hypervisor.driver=$driver -Dvolant.host.number=$BENCH_HOST_NUMBER $*" \
    "$DIST/bin/volantd" >>"$home/volantd.log" 2>&1 </dev/null &
  daemon_pid=$!
  local until=$((SECONDS + BENCH_START_LIMIT_S))
  until vm_count >/dev/null; do
    if ! kill -0 "$daemon_pid" 2>/dev/null || ((SECONDS > until)); then
      tail -n 5 "$home/volantd.log" >&2
      die "volantd did not start; its log is $home/volantd.log"
    fi
    sleep 0.02
  done
}

# daemon_stop: ends it in an orderly way, and waits.
daemon_stop() {
  [[ -n $daemon_pid ]] || return 0
  kill "$daemon_pid" 2>/dev/null || true
  wait "$daemon_pid" 2>/dev/null || true
  daemon_pid=
}

# bench_home NAME: an empty folder for a daemon. Short, as a socket's path has 107 bytes at most.
bench_home() {
  rm -rf "${BENCH_DIR:?}/$1"
  mkdir -p "$BENCH_DIR/$1"
  printf '%s\n' "$BENCH_DIR/$1"
}

# install_simulated_plugin NAME: a plugin for the simulated driver, whose boot medium nobody looks into. Fleet.java: `sim`.
install_simulated_plugin() {
  printf 'simulated\n' >"$BENCH_DIR/simulated.cpio.gz"
  api POST '/api/v1/plugins?replace=true' "$(jq -n --arg url "$BENCH_DIR/simulated.cpio.gz" --arg name "$1" '{
    schema_version: "1.0", name: $name, version: "1", runtime: $name,
    resources: {cpu_cores: 1, memory_mb: 64},
    workload: {type: "http", base_url: "http://127.0.0.1:8080", entrypoint: ["/bin/true"]},
    initramfs: {url: $url}, health_check: {endpoint: "/"}}')" >/dev/null
}

# fleet ARGUMENT…: makes VMs through the API (Fleet.java says which); prints its result, JSON.
fleet() {
  "$(java_home)/bin/java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC "$BENCH_TOP/scripts/bench.d/Fleet.java" \
    "$BENCH_API" "$BENCH_DIR/fleet.json" "$@" >&2
  cat "$BENCH_DIR/fleet.json"
}

bench_load_before=$(load)
