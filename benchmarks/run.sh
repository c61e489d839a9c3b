#!/usr/bin/env bash
# Measures dio-agent beside fio and the JDK; --help says how. Builds first what is missing or older than its sources.
set -euo pipefail

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly project
readonly main=$project/benchmarks/src/main/java/io/dioagent/bench
readonly jar=$project/benchmarks/target/benchmarks.jar
readonly agent=$project/agent/target/dio-agent.jar
readonly log=$project/benchmarks/target/build.log
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

refuse() {
  printf 'benchmarks: %s\n' "$*" >&2
  exit 2
}

# What the part prints for --help, from its source: so that nothing is built for it.
usage() {
  local source=$main/Options.java
  if [[ $1 == footprint ]]; then source=$main/footprint/FootprintOptions.java; fi
  if [[ $1 == all ]]; then sed -n 's/^ *"\(usage: benchmarks\/run.sh all .*\)");$/\1/p' "$main/Main.java"; fi
  sed -n '/String USAGE =/,/""";/{/"""/d; /String USAGE =/d; s/^      //; p}' "$source"
}

part=table
if (($#)) && [[ $1 != -* ]]; then part=$1; fi
case $part in
  table | neighbours | scaling | footprint | all) ;;
  *) refuse "nothing is named '$part', expected one of table, neighbours, scaling, footprint, all; see --help" ;;
esac
for argument in "$@"; do
  if [[ $argument == --help ]]; then
    usage "$part"
    exit 0
  fi
done
known=$(usage "$part")
for argument in "$@"; do
  if [[ $argument == -* ]] && ! grep -qwF -e "$argument" <<<"$known"; then
    refuse "$part has no option '$argument'; see --help"
  fi
done

built() {
  local module
  [[ -f $jar && -f $agent ]] || return 1
  for module in jfr-events runtime jmc agent benchmarks; do
    [[ -z $(find "$project/$module/pom.xml" "$project/$module/src/main" -newer "$jar" -type f -print -quit) ]] || return 1
  done
}

if ! built; then
  command -v mvn >/dev/null || refuse "mvn is not on the path, and $jar is missing or older than its sources"
  echo "benchmarks: building, a minute or two" >&2
  mkdir -p "${log%/*}"
  if ! (cd "$project" && mvn -B --no-transfer-progress -Dstyle.color=never -Dmaven.test.skip=true \
    -Dcompletion.policies.skipped=true -Dcheckstyle.skip=true -Dspotless.apply.skip=true \
    -pl agent,benchmarks -am package) </dev/null 2>&1 | tee "$log" |
    sed -un 's/^\[INFO\] Building dio-agent :: \([a-z-]*\).*/  \1/p' >&2; then
    tail -n 20 "$log" >&2
    printf 'benchmarks: the build failed, see above (all of it: %s)\n' "$log" >&2
    exit 1
  fi
fi
exec "$java" -jar "$jar" "$@"
