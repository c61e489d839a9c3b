#!/usr/bin/env bash
# build.sh DIRECTORY: compiles the fault suite's programs into it, with this machine's compiler.
set -euo pipefail
sources=$(dirname "${BASH_SOURCE[0]}")
out=$1

for tool in gcc pkg-config; do
  command -v "$tool" >/dev/null 2>&1 || { echo "the fault suite needs $tool: install gcc, pkg-config, fuse3 and libfuse3-dev" >&2; exit 1; }
done
pkg-config --atleast-version=3.12 fuse3 || { echo "the fault suite needs libfuse 3.12 or later: install libfuse3-dev" >&2; exit 1; }
read -r -a fuse <<<"$(pkg-config --cflags --libs fuse3)"

mkdir -p "$out"
compile() { gcc -std=gnu11 -O1 -Wall -Wextra -Werror -o "$out/$1" "$sources/$2" "${@:3}"; }
compile faultfs faultfs.c "${fuse[@]}" -pthread
compile goingdown goingdown.c
compile sizelimit sizelimit.c
compile noaio noaio.c
compile liar.so liar.c -shared -fPIC -ldl
