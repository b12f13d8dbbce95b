"""The score that the HTTP Observatory (MDN) would give an answer, from its published table of modifiers.

Our own reckoning, of the tests that one answer can be judged by: the redirect from HTTP and the preload list of
browsers are about a whole site. The table: developer.mozilla.org/en-US/observatory/docs/tests_and_scoring.
"""

import re
from http.cookies import Morsel
from urllib.parse import urlsplit

PRIVATE_REFERRERS = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
SIX_MONTHS = 15_768_000
ENOUGH_FOR_BONUSES = 90


def score(
    headers, cookies: list[Morsel], body: str, *, session_cookies: set[str], csrf_cookies: set[str]
) -> int:
    """Return 100 less the penalties, and with the bonuses where 90 are left. `headers` is for an HTTPS answer."""
    modifiers = [
        content_security_policy(headers.get("Content-Security-Policy")),
        cookies_score(cookies, headers, session_cookies, csrf_cookies),
        cross_origin_sharing(headers),
        referrer_policy(headers.get("Referrer-Policy")),
        transport_security(headers.get("Strict-Transport-Security")),
        subresource_integrity(headers.get("Content-Type", ""), body),
        0 if headers.get("X-Content-Type-Options") == "nosniff" else -5,
        frame_options(headers),
        {None: 0, "same-origin": 10, "same-site": 10, "cross-origin": 0}.get(
            headers.get("Cross-Origin-Resource-Policy"), -5
        ),
    ]
    base = 100 + sum(modifier for modifier in modifiers if modifier < 0)
    bonus = sum(modifier for modifier in modifiers if modifier > 0)
    return max(0, base + bonus if base >= ENOUGH_FOR_BONUSES else base)


def read_policy(policy: str) -> dict[str, list[str]]:
    directives = (part.split() for part in policy.split(";") if part.strip())
    return {name.lower(): [value.lower() for value in values] for name, *values in directives}


def content_security_policy(policy: str | None) -> int:
    if not policy:
        return -25
    directives = read_policy(policy)
    default = directives.get("default-src", ["*"])
    broad = {"*", "http:", "https:", "data:", "'unsafe-inline'"}

    def sources(name: str) -> set[str]:
        return set(directives.get(name, default))

    if sources("script-src") & broad or sources("object-src") & broad:
        return -20
    if any(
        value.startswith("http:")
        for name in ("script-src", "style-src", "connect-src")
        for value in sources(name)
    ):
        return -20
    if "'unsafe-eval'" in sources("script-src"):
        return -10
    if any(value.startswith("http:") for name in ("img-src", "media-src") for value in sources(name)):
        return -10
    if sources("style-src") & broad:
        return 0
    actions = directives.get("form-action", [])
    return 10 if default == ["'none'"] and actions and set(actions) <= {"'self'", "'none'"} else 5


def cookies_score(cookies: list[Morsel], headers, session_cookies: set[str], csrf_cookies: set[str]) -> int:
    if not cookies:
        return 0
    found = [5]
    for cookie in cookies:
        same_site = str(cookie["samesite"]).lower()
        if not cookie["secure"]:
            safe = transport_security(headers.get("Strict-Transport-Security")) == 0
            found.append(
                {(True, True): -10, (True, False): -40, (False, True): -5, (False, False): -20}[
                    (cookie.key in session_cookies, safe)
                ]
            )
        if cookie.key in session_cookies and not cookie["httponly"]:
            found.append(-30)
        if same_site not in {"lax", "strict"}:
            found.append(-20 if same_site or cookie.key in csrf_cookies else 0)
    return min(found)


def cross_origin_sharing(headers) -> int:
    is_shared = headers.get("Access-Control-Allow-Origin") not in {None, "null"}
    return -50 if is_shared and headers.get("Access-Control-Allow-Credentials") == "true" else 0


def referrer_policy(value: str | None) -> int:
    if value is None:
        return 0
    # Of several, browsers take the last one that they know.
    return 5 if value.split(",")[-1].strip().lower() in PRIVATE_REFERRERS else -5


def transport_security(value: str | None) -> int:
    seconds = re.search(r"max-age=(\d+)", value or "")
    if not seconds:
        return -20
    return 0 if int(seconds[1]) >= SIX_MONTHS else -10


def subresource_integrity(content_type: str, body: str) -> int:
    """-50 with a script from elsewhere, 5 where all scripts have a checksum, else 0."""
    if "html" not in content_type:
        return 0
    scripts = re.findall(r"<script\b([^>]*)>", body)
    addresses = [match[1] for tag in scripts if (match := re.search(r'src="([^"]*)"', tag))]
    if any(urlsplit(address).netloc for address in addresses):
        return -50
    return 5 if addresses and all("integrity=" in tag for tag in scripts) else 0


def frame_options(headers) -> int:
    ancestors = read_policy(headers.get("Content-Security-Policy", "")).get("frame-ancestors")
    if ancestors and not set(ancestors) & {"*", "http:", "https:"}:
        return 5
    return 0 if headers.get("X-Frame-Options", "").upper() in {"DENY", "SAMEORIGIN"} else -20
