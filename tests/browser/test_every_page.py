"""Every public and staff page, wide and narrow: one heading, no sideways scrolling, nothing that axe objects to."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from community_map.digest import token_for
from pins.models import Answer, Question
from tests.factories import (
    make_approach,
    make_area,
    make_connection,
    make_contributor,
    make_moderator,
    make_pin,
    make_place,
    make_portal,
    make_sensitive_category,
    make_service,
)
from tests.toolkit_factories import (
    make_case_study,
    make_page,
    make_prompt,
    make_scale,
    make_term,
    make_tool,
    make_voice,
)
from toolkit.models import Feedback

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
WIDTHS = (1280, 320)
# axe's advice beyond WCAG; these three are about pages that are built in another way on purpose.
ADVICE_LEFT_OUT = {"region", "landmark-unique", "heading-order"}

TOOLKIT = [
    "/toolkit/", "/toolkit/?approach=none", "/toolkit/full/", "/toolkit/case-studies/", "/toolkit/case-studies/?place=nowhere",
    "/toolkit/case-studies/study/", "/toolkit/glossary/", "/toolkit/tools/", "/toolkit/voices/", "/toolkit/site-map/",
    "/toolkit/search/?q=asset", "/toolkit/search/?q=nothing", "/toolkit/print/", "/toolkit/notebook/", "/toolkit/stories/",
    "/toolkit/stories/new/", "/toolkit/stories/sent/", "/toolkit/useful/{useful}/",
]  # fmt: skip
PUBLIC = [
    "/", "/map/", "/map/?category=clubs", "/map/?category=nothing", "/map/list/", "/map/list/?category=clubs",
    "/map/list/?near=Oak+Hill+Park", "/map/list/?near=nowhere", "/map/list/?after=broken", "/map/pins/{pin}/",
    "/map/embed/", "/map/embed/?category=nothing", "/map/embed/list/", "/map/embed/list/?near=Oak+Hill+Park",
    "/accessibility-statement/", "/privacy/", "/cookies/", "/nothing-here/",
    "/accounts/login/", "/accounts/login/code/", "/accounts/password/reset/", "/accounts/password/reset/done/",
    "/accounts/signup/", "/accounts/inactive/", "/accounts/password/reset/key/done/", "/accounts/password/reset/key/1-old/",
]  # fmt: skip
STAFF = [
    "/staff/", "/staff/map/", "/staff/list/", "/staff/list/?status=lost", "/staff/pins/new/", "/staff/pins/{pin}/",
    "/staff/pins/{own}/", "/staff/pins/{own}/edit/", "/staff/pins/{own}/sent/", "/staff/pins/{pin}/connect/",
    "/accounts/logout/", "/accounts/password/change/", "/accounts/", "/accounts/reauthenticate/", "/accounts/2fa/",
    "/accounts/2fa/totp/activate/", "/accounts/daily-email/", "/daily-email/{token}/pause/", "/daily-email/{token}/stop/",
]  # fmt: skip
MODERATOR = ["/admin/", "/admin/pins/pin/", "/admin/pins/pin/{own_pk}/change/"]


@pytest.fixture
def world(db_with_groups):
    from tests.factories import make_category

    make_portal(is_demo=True, return_templates="Please choose a landmark.")
    make_area("Hill ward")
    make_place("Oak Hill Park")
    libraries, approach = make_service("Libraries"), make_approach("Partnership")
    author = make_contributor(service=libraries, name="A colleague")
    clubs = make_category("Clubs", hint="For example chess")
    pin = make_pin(
        "Chess club", category=clubs, description="They play.", web_page="https://chess.example.org"
    )
    make_connection(pin, make_service("Parks"), [approach], what_worked="Tea")
    asked = Question.objects.create(label="How many come?", kind="number", is_public=True)
    Answer.objects.create(pin=pin, question=asked, asked_as=asked.label, value=12)
    own = make_pin(
        "My group",
        category=make_sensitive_category("Shared"),
        author=author,
        status="submitted",
        visibility=1,
        precision=2,
    )
    make_connection(own, libraries)
    make_pin("Sent back", category=clubs, author=author, status="returned")
    return {"author": author, "pin": pin.public_id, "own": own.public_id, "own_pk": own.pk} | {
        "token": token_for(author)
    }


def look(page, address: str, width: int) -> list[str]:
    """Open an address and return what is wrong with the page."""
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(address)
    page.wait_for_load_state("networkidle")
    wrong = []
    if (headings := page.locator("h1").count()) != 1:
        wrong.append(f"{headings} headings of level 1")
    if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
        wrong.append(f"{wide} px wide")
    found = Axe().run(page, options=RULES).response["violations"]
    for violation in found:
        if violation["id"] not in ADVICE_LEFT_OUT:
            wrong.append(f"{violation['id']}: {[node['target'] for node in violation['nodes']][:3]}")
    return wrong


def look_at_all(page, live_server, addresses, world) -> dict:
    wrong = {}
    for address in addresses:
        for width in WIDTHS:
            here = address.format(**world)
            if found := look(page, live_server.url + here, width):
                wrong[f"{here} at {width}"] = found
    return wrong


def test_every_public_page(page, live_server, world):
    assert look_at_all(page, live_server, PUBLIC, world) == {}


EVERY_MARK = """
## First part

Our asset is people, with [a link](/toolkit/glossary/).

^A call-out.^

%A warning.%

$C
The team, [by e-mail](mailto:team@example.org)
$C

s1. First
s2. Second

:::details More of it
Inside.
:::

> A quotation.

| Who | What they bring | Where they bring it from |
|---|---|---|
| The council | Money, people, insight and spaces | A very long word: Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch |

## Second part

{prompt: scale}

{prompt: open}

{tool: tool}

{voice: voice}

{case study: study}

### A detail

{diagram: approaches}

## Third part

- One
- Two
"""


@pytest.fixture
def toolkit_world(world):
    approaches = [
        make_approach(name, description="About it") for name in ("One", "Two", "Community leadership")
    ]
    make_scale(slug="scale")
    make_prompt(
        "Who is missing from the room, and have we asked why?", slug="open", help="Think of night workers."
    )
    make_tool(slug="tool", approaches=approaches, url=f"https://planner.example.org/{'a-long-address-' * 8}")
    make_voice(slug="voice", medium="audio", media_url="https://sound.example.org/", transcript="They asked.")
    make_term("asset", slug="asset", other_names="strength")
    make_case_study(
        "Study", slug="study", place_in_words="Hendon", period="2022", longitude=-0.2, latitude=51.6
    )
    related = make_page("Related", kind="explainer")
    make_page(kind="front", slug="front", title="Participation toolkit", body="## How\n\n{prompt: open}")
    make_page("Everything " * 8, slug="full", body=EVERY_MARK, related=[related], approaches=approaches)
    answer = Feedback.objects.create(address="/toolkit/full/", is_useful=True)
    return {**world, "useful": answer.public_id}


def test_every_page_of_the_toolkit(page, live_server, toolkit_world):
    assert look_at_all(page, live_server, TOOLKIT, toolkit_world) == {}


def test_every_staff_page(page, live_server, world, enter_as):
    enter_as(world["author"])

    assert look_at_all(page, live_server, STAFF, world) == {}


def test_the_moderators_pages_open_without_a_fault(page, live_server, world, enter_as):
    enter_as(make_moderator())

    for address in MODERATOR:
        page.set_viewport_size({"width": 1280, "height": 800})
        page.goto(live_server.url + address.format(**world))
        assert page.locator("h1").count() == 1, address
