"""The forms of a user's page in admin: who they are, their teams, and their roles as tick boxes."""

from django import forms
from django.contrib.auth.forms import UserChangeForm
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from community_map import access
from community_map.accounts import roles
from community_map.accounts.single_sign_on import belongs_to_single_sign_on
from community_map.models import User

ROLES = {
    access.CONTRIBUTORS: (
        _("Contributor"),
        _("Adds communities to the map and sees what colleagues know about them."),
    ),
    access.MODERATORS: (
        _("Moderator"),
        _(
            "Checks new pins and publishes, returns or declines them. Sees every pin, and can also contribute."
        ),
    ),
    access.EDITORS: (
        _("Editor"),
        _("Writes and publishes toolkit pages and case studies, and can also contribute."),
    ),
    access.PARTNERS: (
        _("Partner"),
        _("Works for a voluntary organisation, and sees and adds only that organisation’s pins."),
    ),
    access.ADMINISTRATORS: (
        _("Administrator"),
        _("Can do everything, including managing users, categories, questions and settings."),
    ),
}


class RolesMixin(forms.ModelForm):
    """Form mixin: roles as tick boxes. The form's class is given `by`, the administrator who fills it in."""

    by: User

    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Moderators, editors and administrators can open these admin pages."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = [
            (name, format_html("<strong>{}</strong>: {}", *ROLES[name])) for name in ROLES
        ]

    def clean_email(self) -> str:
        """An email address is one person's, whatever its capitals, and is stored in small letters."""
        email = self.cleaned_data["email"].lower()
        if User.objects.filter(email__iexact=email).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("There is already a user with this email address."))
        return email

    def clean(self) -> dict:
        cleaned = super().clean()
        names = cleaned.get("roles")
        if names is None:
            return cleaned
        self._keep_partners_apart(cleaned.get("service"), is_partner=access.PARTNERS in names)
        is_active = cleaned.get("is_active", True)
        if self.instance.is_superuser and not (is_active and access.ADMINISTRATORS in names):
            self._keep_an_administrator()
        return cleaned

    def _keep_partners_apart(self, service, *, is_partner: bool) -> None:
        """A team is the council's or a partner's: partners see all of their team's pins and connections."""
        if service is None:
            return
        partners = Q(groups__name=access.PARTNERS)
        others = service.users.filter(is_active=True).exclude(pk=self.instance.pk)
        if is_partner and others.exclude(partners).exists():
            self.add_error(
                "service",
                _("This team has council staff in it. Choose a partner organisation instead."),
            )
        if not is_partner and others.filter(partners).exists():
            self.add_error("service", _("This is a partner organisation. Choose a council team."))

    def _keep_an_administrator(self) -> None:
        """Nobody locks themselves out, nor the last one who could let them in again."""
        if self.instance.pk == self.by.pk:
            sentence = _("You cannot remove your own administrator role. Ask another administrator.")
            self.add_error("roles", sentence)
        elif not self.instance.others_administer():
            self.add_error(
                "roles", _("This is the only administrator. Make someone else an administrator first.")
            )


class ChangeUserForm(RolesMixin, UserChangeForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["roles"].initial = roles.held_by(self.instance)
        if belongs_to_single_sign_on(self.instance):
            self.fields["roles"].disabled = True
            self.fields["roles"].help_text = _(
                "These roles come from this person’s groups in the council’s sign-in. They are updated each time they sign in."
            )


class NewUserForm(RolesMixin):
    """A new person, who is invited by email and chooses a password, if any, themselves."""

    class Meta:
        model = User
        fields = ("email", "name", "service", "other_services")
