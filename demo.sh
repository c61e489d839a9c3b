#!/usr/bin/env bash
# Shows, without root and with nothing but a JDK and Maven, on unmodified applications:
#   a. a write whose completion is lost hangs its caller, and the recording shows it; the same error, delivered
#   b. H2 and Lucene: same contents with the agent as without, past the page cache, nothing lost, nothing twice
#   c. the recordings to open in JDK Mission Control
# Ends with 0 only if all of it was so. Recordings and logs stay in target/demo.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export LC_ALL=C

# Its own head, as far as it describes the demo.
usage() { sed -n '2,/^set /{/^set /d; s/^# \{0,1\}//; p}' "${BASH_SOURCE[0]##*/}"; }

case ${1:-} in
  "") ;;
  --help | -h)
    echo "usage: ./demo.sh [--help]"
    usage
    exit 0
    ;;
  *)
    echo "demo: '$1' is no argument of it; usage: ./demo.sh [--help]" >&2
    exit 2
    ;;
esac

readonly agent=agent/target/dio-agent.jar
readonly settings=jfr-events/src/main/resources/io/dioagent/events/dio.jfc
readonly samples=samples/target/samples.jar
readonly lib=samples/target/lib
readonly results=target/demo
# What an application sees: itself and its own libraries.
readonly app_classes=$samples:$lib/h2.jar:$lib/lucene-core.jar
# So that nothing here can wait for ever. Passes on the signal that it gets.
readonly limited=(timeout --foreground --kill-after=10 600)
readonly runtime_classes="$samples:$lib/*"

checks=0
work=
pids=()

fail() {
  printf 'demo: FAILED: %s\n' "$*" >&2
  exit 1
}

section() { printf '\n== %s\n' "$*"; }

# check CONDITION... -- WHAT: counts what holds, fails with what does not.
check() {
  local condition=()
  while [[ $1 != -- ]]; do condition+=("$1") && shift; done
  shift
  "${condition[@]}" || fail "not so: $* (logs and recordings: $results)"
  checks=$((checks + 1))
}

cleanup() {
  local pid
  for pid in "${pids[@]}"; do
    kill "$pid" 2>/dev/null || true
  done
  for pid in "${pids[@]}"; do
    wait "$pid" 2>/dev/null || true
  done
  if [[ -n $work ]]; then rm -rf "$work"; fi
}
trap cleanup EXIT
trap 'exit 130' INT TERM

# --- what is needed -------------------------------------------------------------------------------------------------

command -v jcmd >/dev/null || fail "jcmd is not on the path; a JDK 17 or later is needed"

section "build"
rm -rf "$results"
mkdir -p "$results"
samples/build.sh "$results/build.log" || fail "the build failed"

# can_go_direct DIR: whether a file there can be written past the page cache; else says why not.
can_go_direct() {
  [[ -d $1 && -w $1 ]] || { echo "$1: not a directory to write in" && return 1; }
  local type file
  type=$(df --output=fstype "$1" | tail -n 1)
  case $type in
    # These accept O_DIRECT and go through memory all the same.
    tmpfs | ramfs | btrfs) echo "$1: $type keeps direct writes in the page cache" && return 1 ;;
  esac
  file=$(mktemp "$1/dio-demo.XXXXXX")
  if dd if=/dev/zero of="$file" bs=4096 count=1 oflag=direct conv=notrunc status=none 2>/dev/null; then
    rm -f "$file"
  else
    rm -f "$file"
    echo "$1: $type refuses direct writes"
    return 1
  fi
}

for candidate in target "${TMPDIR:-/var/tmp}" /var/tmp; do
  if reason=$(can_go_direct "$candidate"); then
    work=$(mktemp -d "$(cd "$candidate" && pwd -P)/dio-demo.XXXXXX")
    break
  fi
  echo "$reason"
done
[[ -n $work ]] || fail "no directory here takes direct writes; set TMPDIR to one on ext4 or xfs"
java_version=$(java -version 2>&1 | sed -n '1s/.*version "\([^"]*\)".*/\1/p')
echo "java $java_version, $(nproc) processors, kernel $(uname -r), files on $(df --output=fstype "$work" | tail -n 1)"

# --- helpers --------------------------------------------------------------------------------------------------------

# run NAME JAVA-ARGUMENTS...: a fresh JVM, its output at the end of NAME.log; fails if it fails.
run() {
  local name=$1 status=0
  shift
  "${limited[@]}" java "$@" >>"$results/$name.log" 2>&1 || status=$?
  ((status == 0)) || fail "$name ended with $status: $(tail -n 1 "$results/$name.log") (all of it: $results/$name.log)"
}

# recording NAME: the options that make a JVM leave NAME.jfr.
recording() {
  printf '%s\n' -Xlog:jfr+startup=error \
    "-XX:StartFlightRecording=settings=default,settings=$settings,filename=$results/$1.jfr"
}

# summary NAME: what the recording says, as lines of key=value, kept beside it.
summary() { java -cp "$runtime_classes" io.dioagent.samples.RecordingSummary "$results/$1.jfr" >"$results/$1.summary"; }

