"""Mutants that no test can notice, because they do the same: the file, the change as it is printed, and the reason."""

EQUIVALENT: dict[tuple[str, str], str] = {}
