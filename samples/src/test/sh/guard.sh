#!/usr/bin/env bash
# guard.sh DIRECTORY: waits for the end of stdin, which comes when the JVM at its other end has ended for any reason.
# Then it undoes the rest of that JVM's tests: everything that has its work directory in its name. It prints a line for
# each, and nothing if all had been undone before.
#
# I/O in flight cannot be killed, so that its holders are released first.
set -uo pipefail
directory=$1
export LC_ALL=C.UTF-8
# The reader of the output may have ended.
trap '' PIPE

while read -r _; do :; done

# Processes of the tests have the directory and a slash in their arguments; this script and its helpers lack the slash.
processes() { grep -lsF -f <(printf '%s/' "$directory") /proc/[0-9]*/cmdline | cut -d / -f 3; }
# The newest first: later mounts may depend on earlier ones.
mounts() { awk -v below="$directory/" 'index($5, below) == 1 { print $5 }' /proc/self/mountinfo | tac; }
loops() { losetup --list --noheadings --output NAME,BACK-FILE | awk -v below="$directory/" 'index($2, below) == 1 { print $1 }'; }
# After losetup --detach, a mounted device goes away with its unmount.
is_going() { [[ $(cat "/sys/block/${1#/dev/}/loop/autoclear" 2>/dev/null) == 1 ]]; }
# A loop device keeps these settings for its next user.
reset_queue() {
  echo 0 >"/sys/block/${1#/dev/}/queue/nomerges"
  echo 128 >"/sys/block/${1#/dev/}/queue/nr_requests"
}
# A device that was not noted yet has no size, and does no harm.
zrams() { find "$directory" -maxdepth 1 -name 'zram*' -printf '%f\n' 2>/dev/null; }

is_faultfs() { [[ $(readlink "/proc/$1/exe") == */faultfs ]]; }

release() {
  local pid mount
  for pid in $(processes); do
    if is_faultfs "$pid"; then kill -USR1 "$pid"; fi
  done
  for mount in $(mounts); do
    # Most are not frozen; then nothing is printed.
    timeout 5 fsfreeze --unfreeze "$mount" 2>/dev/null && echo "thawed $mount"
  done
}

undo() {
  local pid name
  for pid in $(processes); do
    if ! is_faultfs "$pid"; then kill -KILL "$pid" 2>/dev/null && echo "killed $pid"; fi
  done
  for name in $(mounts); do umount "$name" 2>/dev/null && echo "unmounted $name"; done
  for name in $(loops); do is_going "$name" || { reset_queue "$name" && losetup --detach "$name" && echo "detached $name"; }; done
  for name in $(zrams); do
    { echo 1 >"/sys/block/$name/reset" && echo "${name#zram}" >/sys/class/zram-control/hot_remove; } 2>/dev/null \
      && rm -f "${directory:?}/$name" && echo "removed $name"
  done
  for pid in $(processes); do
    if is_faultfs "$pid" && [[ -z $(loops) ]]; then kill -TERM "$pid" && echo "ended faultfs $pid"; fi
  done
}

left() {
  processes
  mounts
  loops
  zrams
}

for ((i = 0; i < 100; i++)); do
  [[ -n $(left) ]] || break
  release
  undo
  sleep 0.2
done
if [[ -n $(left) ]]; then
  echo "could not undo: $(left | tr '\n' ' ')"
  exit 1
fi
rm -rf --one-file-system "$directory"
