"""What somebody has typed into a staff form while their sign-in ended: kept until they are back, for them alone.

A form of the staff area or of admin carries a signed mark of who opened it. When its answers arrive without that
person's sign-in, they are sealed and put into the visitor's session. After signing in, the same person finds them at
/staff/kept/ and sends them on; for anybody else they are thrown away. Nothing is stored that can be read in the
database.
"""

import json
from dataclasses import dataclass

from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.urls import reverse
from django.utils.deprecation import MiddlewareMixin

from community_map.accounts.encryption import decrypt, encrypt

MARK = "written_by"
NOT_KEPT = ("csrfmiddlewaretoken", MARK)
SESSION_KEY = "kept_form"
PURPOSE = "kept form"
ADDRESSES = ("/staff/", "/admin/")
SIGN_INS = ("/accounts/login/", "/admin/login/")
KEPT_SECONDS = 3600
# A page that was opened longer ago than a sign-in lasts tells nothing any more.
MARK_SECONDS = 12 * 3600
LARGEST = 400_000  # characters of JSON; a long page of the toolkit has about 50,000


@dataclass(frozen=True)
class RecoverableForm:
    """Answers on their way to `path`: (name, value) pairs, in their order."""

    path: str
    fields: list[tuple[str, str]]

    @property
    def can_be_looked_at(self) -> bool:
        """The pin form shows its answers again where it was not told to send them."""
        return ("send", "1") in self.fields


def mark_of(user) -> str:
    """Return what a form carries, so that its answers find back to this user."""
    return signing.dumps(user.pk, salt=PURPOSE)


def keep(request) -> bool:
    """Keep the posted answers for whoever opened the form; False where that cannot be, or is somebody else here."""
    if request.method != "POST" or not request.path_info.startswith(ADDRESSES):
        return False
    try:
        writer = signing.loads(request.POST.get(MARK, ""), salt=PURPOSE, max_age=MARK_SECONDS)
    except signing.BadSignature:
        return False
    if request.user.is_authenticated and request.user.pk != writer:
        return False
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        # A password is typed again: it has no business in a page or in the database, sealed or not.
        if name not in NOT_KEPT and "password" not in name
        for value in values
    ]
    text = json.dumps({"writer": writer, "path": request.path_info, "fields": fields})
    if len(text) > LARGEST:
        return False
    request.session[SESSION_KEY] = encrypt(text, PURPOSE)
    return True


def form_for(request) -> RecoverableForm | None:
    """Return what is kept for the signed-in user; what is another's, or too old, is thrown away."""
    text = decrypt(request.session.get(SESSION_KEY, ""), PURPOSE, max_age=KEPT_SECONDS)
    kept = json.loads(text) if text else {}
    if kept.get("writer") != request.user.pk:
        request.session.pop(SESSION_KEY, None)
        return None
    return RecoverableForm(kept["path"], [(name, value) for name, value in kept["fields"]])


class FormRecoveryMiddleware(MiddlewareMixin):
    """Where a view answers a post with "sign in first", keeps the answers and leads back to them afterwards."""

    def process_response(self, request, response):
        if request.is_public or request.method != "POST" or response.status_code != 302:
            return response
        if not request.user.is_authenticated:
            asks_to_sign_in = response.headers["Location"].startswith(SIGN_INS)
            return redirect_to_login(reverse("kept-form")) if asks_to_sign_in and keep(request) else response
        if request.path_info.startswith(ADDRESSES):
            # They have arrived: a form that was taken answers with a redirect.
            request.session.pop(SESSION_KEY, None)
        return response
