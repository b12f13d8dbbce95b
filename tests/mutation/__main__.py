"""Put a seeded sample of faults into the rules that keep things private, and count those that no test notices.

`make mutants`, or: python -m tests.mutation --seed 8 --count 320 --only pins/similar.py
"""

import argparse
import dataclasses
import glob
import hashlib
import itertools
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.mutation.equivalent import EQUIVALENT
from tests.mutation.mutants import Mutant, enumerations, mutants_of

ROOT = Path(__file__).resolve().parent.parent.parent
KEPT = ROOT / ".build" / "mutants"
# What is put to the test, in parts that share the sample evenly.
PARTS = {
    "access": ["community_map/access.py"],
    "sessions": ["community_map/accounts/sessions.py"],
    "actions": ["pins/actions/*.py"],
    "placing": ["pins/placing.py"],
    "pin": ["pins/models/pin.py", "pins/models/connection.py", "pins/models/choices.py"],
    "similar": ["pins/similar.py"],
    "tiles": ["pins/tiles.py", "pins/public_pin.py"],
    "toolkit": ["toolkit/models/publishable.py", "toolkit/published.py"],
}
# The tests that are asked; what the others are about is not among the parts.
ASKED = {
    "tests/community_map/**": (
        "access*",
        "admin",
        "areas",
        "demonstration",
        "models",
        "pages",
        "session*",
        "sign_in",
    ),
    "tests/pins/**": ("*",),
    "tests/toolkit": ("actions", "admin", "filters", "models", "published", "search", "views"),
    "tests": ("audit", "mass_assignment", "policy_matrix", "twin_worlds"),
}
TESTS = [f"{folder}/test_{name}.py" for folder, names in ASKED.items() for name in names]
FOLDERS = ("community_map", "pins", "toolkit")
numbers = itertools.count(1)


def main() -> int:
    options = read_options()
    KEPT.mkdir(parents=True, exist_ok=True)
    os.chdir(ROOT)
    sample = choose(options)
    known = coverage()
    begun = time.monotonic()
    verdicts = without_false_alarms(try_all(sample, known, options), known)
    return report(sample, verdicts, time.monotonic() - begun, options)


def read_options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=8)
    parser.add_argument("--count", type=int, default=320)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument(
        "--budget", type=float, default=15, help="seconds of tests for each, the closest first"
    )
    parser.add_argument("--only", default="", help="a part of the path")
    parser.add_argument("--change", default="", help="a part of the change, as it is printed")
    return parser.parse_args()


def files_of(part: str) -> list[str]:
    return sorted(path for pattern in PARTS[part] for path in glob.glob(pattern, root_dir=ROOT))


def choose(options) -> list[Mutant]:
    """The same sample for the same seed, count and sources: as many of each part, all of a part that has fewer."""
    members = enumerations(ROOT, FOLDERS)
    pools = []
    for part in PARTS:
        pool = [m for path in files_of(part) for m in mutants_of(path, (ROOT / path).read_bytes(), members)]
        random.Random(f"{options.seed} {part}").shuffle(pool)
        pools.append([m for m in pool if options.only in m.path and options.change in m.change])
    print(f"{sum(map(len, pools))} mutants can be made; seed {options.seed}", flush=True)
    sample: list[Mutant] = []
    while any(pools) and len(sample) < options.count:
        for pool in pools:
            mutant = next_real(pool)
            if mutant and len(sample) < options.count:
                sample.append(mutant)
    return sorted(sample, key=lambda mutant: (mutant.path, mutant.start, mutant.now))


def next_real(pool: list[Mutant]) -> Mutant | None:
    while pool:
        mutant = pool.pop()
        if mutant.changes((ROOT / mutant.path).read_bytes()):
            return mutant
    return None


def coverage() -> dict:
    """Which statements each test runs, and for how long; kept for each file of tests while the sources stay the same."""
    files = sorted(path for pattern in TESTS for path in glob.glob(pattern, recursive=True))
    shared = [
        path for folder in (*FOLDERS, "templates") for path in Path(folder).rglob("*") if path.is_file()
    ]
    shared += [path for path in Path("tests").rglob("*.py") if not path.name.startswith("test_")]
    paths = [path for part in PARTS for path in files_of(part)]
    sources = digest(
        (path for path in shared if not {"__pycache__", "mutation"} & set(path.parts)), repr(paths)
    )
    kept = {path: KEPT / f"tests-{digest([Path(path)], sources)}.json" for path in files}
    missing = [path for path in files if not kept[path].exists()]
    if missing:
        print(f"Running {len(missing)} files of tests once, to see what each test runs …", flush=True)
        results = KEPT / "recorded.json"
        results.unlink(missing_ok=True)
        if session("record", results=str(results), paths=paths, tests=missing) > 1 or not results.exists():
            sys.exit(f"The tests could not be run: see {KEPT}")
        recorded = json.loads(results.read_text(encoding="utf-8"))
        for path in missing:
            mine = {name: told for name, told in recorded.items() if name.split("::")[0] == path}
            kept[path].write_text(json.dumps(mine), encoding="utf-8")
    return {name: told for path in files for name, told in json.loads(kept[path].read_text()).items()}


def digest(paths: Iterable[Path], begun: str = "") -> str:
    made = hashlib.sha256(begun.encode())
    for path in sorted(paths):
        made.update(str(path).encode() + path.read_bytes())
    return made.hexdigest()[:16]


