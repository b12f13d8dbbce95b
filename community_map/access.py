"""The one policy: who may do what.

Everything asks here: pages, tiles, lists, admin, commands. The tables are read top to bottom and
what is not in them is not allowed. `pins` turns PIN_SCOPES into a query (PinQuerySet.visible_to).
"""

from enum import StrEnum

from django.contrib.auth.models import AnonymousUser

CONTRIBUTORS = "Contributors"
MODERATORS = "Moderators"
EDITORS = "Editors"
PARTNERS = "Partners"
GROUPS = (CONTRIBUTORS, MODERATORS, EDITORS, PARTNERS)
# No group: Django's own mark of a superuser.
ADMINISTRATORS = "Administrators"


# The loosest of pins.models.Visibility, which stands above this module.
PUBLIC = 0


class Role(StrEnum):
    VISITOR = "visitor"
    PARTNER = "partner"  # of a voluntary organisation that keeps its own pins
    CONTRIBUTOR = "contributor"
    MODERATOR = "moderator"
    EDITOR = "editor"
    ADMINISTRATOR = "administrator"


def roles(user) -> frozenset[Role]:
    """Return the roles of a user; a visitor, an inactive user and one without a group have only VISITOR."""
    if user is None or isinstance(user, AnonymousUser) or not user.is_active:
        return frozenset({Role.VISITOR})
    if not hasattr(user, "_access_groups"):
        # Asked once per request: the user object lives no longer than that.
        user._access_groups = frozenset(user.groups.values_list("name", flat=True))
    held = {Role.VISITOR}
    if PARTNERS in user._access_groups:
        held.add(Role.PARTNER)
    if CONTRIBUTORS in user._access_groups:
        held.add(Role.CONTRIBUTOR)
    if MODERATORS in user._access_groups:
        held |= {Role.CONTRIBUTOR, Role.MODERATOR}
    if EDITORS in user._access_groups:
        held |= {Role.CONTRIBUTOR, Role.EDITOR}
    if user.is_superuser:
        held |= set(Role)
    return frozenset(held)


def may_enter_staff_area(user) -> bool:
    """May this user drop pins and open the staff area? What they find there is told by PIN_SCOPES."""
    return bool(roles(user) & {Role.CONTRIBUTOR, Role.PARTNER})


def is_contributor(user) -> bool:
    """Is this a colleague, who may read what other teams say of the communities that they may know of?"""
    return Role.CONTRIBUTOR in roles(user)


def is_moderator(user) -> bool:
    """May this user decide pins?"""
    return Role.MODERATOR in roles(user)


def is_administrator(user) -> bool:
    return Role.ADMINISTRATOR in roles(user)


def may_open_admin(user) -> bool:
    """May this user open admin at all? What they find there is told by ADMIN."""
    return any(role in ADMIN for role in roles(user))


def has_no_role(user) -> bool:
    """Has nobody given this user a role yet, as after signing up?"""
    return roles(user) == {Role.VISITOR}


# Those who decide, edit or configure; what they could do with a stolen password cannot be undone.
WITH_SECOND_FACTOR = {Role.MODERATOR, Role.EDITOR, Role.ADMINISTRATOR}


def needs_second_factor(user) -> bool:
    """Must this user have a second step of signing in, where the installation asks for one?"""
    return bool(roles(user) & WITH_SECOND_FACTOR)


UNDECIDED = ("submitted", "returned")


class Scope(StrEnum):
    """A named part of all pins; pins.models.pin says which rows each one is."""

    OWN = "own"
    ORGANISATION = "dropped by a partner of the user's own organisation"
    CHECKED_OR_WAITING = "for everyone or all staff: published, or submitted and not sensitive"
    TEAM = "a service of the user's has a connection: published for the team, or submitted and sensitive"
    ALL = "all"


# Which pins may each role know of, inside the staff area?
PIN_SCOPES: dict[Role, tuple[Scope, ...]] = {
    Role.VISITOR: (),
    Role.PARTNER: (Scope.OWN, Scope.ORGANISATION),
    Role.CONTRIBUTOR: (Scope.OWN, Scope.CHECKED_OR_WAITING, Scope.TEAM),
    Role.MODERATOR: (Scope.ALL,),
    Role.EDITOR: (),
    Role.ADMINISTRATOR: (Scope.ALL,),
}

VIEW, ADD, CHANGE, DELETE = "view", "add", "change", "delete"
READ_ONLY = (VIEW,)
EDIT = (VIEW, ADD, CHANGE)
EVERYTHING = (VIEW, ADD, CHANGE, DELETE)

