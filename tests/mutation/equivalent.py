"""Mutants that no test can notice, because they do the same: the file, its line, the change as printed, and why."""

EQUIVALENT: dict[tuple[str, str, str], str] = {
    (
        "community_map/accounts/sessions.py",
        "began, seen = session.get(SIGNED_IN, 0), session.get(LAST_SEEN, 0)",
        "0  ->  (1)",
    ): "one second after 1970 is as long ago as 1970",
    (
        "pins/models/pin.py",
        "if fields and hidden and set(fields) & hidden:",
        "fields and hidden and set(fields) & hidden  ->  (fields and set(fields) & hidden)",
    ): "nothing has anything in common with an empty set",
    (
        "pins/similar.py",
        'for pin in candidates.order_by("-pk")[:CANDIDATES]:',
        'candidates.order_by("-pk")  ->  (candidates)',
    ): "the order of Pin.Meta is the same",
}
