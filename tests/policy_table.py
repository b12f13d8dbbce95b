"""Who may do what, said once more for the tests, in their own words: the matrix holds the software to this table.

It does not ask community_map.access. A rule that changes there has to be changed here too, on purpose.
"""

from dataclasses import dataclass

VISITOR, DEACTIVATED = "visitor", "deactivated"
PARTNER, CONTRIBUTOR, COLLEAGUE = "partner", "contributor", "contributor of the pin's service"
MODERATOR, EDITOR, ADMINISTRATOR = "moderator", "editor", "administrator"
ROLES = (VISITOR, DEACTIVATED, PARTNER, CONTRIBUTOR, COLLEAGUE, MODERATOR, EDITOR, ADMINISTRATOR)
SIGNED_OUT = {VISITOR, DEACTIVATED}
IN_ADMIN = {MODERATOR, EDITOR, ADMINISTRATOR}

STATUSES = ("submitted", "published", "returned", "declined", "archived")
PUBLIC, STAFF, TEAM = 0, 1, 2
# Status, visibility, and whether it is of a sensitive category: that matters until it is checked.
PIN_STATES = tuple(
    (status, visibility, is_sensitive)
    for is_sensitive in (False, True)
    for status in (("submitted", "published") if is_sensitive else STATUSES)
    for visibility in (PUBLIC, STAFF, TEAM)
)
TOOLKIT_STATES = ("draft", "scheduled", "published", "retired")


def may_know_pin(
    role: str, status: str, visibility: int, is_sensitive: bool = False, *, owner: str = ""
) -> bool:
    """May this role know, in the staff area, of such a pin? `owner` is the role whose own it is, if it is one's."""
    if role in {MODERATOR, ADMINISTRATOR} or (owner and role == owner):
        return True
    if role in {CONTRIBUTOR, EDITOR, COLLEAGUE} and visibility in {PUBLIC, STAFF}:
        if status == "submitted" and is_sensitive:
            return role == COLLEAGUE
        return status in {"submitted", "published"}
    return role == COLLEAGUE and (status, visibility) == ("published", TEAM)


# What each role may do to rows in admin: v(iew), a(dd), c(hange), d(elete). What is missing is refused.
ADMIN = {
    "pins_pin": {MODERATOR: "vc", ADMINISTRATOR: "vc"},
    "pins_connection": {MODERATOR: "vc", ADMINISTRATOR: "vc"},
    "pins_category": {ADMINISTRATOR: "vac"},
    "pins_question": {ADMINISTRATOR: "vac"},
    "pins_offer": {ADMINISTRATOR: "vac"},
    "pins_lessheardgroup": {ADMINISTRATOR: "vac"},
    "toolkit_page": {EDITOR: "vac", ADMINISTRATOR: "vac"},
    "toolkit_casestudy": {EDITOR: "vac", ADMINISTRATOR: "vac"},
    "toolkit_prompt": {EDITOR: "vac", ADMINISTRATOR: "vac"},
    "toolkit_tool": {EDITOR: "vac", ADMINISTRATOR: "vac"},
    "toolkit_term": {EDITOR: "vac", ADMINISTRATOR: "vac"},
    "toolkit_voice": {EDITOR: "vac", ADMINISTRATOR: "vac"},
    "toolkit_story": {EDITOR: "vc", ADMINISTRATOR: "vc"},
    "toolkit_feedback": {EDITOR: "v", ADMINISTRATOR: "v"},
    "community_map_portal": {ADMINISTRATOR: "vc"},
    "community_map_service": {ADMINISTRATOR: "vac"},
    "community_map_approach": {ADMINISTRATOR: "vac"},
    "community_map_initiative": {ADMINISTRATOR: "vac"},
    "community_map_boundaryset": {ADMINISTRATOR: "vc"},
    "community_map_area": {ADMINISTRATOR: "vc"},
    "community_map_place": {ADMINISTRATOR: "vacd"},
    "community_map_job": {ADMINISTRATOR: "v"},
    "community_map_outboxmail": {ADMINISTRATOR: "v"},
    "community_map_auditentry": {ADMINISTRATOR: "v"},
    "community_map_task": {ADMINISTRATOR: "v"},
    "community_map_user": {ADMINISTRATOR: "vac"},
    "auth_user": {ADMINISTRATOR: "vac"},
}
# Which of the four each page of admin needs.
ADMIN_PAGES = {
    "changelist": "v",
    "history": "v",
    "change": "v",
    "add": "a",
    "delete": "d",
    "decide": "c",
    "merge": "c",
    "preview": "c",
    "restore": "c",
    "withdraw": "c",
    "password_change": "c",
    "agree": "c",
    "export": "v",
    "erase": "c",
    "invite": "c",
    "start": "c",
}


@dataclass(frozen=True)
class Row:
    """One route: whose it is, and which kind of thing it is about."""

    whose: str  # everyone, staff, account, admin
    about: str = ""  # pin, page, casestudy, or nothing
    needs: str = ""  # in admin: the model and one letter of its row, as in "pins_pin v"


