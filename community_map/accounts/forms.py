"""allauth's forms in GOV.UK mark-up, and who may sign up."""

from allauth.account import forms
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as second_factor_forms
from allauth.mfa.recovery_codes import forms as recovery_codes_forms
from allauth.mfa.totp import forms as totp_forms
from django import forms as django_forms
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.forms import BaseForm
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community_map import demonstration, digest
from community_map.accounts.single_sign_on import belongs_to_single_sign_on
from community_map.forms import FieldLayout, GovukMixin

LABELS = {
    "login": gettext_lazy("Email address"),
    "email": gettext_lazy("Email address"),
    "password": gettext_lazy("Password"),
    "oldpassword": gettext_lazy("Current password"),
    "password1": gettext_lazy("New password"),
    "password2": gettext_lazy("Confirm new password"),
    "code": gettext_lazy("Code"),
}
HINTS = {
    "password1": gettext_lazy("Use at least 12 characters. Three random words work well."),
}


class AccountMixin(GovukMixin):
    """GOV.UK labels and hints instead of allauth's placeholders."""

    layouts = {"code": FieldLayout(width="govuk-input--width-10")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = LABELS.get(name, field.label)
            field.help_text = HINTS.get(name, "")
            if name == "code":
                field.widget.attrs.update({"inputmode": "text", "spellcheck": "false"})


def in_govuk(form: type[BaseForm]) -> type[BaseForm]:
    """Return one of allauth's forms in GOV.UK mark-up, and otherwise as it is."""
    return type(form.__name__, (AccountMixin, form), {})


LoginForm = in_govuk(forms.LoginForm)
ConfirmLoginCodeForm = in_govuk(forms.ConfirmLoginCodeForm)
ConfirmEmailVerificationCodeForm = in_govuk(forms.ConfirmEmailVerificationCodeForm)
ChangePasswordForm = in_govuk(forms.ChangePasswordForm)
ReauthenticateForm = in_govuk(forms.ReauthenticateForm)
ActivateTOTPForm = in_govuk(totp_forms.ActivateTOTPForm)
DeactivateTOTPForm = in_govuk(totp_forms.DeactivateTOTPForm)
GenerateRecoveryCodesForm = in_govuk(recovery_codes_forms.GenerateRecoveryCodesForm)


class DailyEmailForm(GovukMixin, django_forms.Form):
    """Whether the person gets the daily email."""

    CHANGES = {"on": digest.resume, digest.PAUSE_LINK: digest.pause, digest.STOP_LINK: digest.stop}

    choice = django_forms.ChoiceField(
        label=gettext_lazy("Daily email"),
        choices=[
            ("on", gettext_lazy("Send it")),
            (digest.PAUSE_LINK, gettext_lazy("Pause it for two weeks")),
            (digest.STOP_LINK, gettext_lazy("Stop it")),
        ],
        widget=django_forms.RadioSelect,
        error_messages={"required": gettext_lazy("Select whether you want the daily email")},
        help_text=gettext_lazy(
            "An email at most once a day, only when something is waiting for you, such as pins to check."
        ),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, initial={"choice": "on" if user.gets_digest else digest.STOP_LINK}, **kwargs)
        self.user = user

    def save(self) -> None:
        self.CHANGES[self.cleaned_data["choice"]](self.user)


class SignupForm(AccountMixin, forms.SignupForm):
    """Sign-up for the council's own people: the address must be one of its domains', and is proven by a code."""

    def clean_email(self) -> str:
        domain = self.cleaned_data["email"].rpartition("@")[2].lower()
        if domain not in settings.SIGNUP_DOMAINS:
            domains = ", ".join(f"@{name}" for name in settings.SIGNUP_DOMAINS)
            raise ValidationError(
                _("Enter your work email address. It must end in %(domains)s") % {"domains": domains}
            )
        return super().clean_email()

    def try_save(self, request):
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:
            # The same address signed up at the same moment: answer as if it had been here before.
            self.account_already_exists = True
            return super().try_save(request)


class RequestLoginCodeForm(AccountMixin, forms.RequestLoginCodeForm):
    def clean_email(self) -> str:
        email = super().clean_email()
        if self._user and demonstration.refuses(self._user, context.request):
            # The code would not let them in; the mail is the one for an address that is not known here.
            self._user = None
        return email


class ResetPasswordForm(AccountMixin, forms.ResetPasswordForm):
    def clean_email(self) -> str:
        email = super().clean_email()
        # A password would not let them in; the mail is the one for an address that is not known here.
        self.users = [
            user
            for user in self.users
            if not belongs_to_single_sign_on(user) and not demonstration.refuses(user, context.request)
        ]
        return email


class ResetPasswordKeyForm(AccountMixin, forms.ResetPasswordKeyForm):
    def clean(self) -> dict:
        if self.user and demonstration.refuses(self.user, context.request):
            raise PermissionDenied
        return super().clean()


class OnceMixin:
    """A code of the app works once. allauth remembers that for 30 seconds, but takes the code for 90."""

    REMEMBERED = 120

    def clean_code(self) -> str:
        code = super().clean_code()
        plain = "".join(filter(str.isalnum, code)).upper()
        if not cache.add(f"second-factor-used:{self.user.pk}:{plain}", True, timeout=self.REMEMBERED):
            raise get_adapter().validation_error("incorrect_code")
        return code


class SecondFactorForm(AccountMixin, OnceMixin, second_factor_forms.AuthenticateForm):
    pass


class SecondFactorAgainForm(AccountMixin, OnceMixin, second_factor_forms.ReauthenticateForm):
    pass
