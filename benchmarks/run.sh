#!/bin/sh
# Measures dio-agent beside fio and the JDK; see --help.
set -eu

project=$(cd "$(dirname "$0")/.." && pwd)
jar=$project/benchmarks/target/benchmarks.jar
agent=$project/agent/target/dio-agent.jar
java=java
[ -z "${JAVA_HOME:-}" ] || java=$JAVA_HOME/bin/java

built() {
  [ -f "$jar" ] || return 1
  [ -f "$agent" ] || return 1
  for module in jfr-events runtime agent benchmarks; do
    newer=$(find "$project/$module/pom.xml" "$project/$module/src/main" -newer "$jar" -type f 2>/dev/null || :)
    [ -z "$newer" ] || return 1
  done
}

if ! built; then
  echo "building, first" >&2
  (cd "$project" && mvn -B -q -pl agent,benchmarks -am -Dmaven.test.skip=true package) >&2
fi
exec "$java" -jar "$jar" "$@"
