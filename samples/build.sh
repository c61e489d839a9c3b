#!/usr/bin/env bash
# build.sh LOG: builds the samples and the demo, unless no jar is missing and no source changed since the last successful
# build here.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export LC_ALL=C

(($# == 1)) || { echo "build: expected one argument, the file for the build's log" >&2 && exit 2; }
readonly log=$1
readonly stamp=target/samples-built
readonly made=(agent/target/dio-agent.jar samples/target/samples.jar samples/target/lib/runtime.jar
  samples/target/lib/runtime-tests.jar)
# The samples use only the completion policies of the tests.
readonly policies=runtime/src/test/java/io/dioagent/runtime/dio

fail() {
  printf 'build: FAILED: %s\n' "$*" >&2
  exit 1
}

up_to_date() {
  local file
  for file in "$stamp" "${made[@]}"; do [[ -f $file ]] || return 1; done
  [[ -z $(find pom.xml ./*/pom.xml ./*/src/main "$policies" -newer "$stamp" -type f -print -quit) ]]
}

for tool in java javac mvn; do
  command -v "$tool" >/dev/null || fail "$tool is not on the path; a JDK 17 or later and Maven are needed"
done
[[ $(uname -s) == Linux ]] || fail "this is $(uname -s), and Linux is needed"

if up_to_date; then
  echo "up to date"
  exit 0
fi
started=$SECONDS
mkdir -p target "$(dirname "$log")"
touch "$stamp.start"
echo "building, a minute or two:" >&2
if ! mvn -B --no-transfer-progress -Dstyle.color=never -Dmaven.test.skip=true -Dcheckstyle.skip=true \
  -Dspotless.apply.skip=true -pl agent,samples -am package </dev/null 2>&1 | tee "$log" |
  sed -un 's/^\[INFO\] Building dio-agent :: \([a-z-]*\).*/  \1/p' >&2; then
  tail -n 20 "$log" >&2
  fail "see above (all of it: $log)"
fi
# Changes during the build are newer than this file.
mv "$stamp.start" "$stamp"
echo "built in $((SECONDS - started)) s"
