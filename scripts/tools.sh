#!/usr/bin/env bash
# Install what the tests need and the machine lacks: Chromium, PostgreSQL and nginx, by apt, as root on Debian.
# Anywhere else, and with NO_APT=1, say what will be skipped.
set -eu

find_missing() {
  missing=()
  command -v chromium-headless-shell chromium chromium-browser google-chrome >/dev/null || missing+=(chromium-headless-shell)
  compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || command -v initdb >/dev/null || missing+=(postgresql)
  command -v nginx /usr/sbin/nginx /usr/local/sbin/nginx >/dev/null || missing+=(nginx)
}

find_missing
[ ${#missing[@]} -eq 0 ] && exit 0
why="as root on Debian, make test installs them"
if [ "${NO_APT:-0}" != 0 ]; then
  why="NO_APT is set"
elif [ "$(id -u)" = 0 ] && [ -f /etc/debian_version ] && command -v apt-get >/dev/null; then
  echo "Installing with apt: ${missing[*]} fonts-liberation (a minute or two; NO_APT=1 leaves this out) …"
  export DEBIAN_FRONTEND=noninteractive
  # RUNLEVEL=1: apt shall not start a web server on this machine.
  export RUNLEVEL=1
  apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends "${missing[@]}" fonts-liberation </dev/null >/dev/null || true
  why="apt could not install them"
  find_missing
  [ ${#missing[@]} -eq 0 ] && exit 0
fi
echo "Not installed: ${missing[*]} ($why). Their tests are skipped."
if [ "${CI:-}" = true ]; then echo "In CI nothing may be skipped."; exit 1; fi
