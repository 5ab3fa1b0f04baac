#!/usr/bin/env bash
# Shows on a bare Debian bookworm (debootstrap's minbase: no Python, git, node, Redis, PostgreSQL)
# that what README, Dockerfile and compose.yaml say is true. Needs root, debootstrap and
# curl; takes a few minutes, so it stands beside the suite, not in it.
#   tests/fresh/bare_root.sh          refused + run + dockerfile
#   tests/fresh/bare_root.sh refused  a person without rights is told the one line to type
#   tests/fresh/bare_root.sh run      a clean copy, bin/run, a second start, Ctrl-C
#   tests/fresh/bare_root.sh docker   the very steps of the Dockerfile, then compose.yaml's commands
#   tests/fresh/bare_root.sh test     bin/test (long)
# Only what is committed is tried. FRESH_PORT (8140) is the port used on the loopback.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
project=$(cd "$here/../.." && pwd)
port=${FRESH_PORT:-8140}

if [ "${FRESH_INSIDE:-}" != 1 ]; then
  [ "$(id -u)" = 0 ] || { echo "bare_root.sh needs root for chroot." >&2; exit 2; }
  # Mounts and processes made below vanish with this namespace, whatever happens.
  FRESH_INSIDE=1 exec unshare --mount --pid --fork --kill-child --propagation private "$0" "$@"
fi
mount -t proc proc /proc

source "$here/bare_root_parts.sh"
trap remove_root EXIT

what=${1:-all}
case $what in
  refused | run | docker | test) "check_$what" ;;
  all)
    check_refused
    check_run
    check_docker
    ;;
  *)
    echo "Unknown: $what. One of refused, run, docker, test." >&2
    exit 2
    ;;
esac
echo "bare root: all held ($what)"
