"""The pages of signing in that need a step before them: they look like the others, and axe finds nothing."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_every_page import WIDTHS, look
from tests.community_map.accounts.test_second_factor import six_digits
from tests.factories import make_moderator, make_portal
from tests.mail import sent_mail
from tests.oidc.server import serve_provider

PASSWORD = "a long enough password"


@pytest.fixture
def moderator(live_server, db_with_groups, settings):
    settings.SECOND_FACTOR = True
    make_portal()
    return make_moderator("moderator@example.net")


def wrong_here(page) -> list[str]:
    return [fault for width in WIDTHS for fault in look(page, page.url, width)]


def test_a_moderator_sets_up_the_second_step_and_signs_in_with_it(page, live_server, moderator):
    page.goto(f"{live_server.url}/staff/")
    page.get_by_label("Email address").fill(moderator.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("heading", name="Set up two-step verification")).to_be_visible()
    expect(page.get_by_text("Your role needs two-step verification")).to_be_visible()
    # Opening the page again shows another key; the app keeps the last one.
    assert wrong_here(page) == []
    secret = page.locator("code").inner_text()
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Turn on").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    page.get_by_label("Code").fill(six_digits(secret))
    page.get_by_role("button", name="Turn on").click()

    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    expect(page.locator("main li code")).to_have_count(10)
    assert wrong_here(page) == []
    code = page.locator("main li code").first.inner_text()
    for address in ("2fa/", "2fa/recovery-codes/generate/", "2fa/totp/deactivate/", ""):
        assert [
            fault for width in WIDTHS for fault in look(page, f"{live_server.url}/accounts/{address}", width)
        ] == []
    page.goto(f"{live_server.url}/accounts/logout/")
    page.get_by_role("button", name="Sign out").click()

    page.goto(f"{live_server.url}/admin/")
    page.get_by_label("Email address").fill(moderator.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Two-step verification")).to_be_visible()
    assert wrong_here(page) == []
    page.get_by_label("Code").fill(code)
    page.locator("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{live_server.url}/admin/")


def test_a_new_colleague_signs_up_with_a_code(page, live_server, db_with_groups, settings):
    settings.SIGNUP_DOMAINS = ["example.net"]
    make_portal()
    page.goto(f"{live_server.url}/accounts/login/")
    page.get_by_role("link", name="Create an account").click()
    assert wrong_here(page) == []
    page.get_by_label("Email address").fill("new@example.org")
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("Confirm new password").fill(PASSWORD)
    page.get_by_role("button", name="Create an account").click()
    expect(page.get_by_text("It must end in @example.net").first).to_be_visible()
    page.get_by_label("Email address").fill("new@example.net")
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("Confirm new password").fill(PASSWORD)
    page.get_by_role("button", name="Create an account").click()

    expect(page.get_by_role("heading", name="Enter the code")).to_be_visible()
    assert wrong_here(page) == []
    page.get_by_label("Code").fill(re.search(r"^([A-Z0-9-]{4,})$", sent_mail()[-1].body, re.MULTILINE)[1])
    page.get_by_role("button", name="Continue").click()

    expect(page.get_by_role("heading", name="You do not have a role yet")).to_be_visible()


def test_a_code_by_e_mail_instead_of_a_password(page, live_server, moderator, settings):
    settings.SECOND_FACTOR = False
    page.goto(f"{live_server.url}/accounts/login/")
    page.get_by_role("link", name="Sign in with a code by email instead").click()
    page.get_by_label("Email address").fill(moderator.email)
    page.get_by_role("button", name="Send me a code").click()
    assert wrong_here(page) == []
    page.get_by_label("Code").fill(re.search(r"^([A-Z0-9-]{4,})$", sent_mail()[-1].body, re.MULTILINE)[1])
    page.get_by_role("button", name="Continue").click()

    page.wait_for_url(f"{live_server.url}/staff/")


def test_single_sign_on_leads_through_the_councils_sign_in_and_back(
    page, live_server, db_with_groups, settings
):
    back = f"{live_server.url}/accounts/sso/callback/"
    with serve_provider(back) as provider:
        provider.settings(settings, back)
        policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
        # As the settings do when OIDC_ISSUER is set.
        settings.CONTENT_SECURITY_POLICY = {
            "DIRECTIVES": {**policy, "form-action": [*policy["form-action"], provider.issuer]}
        }
        provider.control(account={"sub": "1", "email": "ada@example.net", "groups": ["map-staff"]})
        make_portal()
        page.goto(f"{live_server.url}/staff/list/")
        assert wrong_here(page) == []
        page.get_by_role("button", name="Sign in with your council account").click()
        page.wait_for_url(f"{live_server.url}/staff/list/")
        page.goto(f"{live_server.url}/accounts/logout/")
        page.get_by_role("button", name="Sign out").click()

        provider.control(account={"sub": "2", "email": "grace@example.net", "groups": []})
        page.context.clear_cookies()
        page.goto(f"{live_server.url}/accounts/login/")
        page.get_by_role("button", name="Sign in with your council account").click()

        expect(page.get_by_role("heading", name="You are not signed in")).to_be_visible()
        expect(page.get_by_text("Your council account does not have access to this site.")).to_be_visible()
        # Opened again, the address of the answer is worth nothing; the page looks the same.
        assert wrong_here(page) == []
