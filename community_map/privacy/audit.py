"""Writing the audit log: sign-ins, role changes, decisions, views of restricted pins, exports and erasures."""

from django.utils.crypto import salted_hmac

from community_map.models import AuditEntry, User

Kind = AuditEntry.Kind


def record(kind: str, *, by: User | None, subject: str = "", **details) -> AuditEntry:
    """Write one entry. `subject` and `details` name rows by number or public id, never a person."""
    return AuditEntry.objects.create(
        kind=kind, actor_id=by.pk if by else None, subject=subject[:100], details=details
    )


def signed_in(sender, request, user, **kwargs) -> None:
    record(Kind.SIGN_IN, by=user)


def sign_in_failed(sender, credentials, **kwargs) -> None:
    """Note a wrong password. The address is told only as a mark, by which one that is tried often can be seen."""
    address = str(credentials.get("email") or credentials.get("username") or "").strip().lower()
    mark = salted_hmac("community_map.audit", address, algorithm="sha256").hexdigest()[:16] if address else ""
    record(Kind.SIGN_IN_FAILED, by=None, address_mark=mark)


def roles_of(user: User) -> list[str]:
    """Return what the user may do, as names that mean something in a log."""
    flags = [name for name in ("is_active", "is_staff", "is_superuser") if getattr(user, name)]
    return flags + sorted(user.groups.values_list("name", flat=True))


def record_roles(user: User, before: list[str], *, by: User | None) -> None:
    """Write an entry if the user's roles differ from what they were."""
    after = roles_of(user)
    if before != after:
        record(Kind.ROLES, by=by, subject=f"user {user.pk}", before=before, after=after)
