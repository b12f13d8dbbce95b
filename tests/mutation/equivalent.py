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
    (
        "pins/tiles.py",
        "inside.order_by()",
        "inside.order_by() .annotate(cell_x=F(source.x).bitrightshift(shift), cell_y=F(source.y).bitrigh"
        'tshift(shift)) .values("cell_x", "cell_y") .annotate( count=Count("pk"), one=Min("pk"), mean_x=A'
        "vg(source.x), mean_y=Avg(source.y), spread=Max(source.x) - Min(source.x) + Max(source.y) - Min("
        'source.y), ) .order_by("cell_x", "cell_y")  ->  (inside.order_by()'
        ".annotate(cell_x=F(source.x).bitrightshift(shift), cell_y=F(source.y).bitrightshift(shift)).val"
        "ues('cell_x', 'cell_y').annotate(count=Count('pk'), one=Min('pk'), "
        "mean_x=Avg(source.x), mean_y=Avg(source.y), spread=Max(source.x) - Min(source.x) + Max(source.y"
        ") - Min(source.y)))",
    ): "SQLite groups in this order already; PostgreSQL need not, and an ETag has to be the same",
    (
        "pins/similar.py",
        "Pin.objects.visible_to(user)",
        'Pin.objects.visible_to(user) .filter(wanted, status__in=COMPARED) .select_related("category") .'
        'only("name", "status", "longitude", "latitude", "category__name") .order_by("-pk")  ->  (Pin.ob'
        "jects.visible_to(user).filter(wanted, status__in=COMPARED).select_related('category').only('nam"
        "e', 'status', 'longitude', 'latitude', 'category__name'))",
    ): "the order of Pin.Meta is the same",
    (
        "community_map/access.py",
        'CHECKED_OR_WAITING = "for everyone or all staff: published, or submitted and not sensitive"',
        '"for everyone or all staff: published, or submitted and not sensitive"  ->  '
        "('XXfor everyone or all staff: published, or submitted and not sensitive')",
    ): "a scope is asked by which member it is; its words are for readers of the table",
    (
        "community_map/access.py",
        'MODERATOR = "moderator"',
        "\"moderator\"  ->  ('XXmoderator')",
    ): "a role is asked by which member it is; its value is stored and shown nowhere",
    (
        "community_map/accounts/sessions.py",
        'SIGNED_IN = "signed_in_at"',
        "\"signed_in_at\"  ->  ('XXsigned_in_at')",
    ): "what a session calls it is written and read by this one name",
    (
        "community_map/accounts/sessions.py",
        'LAST_SEEN = "last_seen_at"',
        "\"last_seen_at\"  ->  ('XXlast_seen_at')",
    ): "what a session calls it is written and read by this one name",
    (
        "toolkit/published.py",
        "@dataclass(frozen=True, kw_only=True)",
        "True  ->  (False)",
    ): "kw_only: each value is given by name; frozen: Python refuses a class that is not among those that are",
}
