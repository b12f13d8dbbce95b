"""The command that docs/deploying.md gives, as a service manager runs it."""

import os
import subprocess
import time

import pytest

from tests.serving import ROOT, STOP, deployed_command, spare_port


@pytest.mark.parametrize("delay", [0.5, 0.8])
def test_a_server_that_is_stopped_while_it_starts_ends(delay, tmp_path):
    command = deployed_command(spare_port())
    at = command.index("--workers-kill-timeout") + 1
    command[at] = "1"
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path / 'portal.sqlite3'}"}
    server = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)  # noqa: S603 (our own words)
    time.sleep(delay)

    server.terminate()

    try:
        server.wait(timeout=STOP)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, 9)
        raise
    # 0 after its own goodbye, or the signal's number where it had not learned to listen for it yet.
    assert server.returncode in (0, -15)


def test_the_demonstration_is_served_with_the_same_precautions():
    """What they are for, test_staying_up.py and test_flood.py show."""
    command = deployed_command(8000)
    options = command[command.index("--blocking-threads") : -3]
    demonstration = (ROOT / "scripts" / "run.py").read_text(encoding="utf-8")

    assert "--respawn-failed-workers" in options and len(options) == 5
    assert all(f'"{option}"' in demonstration for option in options)
