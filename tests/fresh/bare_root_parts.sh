# shellcheck shell=bash disable=SC2154  # here, project and port are set by bare_root.sh
# Sourced by bare_root.sh: the bare root itself, and what is tried in it.

cache=${XDG_CACHE_HOME:-$HOME/.cache}/engawa-fresh
root=

fail() {
  echo "bare root: $*" >&2
  exit 1
}

remove_root() {
  if [ -n "$root" ]; then
    umount -l "$root/dev" "$root/proc" 2>/dev/null || true
    # Never through a mount that would not go away.
    if ! grep -q " $root/" /proc/mounts; then rm -rf "$root"; fi
    root=
  fi
}

minbase() {
  local tarball=$cache/bookworm-minbase.tar
  if [ ! -f "$tarball" ]; then
    echo "Making a bare bookworm (once)" >&2
    mkdir -p "$cache"
    debootstrap --variant=minbase bookworm "$cache/root" >"$cache/debootstrap.log" 2>&1 ||
      fail "debootstrap failed, see $cache/debootstrap.log"
    tar -C "$cache/root" -cf "$tarball.new" .
    rm -rf "$cache/root"
    mv "$tarball.new" "$tarball"
  fi
  echo "$tarball"
}

# A fresh root with /proc, /dev, name resolution, and this machine's own way to its package
# registries: handed over while running, never written into the project.
new_root() {
  remove_root
  root=$(mktemp -d /var/tmp/engawa-root.XXXXXX)
  chmod 755 "$root"
  tar -C "$root" -xf "$(minbase)"
  cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
  mount -t proc proc "$root/proc"
  mount --rbind /dev "$root/dev"
  mount --make-rslave "$root/dev"
  if [ -f /etc/ssl/certs/ca-certificates.crt ]; then
    cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/host-certificates.crt"
  fi
  apt-config dump --format '%f "%v";%n' Acquire::http::Proxy Acquire::https::Proxy \
    >"$root/etc/apt/apt.conf.d/90host" 2>/dev/null || true
  registry_environment
}

# Sets `bare`: the whole environment of a command in the bare root.
registry_environment() {
  local name
  bare=(
    HOME=/root TERM=dumb PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
  )
  for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY \
    PIP_INDEX_URL PIP_EXTRA_INDEX_URL PIP_DEFAULT_TIMEOUT npm_config_registry; do
    if [ -n "${!name:-}" ]; then bare+=("$name=${!name}"); fi
  done
  if [ -f "$root/etc/host-certificates.crt" ]; then
    for name in PIP_CERT SSL_CERT_FILE REQUESTS_CA_BUNDLE NODE_EXTRA_CA_CERTS npm_config_cafile; do
      bare+=("$name=/etc/host-certificates.crt")
    done
  fi
}

in_root() { chroot "$root" env -i "${bare[@]}" "$@"; }

# In the background; its process id, which is the command's own, is in `pid`.
begin_in_root() {
  chroot "$root" env -i "${bare[@]}" "$@" &
  pid=$!
}

# What `git clone` would give, without git in the bare root.
clone_into() {
  mkdir -p "$root$1"
  git -C "$project" archive HEAD | tar -C "$root$1" -x
}

seconds() { date +%s.%N; }

since() { awk -v a="$1" -v b="$(seconds)" 'BEGIN { printf "%.1f", b - a }'; }

wait_until_answering() {
  local limit=$1 pid=$2
  for _ in $(seq $((limit * 10))); do
    if curl -fsS -o /dev/null "http://127.0.0.1:$port/healthz" 2>/dev/null; then return 0; fi
    kill -0 "$pid" 2>/dev/null || return 1
    sleep 0.1
  done
  return 1
}

login_page_renders() {
  local page file
  page=$(curl -fsS -H 'Accept-Language: en' "http://127.0.0.1:$port/login") ||
    fail "/login does not answer"
  grep -q 'name="password"' <<<"$page" || fail "/login has no password field"
  for file in tabler.min.css htmx.min.js; do
    curl -fsS -o /dev/null "http://127.0.0.1:$port/static/vendor/$file" || fail "$file is missing"
  done
}

# Everything that runs inside the root, except this script and its own tools.
processes_inside() {
  local link
  for link in /proc/[0-9]*/root; do
    if [ "$(readlink "$link" 2>/dev/null)" = "$root" ]; then
      { tr '\0' ' ' <"${link%root}cmdline"; } 2>/dev/null || true
      echo
    fi
  done
}

nothing_left_running() {
  local left
  left=$(processes_inside)
  [ -z "$left" ] || fail "still running after the stop: $left"
}

check_refused() {
  new_root
  clone_into /srv/engawa
  chown -R nobody "$root/srv/engawa"
  local said
  said=$(chroot --userspec=nobody "$root" env -i "${bare[@]}" /srv/engawa/bin/run 2>&1) &&
    fail "bin/run should have stopped without rights"
  grep -q '^apt-get update && apt-get install .*python3-venv' <<<"$said" || fail "it said: $said"
  echo "refused: $(tail -n 1 <<<"$said")"
}

check_run() {
  new_root
  clone_into /root/engawa
  local start pid
  start=$(seconds)
  begin_in_root PORT="$port" /root/engawa/bin/run
  wait_until_answering 300 "$pid" || fail "bin/run did not come up"
  echo "run: bare machine to an answer in $(since "$start") s"
  login_page_renders
  end_by INT "$pid"

  start=$(seconds)
  begin_in_root PORT="$port" /root/engawa/bin/run
  wait_until_answering 60 "$pid" || fail "the second start did not come up"
  local took
  took=$(since "$start")
  echo "run: second start in $took s"
  awk -v took="$took" 'BEGIN { exit !(took < 5) }' || fail "a second start has to take under 5 s"
  end_by TERM "$pid"
}

end_by() {
  local start
  start=$(seconds)
  kill -"$1" "$2"
  (sleep 30 && kill -KILL "$2" 2>/dev/null) &
  wait "$2" || fail "bin/run ended with code $? after $1"
  nothing_left_running
  echo "run: $1 ended everything in $(since "$start") s"
}

check_test() {
  new_root
  clone_into /root/engawa
  in_root CI=true /root/engawa/.ci/run || fail ".ci/run failed"
}

check_docker() {
  "$project/bin/setup" --dev || fail "this machine lacks what the image is tried with"
  new_root
  mkdir "$root/context"
  clone_into /context
  "$project/.venv/bin/python" "$here/dockerfile_steps.py" "$root" "${bare[@]}" ||
    fail "a step of the Dockerfile failed"
  # PostgreSQL and Redis are of this machine; everything else is the image's.
  export PATH="$project/.venv/bin:$PATH"
  cd "$project" || exit
  source bin/test-servers
  servers=()
  start_test_servers || fail "no PostgreSQL or Redis for the image"
  trap 'stop_test_servers; remove_root' EXIT
  "$project/.venv/bin/python" "$here/compose_commands.py" "$root" "$port" \
    "$CRM_TEST_DATABASE_URL" "$CRM_TEST_REDIS_URL" &
  local pid=$!
  wait_until_answering 60 "$pid" || fail "the image's web process did not come up"
  login_page_renders
  sleep 3
  kill -TERM "$pid"
  wait "$pid" || fail "a process of the image had ended by itself"
  nothing_left_running
  stop_test_servers
  trap remove_root EXIT
  echo "docker: the Dockerfile's steps and compose.yaml's commands work"
}
