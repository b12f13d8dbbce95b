"""Write requirements-production.txt anew: what the portal needs to run, all of it, with hashes. `make lock` calls it.

The lines between "to run" and the next heading of requirements.txt are its source. It holds for every system and
every Python from 3.11, and names no index, so that each council's own mirror can serve it.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "requirements.txt"
TARGET = ROOT / "requirements-production.txt"
HEADING = """# Written by `make lock` from the part "to run" of requirements.txt: change that, not this.
# pip install --require-hashes -r requirements-production.txt
"""


def lines_to_run() -> list[str]:
    """Return the pinned lines of the part "to run", without their comments."""
    part = SOURCE.read_text(encoding="utf-8").split("# --- to run ---", 1)[1].split("# ---", 1)[0]
    lines = [line.split("#", 1)[0].strip() for line in part.splitlines()]
    return [line for line in lines if line]


def main() -> None:
    # The versions locked so far are kept wherever they still fit, as uv reads them from the file it writes.
    command = [str(Path(sys.executable).with_name("uv")), "pip", "compile", "-"]
    command += ["--output-file", str(TARGET), "--quiet", "--no-config"]
    command += ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-header"]
    command += ["--no-emit-index-url", "--no-emit-find-links"]
    lines = "\n".join(lines_to_run()) + "\n"
    done = subprocess.run(command, input=lines, text=True, check=False)  # noqa: S603
    if done.returncode:
        sys.exit(done.returncode)
    TARGET.write_text(HEADING + TARGET.read_text(encoding="utf-8"), encoding="utf-8")
    print(f"wrote {TARGET.name}")


if __name__ == "__main__":
    main()
