#!/usr/bin/env bash
# Install what the tests need and the machine lacks: Chromium and PostgreSQL, by apt, as root on Debian.
set -eu
missing=()
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || missing+=(chromium)
compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || command -v initdb >/dev/null || missing+=(postgresql)
[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" = 0 ] && [ -f /etc/debian_version ] && command -v apt-get >/dev/null && [ "${NO_APT:-0}" = 0 ]; then
  echo "Installing with apt: ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${missing[@]}" fonts-liberation >/dev/null
elif [ "${CI:-}" = true ]; then
  echo "Not installed: ${missing[*]}. In CI nothing may be skipped."
  exit 1
else
  echo "Not installed: ${missing[*]}. Their tests are skipped (as root on Debian, make test installs them)."
fi