# recorded NAME KEY: the value of one key of a summary.
recorded() { sed -n "s/^$2=//p" "$results/$1.summary"; }

# line LOG KEY: the value after "KEY=" in an application's own output.
line() { sed -n "s/^$2=//p" "$results/$1.log"; }

megabytes() { awk -v bytes="$1" 'BEGIN { printf "%.1f MB", bytes / 1e6 }'; }

share() { awk -v part="$1" -v all="$2" 'BEGIN { printf "%.1f%%", all ? 100 * part / all : 0 }'; }

# row LABEL VALUE [VALUE]
row() {
  if (($# == 3)); then printf '  %-25s %-24s %s\n' "$@"; else printf '  %-25s %s\n' "$@"; fi
}

# --- a. the hang ----------------------------------------------------------------------------------------------------

# show NAME: what an application printed, without the facts for a judge.
show() { sed '/^fact /d; s/^/    /' "$results/$1.log"; }

# says LOG PATTERN: whether the application printed such a line.
says() { grep -qE "$2" "$results/$1.log"; }

# lost_error VARIANT NAME: the sample of that name, which leaves the recording itself.
lost_error() {
  mkdir "$work/$2"
  run "$2" --enable-native-access=ALL-UNNAMED -cp "$runtime_classes" \
    io.dioagent.samples.seeds.SampleMain lost-error "$1" "$work/$2" "$results/$2.jfr"
}

hang_on_runtime() {
  local broken=hang-runtime-broken fixed=hang-runtime-fixed
  echo "  the device's error is lost on its way (Linux before March 2006):"
  lost_error broken $broken
  show $broken
  summary $broken
  row "lost in the recording" "$(recorded $broken lost)"
  check says $broken '^write 2 at 8192: 4096 bytes$' -- "the writer got to the bad block"
  check says $broken '^hung: ' -- "the writer whose error is lost hangs"
  check test "$(recorded $broken lost)" = 1 -- "the recording has one LostCompletion"

  echo "  the same device, the runtime as it is:"
  lost_error fixed $fixed
  show $fixed
  delivered $fixed
}

# delivered NAME: one EIO for the application and in the recording, nothing lost, and the writer went on.
delivered() {
  summary "$1"
  row "errors in the recording" "$(recorded "$1" error)"
  row "lost in the recording" "$(recorded "$1" lost)"
  check test "$(grep -c 'IOException' "$results/$1.log")" = 1 -- "$1: the error arrives once"
  check says "$1" '^write 3 at 12288: java.io.IOException: Input/output error$' -- "$1: it arrives as EIO"
  check says "$1" '^write 4 at 16384: 4096 bytes$' -- "$1: the writer goes on"
  check says "$1" '^done: 8 writes, 1 failed$' -- "$1: the writer gets to its end"
  check test "$(recorded "$1" error)" = "1 EIO" -- "$1: the recording has one EIO"
  check test "$(recorded "$1" lost)" = 0 -- "$1: nothing is lost"
}

# within SECONDS COMMAND...: waits until the command succeeds.
within() {
  local until=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < until)) || return 1
    sleep 0.1
  done
}

# counts_one_lost PID: whether the agent in the JVM that a process runs says that one write counts as lost.
counts_one_lost() {
  local children=
  read -r children <"/proc/$1/task/$1/children" || true
  java -jar $agent status "${children%% *}" 2>/dev/null | grep -qE '(^|[^0-9])1 lost'
}

# ended PID
ended() { ! kill -0 "$1" 2>/dev/null; }

hang_under_agent() {
  local lost=hang-agent-lost delivered=hang-agent-delivered jfr pid
  local writer=io.dioagent.samples.PlainWriter fault=offset=12288-16384:count=1
  mkdir "$work/hang-agent"
  # A deadline that only the lost completion can reach, also on a busy machine.
  local options="tag=$work/hang-agent/**,write=sync,deadline=5s,on-lost=report"

  echo "  the completion of one write is lost (fault=lose:$fault):"
  mapfile -t jfr < <(recording $lost)
  "${limited[@]}" java "-javaagent:$agent=$options,fault=lose:$fault" "${jfr[@]}" -cp "$app_classes" \
    $writer "$work/hang-agent/lost" >"$results/$lost.log" 2>&1 &
  pid=$!
  pids+=("$pid")
  within 60 says $lost '^write 2 at 8192: 4096 bytes$' || fail "$lost: the writer did not get to the third write"
  # The deadline of the next one has to pass. What the writer would write otherwise, it would write within milliseconds.
  within 60 counts_one_lost "$pid" || fail "$lost: the agent does not count the fourth write as lost"
  ! ended "$pid" || fail "$lost: the writer ended, expected it to hang"
  show $lost
  echo "    (and nothing more, though the deadline of 5 s has passed: hung)"
  check test "$(grep -c '^write' "$results/$lost.log")" = 3 -- "$lost: the writer hangs in the fourth write"
  # JFR writes the recording as the process ends.
  kill "$pid"
  within 60 ended "$pid" || fail "$lost: the hung writer does not end"
  summary $lost
  row "lost in the recording" "$(recorded $lost lost)"
  check test "$(recorded $lost lost)" = 1 -- "$lost: the recording has one LostCompletion"

  echo "  the device answers EIO to the same write (fault=eio:$fault):"
  mapfile -t jfr < <(recording $delivered)
  run $delivered "-javaagent:$agent=$options,fault=eio:$fault" "${jfr[@]}" -cp "$app_classes" \
    $writer "$work/hang-agent/delivered"
  show $delivered
  delivered $delivered
}

