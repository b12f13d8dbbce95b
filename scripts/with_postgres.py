"""Run a command with DATABASE_URL set to a PostgreSQL cluster of its own, which is gone afterwards.

    python scripts/with_postgres.py pytest -q

Exits with the command's code, or with 99 where PostgreSQL is not installed.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

# No exit code of pytest's own.
NOT_INSTALLED = 99


def find_programs() -> Path | None:
    """Return the folder with initdb and pg_ctl, the newest where there are several."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    for folder in [*reversed(installed), *(Path(p) for p in os.environ["PATH"].split(":"))]:
        if (folder / "initdb").is_file() and (folder / "pg_ctl").is_file():
            return folder
    return None


def spare_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def main() -> int:
    programs = find_programs()
    if programs is None:
        print("PostgreSQL is not installed.", file=sys.stderr)
        return NOT_INSTALLED
    # Whoever stops this command means its database too.
    for name in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, lambda number, _frame: sys.exit(128 + number))
    folder = Path(tempfile.mkdtemp(prefix="portal-postgres-"))
    # PostgreSQL refuses to run as root, so root lends the folder to the user that the package made.
    as_owner: list[str] = []
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        as_owner = ["runuser", "-u", "postgres", "--"]
    port = spare_port()

    def call(program: str, *arguments: str, **options) -> None:
        command = [*as_owner, str(programs / program), *arguments]
        subprocess.run(command, stdout=subprocess.DEVNULL, cwd=folder, **options)  # noqa: S603

    data = str(folder / "data")
    try:
        call(
            "initdb", "-D", data, "-U", "portal", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", check=True
        )
        # Nothing here outlives the run, so nothing needs to survive a power cut.
        options = f"-p {port} -h 127.0.0.1 -k {folder} -c fsync=off -c synchronous_commit=off"
        call("pg_ctl", "-D", data, "-w", "-o", options, "-l", str(folder / "log"), "start", check=True)
        environment = {**os.environ, "DATABASE_URL": f"postgres://portal@127.0.0.1:{port}/postgres"}
        return subprocess.run(sys.argv[1:], env=environment, check=False).returncode  # noqa: S603
    finally:
        call("pg_ctl", "-D", data, "-m", "immediate", "stop", check=False, stderr=subprocess.DEVNULL)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
