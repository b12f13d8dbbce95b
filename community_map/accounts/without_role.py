"""A person whom nobody has given a role, as after signing up: what they are told, and who is told of them."""

from django.conf import settings
from django.db import transaction
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext as _

from community_map import access
from community_map.http.middleware import needs_role
from community_map.mail import queue_mail, signature
from community_map.models import Portal, User


class WithoutRoleMiddleware(MiddlewareMixin):
    """Answers every staff and admin address to a person without a role with the one page about that."""

    def process_request(self, request):
        user = request.user if needs_role(request.path_info) else None
        if not user or not user.is_authenticated or not access.has_no_role(user):
            return None
        asked_at = ask_for_role(user)
        return render(request, "account/without_role.html", {"asked_at": asked_at}, status=403)


@transaction.atomic
def ask_for_role(user: User):
    """Tell the administrators of this person, once and never again; return when they were told."""
    now = timezone.now()
    # One statement decides, however many pages the person opens at the same moment.
    if not User.objects.filter(pk=user.pk, role_asked_at=None).update(role_asked_at=now):
        return User.objects.values_list("role_asked_at", flat=True).get(pk=user.pk)
    portal = Portal.load()
    administrators = User.objects.filter(is_superuser=True, is_active=True).order_by("pk")
    lines = [
        _("%(email)s has signed in to %(portal)s and has no role yet, so they cannot open the staff area.")
        % {"email": user.email, "portal": portal.portal_name},
        "",
        _("If you know them, give them a role. If you do not, deactivate their account."),
        settings.SITE_URL + reverse("admin:community_map_user_change", args=[user.pk]),
        *signature(portal),
    ]
    # Where there is no administrator the team's own mailbox is the next best.
    for address in administrators.values_list("email", flat=True) or [portal.mailbox]:
        queue_mail(address, _("Someone needs a role"), "\n".join(lines))
    return now
