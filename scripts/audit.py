"""Ask the advisory services of PyPI and npm about every locked package. `make audit` calls it.

Exits with 1 when a known fault is found. Where a service does not answer, it says so and says how many packages
were looked up: nothing found is then not the same as nothing there.
"""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Production with everything that it pulls in; and what builds and tests it, as far as it is pinned.
LOCKS = (("requirements-production.txt", "--require-hashes"), ("requirements.txt", "--no-deps"))


def ask(*command: str) -> tuple[dict, str]:
    """Run a program that answers in JSON; return that, empty where there is none, and what else it said."""
    done = subprocess.run(  # noqa: S603 (our own words)
        [sys.executable, *command], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        answer = {}
    said = [line.strip() for line in done.stderr.splitlines() if "audit" in line]
    return answer if isinstance(answer, dict) else {}, said[0][:200] if said else ""


def read_python(answer: dict) -> tuple[list[str], int, int]:
    """Return faults in words, how many packages were looked up, and how many there are."""
    packages = answer.get("dependencies", [])
    looked_up = [package for package in packages if "skip_reason" not in package]
    faults = [
        f"{package['name']} {package['version']}: {fault['id']}, mended in {', '.join(fault['fix_versions']) or 'none'}"
        for package in looked_up
        for fault in package["vulns"]
    ]
    return faults, len(looked_up), len(packages)


def read_npm(answer: dict) -> tuple[list[str], int, int]:
    """The same for npm's answer, which has no `metadata` where its service does not answer."""
    if "metadata" not in answer:
        return [], 0, 0
    total = answer["metadata"]["dependencies"]["total"]
    faults = [f"{name}: {fault['severity']}" for name, fault in answer.get("vulnerabilities", {}).items()]
    return faults, total, total


def report(name: str, faults: list[str], looked_up: int, total: int, said: str) -> None:
    if looked_up and looked_up == total:
        print(f"{name}: {looked_up} packages looked up, {len(faults)} known faults")
    elif looked_up:
        print(f"{name}: ONLY {looked_up} of {total} packages looked up, {len(faults)} known faults in them")
    else:
        print(f"{name}: NOT CHECKED: its advisory service is not responding. {said}")
    for fault in faults:
        print(f"  {fault}")


def main() -> None:
    found = 0
    for lock, option in LOCKS:
        answer, said = ask("-m", "pip_audit", "-r", lock, option, "--disable-pip", "-f", "json")
        faults, looked_up, total = read_python(answer)
        reasons = [
            package["skip_reason"] for package in answer.get("dependencies", []) if "skip_reason" in package
        ]
        report(f"pip-audit, {lock}", faults, looked_up, total, (reasons or [said])[0])
        found += len(faults)
    answer, said = ask("scripts/node.py", "npm", "audit", "--json")
    faults, looked_up, total = read_npm(answer)
    report("npm audit, package-lock.json", faults, looked_up, total, said or str(answer.get("message", "")))
    sys.exit(1 if found + len(faults) else 0)


if __name__ == "__main__":
    main()
