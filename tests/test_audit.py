"""What `make audit` makes of the services' answers: a fault is told, and silence is not taken for safety."""

import importlib.util
from pathlib import Path

PATH = Path(__file__).resolve().parent.parent / "scripts" / "audit.py"
spec = importlib.util.spec_from_file_location("audit", PATH)
audit = importlib.util.module_from_spec(spec)
spec.loader.exec_module(audit)

FAULTY = {
    "dependencies": [
        {"name": "a", "version": "1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2"]}]},
        {"name": "b", "version": "1", "vulns": []},
        {"name": "c", "skip_reason": "not found"},
    ]
}


def test_a_known_fault_is_told_and_what_was_not_looked_up_too(capsys):
    audit.report("pip-audit", *audit.read_python(FAULTY), "")

    assert capsys.readouterr().out == (
        "pip-audit: ONLY 2 of 3 packages looked up, 1 known faults in them\n  a 1: PYSEC-1, mended in 2\n"
    )


def test_a_service_that_does_not_answer_is_not_a_clean_result(capsys):
    audit.report("npm audit", *audit.read_npm({"message": "405"}), "405 Method Not Allowed")

    assert capsys.readouterr().out == (
        "npm audit: NOT CHECKED: its advisory service is not responding. 405 Method Not Allowed\n"
    )


def test_npm_names_the_package_and_how_bad_it_is():
    answer = {"metadata": {"dependencies": {"total": 7}}, "vulnerabilities": {"x": {"severity": "high"}}}

    assert audit.read_npm(answer) == (["x: high"], 7, 7)
