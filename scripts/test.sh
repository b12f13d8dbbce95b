#!/usr/bin/env bash
# Every test, in the order in which a fault is cheapest to find. Stops at the first part that fails.
set -eu
cd "$(dirname "$0")/.."
python=.venv/bin/python
skipped=()
say() { printf '\n== %s\n' "$1"; }
# In CI nothing is skipped: what is missing there is a failure.
skip() {
  if [ "${CI:-}" = true ]; then echo "$1, and in CI nothing may be skipped."; exit 1; fi
  skipped+=("$1"); echo "skipped: $1"
}

say "JavaScript"
$python scripts/node.py node --test --test-reporter=spec tests/js/*.test.js

say "Python on SQLite, and on PostgreSQL beside it"
# Two databases on two cores: neither knows of the other, and together they take as long as one.
tests='not browser and not proof'
log=$(mktemp)
$python scripts/with_postgres.py $python -m pytest -q -m "$tests" -p no:cacheprovider >"$log" 2>&1 &
postgres=$!
trap 'kill $postgres 2>/dev/null || true; rm -f "$log"' EXIT
$python -m pytest -q -m "$tests"
code=0
wait $postgres || code=$?
say "Python on PostgreSQL"
case $code in
  0) tail -n 1 "$log" ;;
  99) skip "PostgreSQL is not installed" ;;
  *) cat "$log"; exit $code ;;
esac

say "Browser, on SQLite"
# Two at once: half of a journey is waiting.
if command -v chromium-headless-shell chromium chromium-browser google-chrome >/dev/null
then $python -m pytest -q -m "browser and not proof" -n 2 --dist worksteal
else skip "Chromium is not installed"
fi

say "Every part that ran has passed"
for reason in ${skipped[@]+"${skipped[@]}"}; do echo "skipped: $reason"; done
