#!/usr/bin/env bash
# Shows the defects that the four kernel patches fixed, each broken and fixed, on a real file by real AIO; without
# root, and with nothing but a JDK and Maven. See usage below. Recordings stay in samples/target/seeds.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export LC_ALL=C

# One line per sample: name, patches, and the defect.
readonly list=samples/src/main/resources/io/dioagent/samples/seeds/samples.txt
readonly results=samples/target/seeds

usage() {
  {
    if (($#)); then printf 'run.sh: %s\n' "$*"; fi
    printf 'usage: samples/run.sh all|NAME...\n'
    printf '  %-27s%-9s%s\n' all "" "all of them, one line each"
    sed 's/^/  /' "$list"
    printf 'Ends with 0 if every broken variant breaks and every fixed one holds, with 1 if not.\n'
  } >&2
  exit 2
}

(($#)) || usage "which sample?"
if [[ $* != all ]]; then
  for name in "$@"; do
    cut -d ' ' -f 1 "$list" | grep -qxF -e "$name" || usage "'$name' is none of the samples"
  done
fi

build=$(samples/build.sh $results/build.log) || exit 1
printf 'build: %s\n' "$build"
# Replaces this script, so that it gets the signals and cleans up.
exec java --enable-native-access=ALL-UNNAMED -cp "samples/target/samples.jar:samples/target/lib/*" \
  io.dioagent.samples.seeds.Seeds $results "$@"
