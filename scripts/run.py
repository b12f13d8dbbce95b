"""Prepare the database and serve the portal on this machine only. `make run` calls it."""

import os
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent


def manage(*arguments: str) -> None:
    done = subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, check=False)  # noqa: S603
    if done.returncode:
        sys.exit(done.returncode)


def refuse_a_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            sys.exit(f"Port {port} cannot be used ({error.strerror}). Try another: make run PORT={port + 1}")


def main() -> None:
    port = os.environ.get("PORT", "8000")
    if not port.isdecimal() or not 1 <= int(port) <= 65535:
        sys.exit(f"PORT={port!r}: use a number from 1 to 65535")
    refuse_a_taken_port(int(port))
    os.environ.setdefault("SITE_URL", f"http://localhost:{port}")
    manage("migrate", "-v", "0")
    if os.environ.get("DEMO", "1") != "0":
        manage("load_demo", "--if-empty")
    print(f"""
The portal is at  http://localhost:{port}/
the staff area at http://localhost:{port}/staff/ and admin at http://localhost:{port}/admin/
""")
    if os.environ.get("DEMO", "1") != "0":
        print("""Demonstration accounts, on this computer only, password community-map-demo:
  contributor@example.org   drops pins
  moderator@example.org     checks them
  editor@example.org        writes the toolkit
  admin@example.org         manages users and settings
""")
    print("Press Ctrl+C to stop.", flush=True)
    os.chdir(ROOT)
    server = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", port, "--workers", "1"]
    # Two threads, an end to the wait for a worker, and another for one that died: docs/deploying.md says why.
    server += ["--blocking-threads", "2", "--workers-kill-timeout", "10", "--respawn-failed-workers"]
    server += ["--log-level", "warning", "community_map.wsgi:application"]
    # Regular jobs, email among them: they end when this process does, which the server takes over.
    subprocess.Popen([sys.executable, "manage.py", "run_jobs", "--with-parent"])
    os.environ["WEB_PROCESS"] = "true"
    os.execv(str(BIN / "granian"), ["granian", *server])  # noqa: S606 (our own server, our own words)


if __name__ == "__main__":
    main()
