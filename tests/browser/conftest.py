"""A real Chromium against the real server. What goes wrong on the page behind a test's back fails the test."""

import os
import shutil
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response, Route

from tests.serving import serve_demo

# One transparent pixel: the background map, without asking anybody for it.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c626001000000ffff03000006000557bfabd40000000049454e44ae426082"
)
# Chromium without a window of its own draws the same pages in half the time; with --headed one wants the window.
WITHOUT_WINDOW = ("chromium-headless-shell",)
WITH_WINDOW = ("chromium", "chromium-browser", "google-chrome")
PASSWORD = "a long enough password"
# Playwright keeps an event loop in this thread, and Django takes that for asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


TILE_HOST = urlsplit(settings.TILE_URL).hostname


def is_tile(request: Request) -> bool:
    """Is this a picture of the background map? Nothing else may leave this machine."""
    return request.resource_type == "image" and urlsplit(request.url).hostname == TILE_HOST


def chromium(config) -> str | None:
    programs = WITH_WINDOW if config.getoption("--headed") else WITHOUT_WINDOW + WITH_WINDOW
    return next(filter(None, map(shutil.which, programs)), None)


def is_in_browser(item) -> bool:
    return "/browser/" in item.path.as_posix()


def pytest_collection_modifyitems(config, items):
    missing = ""
    if chromium(config) is None:
        missing = "Chromium is not installed"
    elif not (settings.STATIC_ROOT / "staticfiles.json").is_file():
        missing = "the pages' style and scripts are not built: make assets"
    for item in items:
        if not is_in_browser(item):
            continue
        item.add_marker(pytest.mark.browser)
        # In CI nothing is skipped: there the test runs, and fails.
        if missing and os.environ.get("CI") != "true":
            item.add_marker(pytest.mark.skip(reason=missing))


class RunApart:
    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items):
        """Refuse a run of these tests with others, once it is known which were chosen.

        Playwright's event loop gives Django another connection than the one that knows what migrations wrote.
        """
        if len({is_in_browser(item) for item in items}) > 1:
            raise pytest.UsageError("the browser's tests run apart: -m browser, or -m 'not browser'")


def pytest_configure(config):
    config.pluginmanager.register(RunApart())


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args, pytestconfig):
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    quiet += ["--no-first-run", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        quiet.append("--no-sandbox")  # Chromium's sandbox refuses to run as root
    return {**browser_type_launch_args, "executable_path": chromium(pytestconfig), "args": quiet}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "locale": "en-GB", "timezone_id": "Europe/London"}


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    """The address of a portal that was started as `make run` does, with the demonstration."""
    with serve_demo(tmp_path_factory.mktemp("served")) as address:
        yield address


@pytest.fixture
def faults() -> list[str]:
    """What went wrong on any page of this test; a test that means it to happen empties the list."""
    return []


@pytest.fixture
def context(context: BrowserContext, faults: list[str], db_with_groups, django_db_serialized_rollback):
    """A browser window that reaches this machine only, and reports every fault."""

    def answer(route: Route) -> None:
        if urlsplit(route.request.url).hostname in {"localhost", "127.0.0.1"}:
            route.continue_()
        elif is_tile(route.request):
            route.fulfill(status=200, content_type="image/png", body=PIXEL)
        else:
            faults.append(f"asked another server: {route.request.url}")
            route.abort()

    def read_response(response: Response) -> None:
        # Pages answer 4xx on purpose (a form with mistakes is a 422); their files never do.
        if response.status >= 500 or (
            response.status >= 400 and response.request.resource_type in {"script", "stylesheet", "image"}
        ):
            faults.append(f"{response.status}: {response.url}")

    def read_console(message: ConsoleMessage) -> None:
        # "Failed to load resource" repeats an answer that read_response has judged already.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            faults.append(f"console: {message.text}")

    context.route("**/*", answer)
    context.on("response", read_response)
    context.on("console", read_console)
    context.on("weberror", lambda error: faults.append(f"script error: {error.error}"))
    context.set_default_timeout(15_000)
    yield context
    assert faults == []


@pytest.fixture
def db_with_groups(request):
    """Keep what migrations put into the database: a live server's tests empty every table afterwards."""
    if "live_server" in request.fixturenames:
        request.getfixturevalue("django_db_serialized_rollback")
        request.getfixturevalue("transactional_db")


@pytest.fixture
def sign_in(page: Page, live_server):
    """Return a function that signs a user of tests/factories.py in through the real form."""

    def do(user) -> None:
        page.goto(f"{live_server.url}/accounts/login/")
        page.get_by_label("Email address").fill(user.email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.locator("main").get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{live_server.url}/staff/**")

    return do


@pytest.fixture
def enter_as(context: BrowserContext, live_server, django_db_serialized_rollback):
    """Return a function that gives the browser a user's session: for the tests that are not about signing in."""

    def do(user) -> None:
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])

    return do
