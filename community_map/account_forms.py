"""allauth's forms in GOV.UK mark-up."""

from allauth.account import forms
from django.utils.translation import gettext_lazy as _

from community_map.forms import GovukMixin


class LoginForm(GovukMixin, forms.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail address")
        for name in ("login", "password"):
            self.fields[name].widget.attrs.pop("placeholder", None)
            self.fields[name].help_text = ""


class ResetPasswordForm(GovukMixin, forms.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(GovukMixin, forms.ResetPasswordKeyForm):
    pass


class ChangePasswordForm(GovukMixin, forms.ChangePasswordForm):
    pass


class SetPasswordForm(GovukMixin, forms.SetPasswordForm):
    pass


class AddEmailForm(GovukMixin, forms.AddEmailForm):
    pass


class ReauthenticateForm(GovukMixin, forms.ReauthenticateForm):
    pass