# Pages and pieces are retired, not deleted. Stories and feedback come from readers: they are decided and read.
TOOLKIT: dict[str, tuple[str, ...]] = {
    "toolkit.page": EDIT,
    "toolkit.casestudy": EDIT,
    "toolkit.prompt": EDIT,
    "toolkit.tool": EDIT,
    "toolkit.voice": EDIT,
    "toolkit.term": EDIT,
    "toolkit.story": (VIEW, CHANGE),
    "toolkit.feedback": READ_ONLY,
}

# What may each role do in admin? Keys are model labels; what is missing is refused.
# A pin is never added or deleted here: it is dropped in the staff area and archived or merged.
ADMIN: dict[Role, dict[str, tuple[str, ...]]] = {
    Role.MODERATOR: {
        "pins.pin": (VIEW, CHANGE),
        "pins.connection": EDIT,
        "pins.answer": READ_ONLY,
        "pins.decision": READ_ONLY,
    },
    Role.EDITOR: TOOLKIT,
    # An administrator has every role: what moderators and editors may is not said again.
    Role.ADMINISTRATOR: {
        "pins.category": EDIT,
        "pins.question": EDIT,
        "pins.offer": EDIT,
        "pins.lessheardgroup": EDIT,
        "community_map.user": EDIT,
        "community_map.service": EDIT,
        "community_map.approach": EDIT,
        "community_map.initiative": EDIT,
        "community_map.portal": (VIEW, ADD, CHANGE),
        "community_map.boundaryset": (VIEW, CHANGE),
        "community_map.area": (VIEW, CHANGE),
        "community_map.place": EVERYTHING,
        "community_map.job": READ_ONLY,
        "community_map.outboxmail": READ_ONLY,
        "community_map.auditentry": READ_ONLY,
        "community_map.task": READ_ONLY,
    },
}


def may_in_admin(user, action: str, model) -> bool:
    """May this user do the action (view, add, change, delete) to rows of the model in admin?"""
    label = model._meta.label_lower
    return any(action in ADMIN.get(role, {}).get(label, ()) for role in roles(user))


def may_decide(user, pin, portal) -> bool:
    """May this user publish, return, decline, archive or merge the pin?

    Nobody decides their own, unless the portal says so; what needs two moderators always needs two others.
    """
    if not is_moderator(user):
        return False
    if pin.created_by_id != user.pk:
        return True
    return portal.moderators_decide_own_pins and not needs_two(pin, portal)


def needs_two(pin, portal) -> bool:
    """Do two moderators have to agree before the pin is published?"""
    return portal.sensitive_pins_need_two and pin.is_sensitive and pin.visibility == PUBLIC


def may_edit_pin(user, pin) -> bool:
    """May this user change the pin's answers in the staff area? Its author may, until it has been decided."""
    return may_enter_staff_area(user) and pin.created_by_id == user.pk and pin.status in UNDECIDED


def may_filter_by_less_heard_group(user) -> bool:
    """May this user find pins by the groups of people less often heard? Those who decide pins may, and nobody else."""
    return is_moderator(user)


def may_withdraw_agreement(user, pin) -> bool:
    """May this user read how the group agreed to be shown, and record that it no longer does?

    Whoever the group may tell: the author, colleagues of a service with a connection, moderators.
    """
    if not pin.agreement or not may_enter_staff_area(user):
        return False
    if is_moderator(user) or pin.created_by_id == user.pk:
        return True
    return bool(service_ids(user) & set(pin.connections.values_list("service_id", flat=True)))


def service_ids(user) -> frozenset[int]:
    """Return the primary keys of the services that a signed-in user belongs to and speaks for; often one, or none."""
    if not hasattr(user, "_access_services"):
        # Asked once per request, as the groups are.
        others = user.other_services.values_list("pk", flat=True)
        user._access_services = frozenset({*others, user.service_id} - {None})
    return user._access_services


def may_speak_for(user, service_id: int) -> bool:
    """May this user say what the service has with a community? Its people may, and moderators for any."""
    return is_moderator(user) or (may_enter_staff_area(user) and service_id in service_ids(user))


def may_read_connection(user, connection) -> bool:
    """May this user read what a service keeps to staff: what has worked, who knows them, whom it would like to reach?

    Colleagues may, of every service; partners only of their own organisation.
    """
    if is_contributor(user):
        return True
    return may_enter_staff_area(user) and connection.service_id in service_ids(user)


def may_edit_connection(user, connection) -> bool:
    """May this user change what a service says of a community? Colleagues of that service and moderators may."""
    return may_speak_for(user, connection.service_id)