section "a. the hang, on the runtime's own API"
hang_on_runtime
section "a. the hang, an unmodified application on FileChannel under the agent"
hang_under_agent

# --- b. real applications -------------------------------------------------------------------------------------------

# resident DIR: "BYTES of BYTES" of the files under it that lie in the page cache.
resident() {
  java -cp "$samples" io.dioagent.samples.CacheResidency "$1" | sed -n 's/^resident \(.*\) bytes in all$/\1/p'
}

real_application() {
  local name=$1 class=$2 plain=$work/$1-plain tagged=$work/$1-tagged started
  local with=$name-with-agent without=$name-without-agent
  local plain_resident tagged_resident plain_seconds tagged_seconds main=io.dioagent.samples.$class jfr

  started=$(date +%s%N)
  run "$without" -cp "$app_classes" "$main" "$plain" load
  plain_seconds=$(seconds_since "$started")
  plain_resident=$(resident "$plain")
  run "$without" -cp "$app_classes" "$main" "$plain" verify

  mapfile -t jfr < <(recording "$with")
  started=$(date +%s%N)
  run "$with" "-javaagent:$agent=write=sync,tag=$tagged/**" "${jfr[@]}" -cp "$app_classes" "$main" "$tagged" load
  tagged_seconds=$(seconds_since "$started")
  tagged_resident=$(resident "$tagged")
  run "$with" -cp "$app_classes" "$main" "$tagged" verify
  summary "$with"

  row "" "without agent" "with agent"
  row "checksum of the contents" "$(line "$without" checksum | cut -c 1-16)..." "$(line "$with" checksum | cut -c 1-16)..."
  row "seconds" "$plain_seconds" "$tagged_seconds"
  row "bytes of data files" "${plain_resident#* of }" "${tagged_resident#* of }"
  row "of them in the page cache" "${plain_resident% of *} ($(share "${plain_resident% of *}" "${plain_resident#* of }"))" \
    "${tagged_resident% of *} ($(share "${tagged_resident% of *}" "${tagged_resident#* of }"))"
  echo "  from the recording $results/$with.jfr:"
  row "writes" "$(recorded "$with" writes)"
  row "bytes direct" "$(recorded "$with" bytes.direct)"
  row "bytes buffered" "$(recorded "$with" bytes.buffered)"
  recorded "$with" buffered | while read -r bytes parts reason; do
    row "  because" "$bytes in $parts parts" "$reason"
  done
  row "lost" "$(recorded "$with" lost)"
  row "late" "$(recorded "$with" late)"
  row "duplicates" "$(recorded "$with" duplicates)"
  row "unknown" "$(recorded "$with" unknown)"
  row "errors" "$(recorded "$with" errors)"
  row "oldest write" "$(recorded "$with" age.max.ms) ms"

  check test -n "$(line "$without" checksum)" -- "$class printed a checksum"
  check test "$(line "$without" checksum)" = "$(line "$with" checksum)" -- "$class: same checksum with and without the agent"
  check test "$(recorded "$with" bytes.direct)" -gt 1000000 -- "$class: more than 1 MB went direct"
  check test "$(recorded "$with" bytes.direct)" -gt "$(recorded "$with" bytes.buffered)" -- "$class: more bytes direct than buffered"
  check test "$(recorded "$with" lost)" = 0 -- "$class: no completion lost"
  check test "$(recorded "$with" duplicates)" = 0 -- "$class: no completion twice"
  check test "$(recorded "$with" unknown)" = 0 -- "$class: no unknown completion"
  check test "$(recorded "$with" errors)" = 0 -- "$class: no error"
  check test "$((10 * ${tagged_resident% of *}))" -lt "${plain_resident% of *}" -- \
    "$class: less than a tenth as much in the page cache as without the agent"
}

seconds_since() { awk -v then="$1" -v now="$(date +%s%N)" 'BEGIN { printf "%.1f", (now - then) / 1e9 }'; }

section "b. H2, its own jar, its own file database"
real_application h2 H2App
section "b. Lucene, NIOFSDirectory, commits, forceMerge(1), CheckIndex"
real_application lucene LuceneApp
check grep -q '^checkindex=clean$' "$results/lucene-with-agent.log" -- "CheckIndex is clean with the agent"

# --- c. what is left ------------------------------------------------------------------------------------------------

section "c. recordings to open in JDK Mission Control"
for recording in "$results"/*.jfr; do
  printf '  %-40s %s\n' "$recording" "$(megabytes "$(stat -c %s "$recording")")"
done
printf '\ndemo: all %d checks passed\n' "$checks"