def session(what: str, **told) -> int:
    """Run tests.mutation.session with what it is told; return its exit code. Its log lies in .build/mutants."""
    number = next(numbers)
    spec = KEPT / f"session-{number}.json"
    spec.write_text(json.dumps({"what": what, **told}), encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"DJANGO_SETTINGS_MODULE": "community_map.settings", "TEST_DATABASE": ":memory:"}
    with (KEPT / f"session-{number}.log").open("wb") as log:
        command = [sys.executable, "-m", "tests.mutation.session", str(spec)]
        done = subprocess.run(command, env=environment, stdout=log, stderr=log, check=False)  # noqa: S603
        return done.returncode


def tests_for(mutant: Mutant, known: dict, budget: float) -> list[str]:
    """The tests that run what was changed, those that run the least else first, as far as the budget goes."""
    reach = {}
    for name, told in known.items():
        lines = told["lines"].get(mutant.path, [])
        if lines and (not mutant.statements or set(mutant.statements) & set(lines)):
            reach[name] = sum(map(len, told["lines"].values()))
    chosen, seconds = [], 0.0
    for name in sorted(reach, key=lambda name: (reach[name], name)):
        if not chosen or seconds + known[name]["seconds"] <= budget:
            chosen.append(name)
            seconds += known[name]["seconds"]
    return chosen


def try_all(sample: list[Mutant], known: dict, options) -> dict[Mutant, str]:
    """Say of each mutant which test noticed it, or `time`, or `import`; empty: none."""
    names = {mutant: tests_for(mutant, known, options.budget) for mutant in sample}
    tried = [mutant for mutant in sample if names[mutant]]
    switches = [mutant for mutant in tried if mutant.is_switch]
    lots = [switches[number :: options.jobs] for number in range(options.jobs)]
    lots = [lot for lot in lots if lot] + [[mutant] for mutant in tried if not mutant.is_switch]
    verdicts = dict.fromkeys(sample, "")

    def work(lot: list[Mutant]) -> None:
        verdicts.update(try_lot(lot, names, known))
        print(f"{len(lot)} tried", flush=True)

    with ThreadPoolExecutor(options.jobs) as pool:
        list(pool.map(work, lots))
    return verdicts


def try_lot(lot: list[Mutant], names: dict[Mutant, list[str]], known: dict) -> dict[Mutant, str]:
    """Try these in one session: switches together, another one alone, in a process that imports it."""
    trials = [(number, names[mutant]) for number, mutant in enumerate(lot)]
    told = {"mutants": [dataclasses.asdict(mutant) for mutant in lot], "are_switches": lot[0].is_switch}
    code, found = run_trials(trials, known, **told)
    if len(found) < len(lot):
        if lot[0].is_switch or code == 0:
            sys.exit(f"A session ended early with {code}: see {KEPT}")
        found[0] = "import"
    return {mutant: found[number] for number, mutant in enumerate(lot)}


def run_trials(trials: list[tuple[int, list[str]]], known: dict, **told) -> tuple[int, dict[int, str]]:
    results = KEPT / f"results-{next(numbers)}.jsonl"
    results.write_text("", encoding="utf-8")
    allowed = [60 + 10 * sum(known[name]["seconds"] for name in names) for _, names in trials]
    rows = [
        {"number": number, "names": names, "seconds": seconds}
        for (number, names), seconds in zip(trials, allowed, strict=True)
    ]
    code = session("try", trials=rows, results=str(results), **told)
    lines = [json.loads(line) for line in results.read_text(encoding="utf-8").splitlines()]
    return code, {line["number"]: line["verdict"] for line in lines}


def without_false_alarms(verdicts: dict[Mutant, str], known: dict) -> dict[Mutant, str]:
    """Run the tests that noticed something with nothing changed: one that fails then has noticed nothing."""
    names = sorted({name for name in verdicts.values() if name in known})
    trials = [(number, [name]) for number, name in enumerate(names)]
    _, found = run_trials(trials, known, mutants=[], are_switches=True) if trials else (0, {})
    false = {name for number, name in enumerate(names) if found[number]}
    for name in sorted(false):
        print(f"fails with nothing changed: {name}")
    return {mutant: "" if name in false else name for mutant, name in verdicts.items()}


def report(sample: list[Mutant], verdicts: dict[Mutant, str], seconds: float, options) -> int:
    alive = [mutant for mutant in sample if not verdicts[mutant]]
    equivalent = [mutant for mutant in alive if mutant.key in EQUIVALENT]
    survived = [mutant for mutant in alive if mutant not in equivalent]
    print()
    for path in dict.fromkeys(mutant.path for mutant in sample):
        all_, same, left = (sum(m.path == path for m in lot) for lot in (sample, equivalent, survived))
        print(
            f"{path:32} {all_:4} mutants {all_ - same - left:4} killed {same:3} equivalent {left:3} survived"
        )
    for mutant in equivalent:
        print(f"equivalent  {mutant}\n            {EQUIVALENT[mutant.key]}")
    for mutant in survived:
        print(f"SURVIVED    {mutant}\n            in: {mutant.within}")
    counted, killed = len(sample) - len(equivalent), len(sample) - len(alive)
    print(
        f"{len(sample)} mutants, seed {options.seed}, {seconds:.0f} s: {killed} of {counted} killed,", end=" "
    )
    print(f"{killed / max(1, counted):.1%}")
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main())
