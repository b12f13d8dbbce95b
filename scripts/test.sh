#!/usr/bin/env bash
# Every test, in the order in which a fault is cheapest to find. Stops at the first that fails.
set -eu
cd "$(dirname "$0")/.."
python=.venv/bin/python
say() { printf '\n== %s\n' "$1"; }

say "JavaScript"
$python scripts/node.py node --test tests/js/*.test.js

say "Python on SQLite"
$python -m pytest -q -m "not browser and not proof"

say "Python on PostgreSQL"
code=0
$python scripts/with_postgres.py $python -m pytest -q -m "not browser and not proof" || code=$?
if [ $code = 3 ] && [ "${CI:-}" != true ]; then echo "skipped: PostgreSQL is not installed"; elif [ $code != 0 ]; then exit $code; fi

say "Browser"
if command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; then
  $python -m pytest -q -m browser
elif [ "${CI:-}" = true ]; then echo "Chromium is not installed"; exit 1
else echo "skipped: Chromium is not installed"; fi