EVERYONE = Row("everyone")
STAFF_AREA = Row("staff")
ACCOUNT = Row("account")
ADMIN_SITE = Row("admin")

ROWS = {
    "home": EVERYONE,
    "healthz": EVERYONE,
    "readyz": EVERYONE,
    "accessibility-statement": EVERYONE,
    "privacy": EVERYONE,
    "cookies": EVERYONE,
    "daily-email": EVERYONE,
    "security-txt": EVERYONE,
    "robots-txt": EVERYONE,
    "pins:map": EVERYONE,
    "pins:embed": EVERYONE,
    "pins:embed-list": EVERYONE,
    "pins:list": EVERYONE,
    "pins:tile": EVERYONE,
    "pins:areas": EVERYONE,
    "pins:places": EVERYONE,
    "pins:pin": Row("everyone", "pin"),
    "toolkit:index": EVERYONE,
    "toolkit:case-studies": EVERYONE,
    "toolkit:case-studies-geojson": EVERYONE,
    "toolkit:glossary": EVERYONE,
    "toolkit:tools": EVERYONE,
    "toolkit:voices": EVERYONE,
    "toolkit:site-map": EVERYONE,
    "toolkit:print": EVERYONE,
    "toolkit:search": EVERYONE,
    "toolkit:notebook": EVERYONE,
    "toolkit:stories": EVERYONE,
    "toolkit:story-new": EVERYONE,
    "toolkit:story-sent": EVERYONE,
    "toolkit:useful": EVERYONE,
    "toolkit:useful-sentence": EVERYONE,
    "toolkit:page": Row("everyone", "page"),
    "toolkit:case-study": Row("everyone", "casestudy"),
    "staff:home": STAFF_AREA,
    "staff:map": STAFF_AREA,
    "staff:list": STAFF_AREA,
    "staff:tile": STAFF_AREA,
    "staff:new": STAFF_AREA,
    "staff:similar": STAFF_AREA,
    "staff:places": STAFF_AREA,
    "staff:where": STAFF_AREA,
    "staff:pin": Row("staff", "pin"),
    "staff:sent": Row("staff", "pin"),
    "staff:edit": Row("staff", "pin"),
    "staff:connect": Row("staff", "pin"),
    "staff:withdraw": Row("staff", "pin"),
    "kept-form": Row("account"),
    "sso_login": ACCOUNT,
    "sso_callback": ACCOUNT,
    "admin:index": ADMIN_SITE,
    "admin:login": ACCOUNT,
    "admin:logout": ACCOUNT,
    "admin:password_change": ADMIN_SITE,
    "admin:password_change_done": ADMIN_SITE,
    "admin:autocomplete": ADMIN_SITE,
    "admin:jsi18n": ADMIN_SITE,
    "admin:app_list": ADMIN_SITE,
    "admin:toolkit_markdown_preview": Row("admin", "", "toolkit_page c"),
    "admin:django.views.generic.base.RedirectView": ADMIN_SITE,
    "admin:django.contrib.admin.sites.AdminSite.catch_all_view": ADMIN_SITE,
}


def row_of(name: str) -> Row | None:
    """Return the row of a route by its name, or None: the matrix fails then."""
    if name in ROWS:
        return ROWS[name]
    if name.startswith(("account_", "mfa_")):
        return ACCOUNT
    if name.startswith("admin:"):
        model, _, page = name.removeprefix("admin:").rpartition("_")
        if page == "change" and model.endswith("_password"):
            model, page = model.removesuffix("_password"), "password_change"
        if model in ADMIN and page in ADMIN_PAGES:
            about = {"pins_pin": "pin", "toolkit_page": "page", "toolkit_casestudy": "casestudy"}.get(
                model, ""
            )
            return Row(
                "admin", "" if page in {"changelist", "add"} else about, f"{model} {ADMIN_PAGES[page]}"
            )
    return None


def may_be_missing(name: str) -> bool:
    """Is the route about one thing that this world need not have, such as somebody's feedback or row 1 of a table?"""
    if name in {
        "toolkit:useful-sentence",
        "daily-email",
        "admin:app_list",
        "admin:django.contrib.admin.sites.AdminSite.catch_all_view",
    }:
        return True
    row = row_of(name)
    is_about_one = row.whose == "admin" and row.needs and not name.endswith(("_changelist", "_add"))
    return name.endswith("_restore") or bool(is_about_one and not row.about)


def may(role: str, row: Row, state, owner: str = "") -> bool:
    """May this role get an answer of substance at this route, about a thing in this state?"""
    if row.whose == "everyone":
        if row.about == "pin":
            return state[:2] == ("published", PUBLIC)
        return not row.about or state == "published"
    if row.whose == "staff":
        return role not in SIGNED_OUT and (not row.about or may_know_pin(role, *state, owner=owner))
    if row.whose == "admin":
        if role not in IN_ADMIN:
            return False
        if row.needs:
            model, letter = row.needs.split()
            return letter in ADMIN[model].get(role, "")
        return True
    return True
