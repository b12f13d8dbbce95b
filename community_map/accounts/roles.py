"""Giving people roles: the one place that writes groups and Django's two marks, which follow from them."""

from collections.abc import Collection

from django.contrib.auth.models import Group
from django.db import transaction

from community_map import access
from community_map.models import User
from community_map.privacy import audit

NAMES = (*access.GROUPS, access.ADMINISTRATORS)
OPEN_ADMIN = {access.MODERATORS, access.EDITORS, access.ADMINISTRATORS}


def held_by(user: User) -> list[str]:
    """Return the names of the user's roles, in the order of NAMES."""
    groups = {group.name for group in user.groups.all()}
    return [name for name in NAMES if name in groups or (name == access.ADMINISTRATORS and user.is_superuser)]


@transaction.atomic
def give(user: User, names: Collection[str], *, by: User | None, before: list[str] | None = None) -> None:
    """Make these the user's roles and no others; the change is noted, since `before` where that is given.

    A group that is missing from the database is made again. Sessions that began with other roles end: see User.
    """
    before = audit.roles_of(user) if before is None else before
    groups = [Group.objects.get_or_create(name=name)[0] for name in access.GROUPS if name in names]
    user.groups.set(groups)
    vars(user).pop("_access_groups", None)
    user.is_superuser = access.ADMINISTRATORS in names
    user.is_staff = bool(OPEN_ADMIN & set(names))
    user.save(update_fields=["is_superuser", "is_staff"])
    audit.record_roles(user, before, by=by)
