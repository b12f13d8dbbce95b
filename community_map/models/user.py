from django.conf import settings
from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _


def person_field(label, **options) -> models.ForeignKey:
    """A column that notes which person did something; empty where nobody has, or nobody who was signed in."""
    # PROTECT: people who leave are made inactive, never deleted.
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=label,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        **options,
    )


class UserManager(BaseUserManager):
    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        if not email:
            raise ValueError("a user needs an email address")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        user.vouch_for_email()
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True, **fields})

    def get_by_natural_key(self, email: str) -> "User":
        return self.get(email__iexact=email)


class User(AbstractUser):
    """A person who signs in. The email address is the login; the name is never shown in public."""

    username = None
    first_name = None
    last_name = None
    email = models.EmailField(_("email address"), unique=True)
    name = models.CharField(_("name"), max_length=100, blank=True)
    service = models.ForeignKey(
        "community_map.Service",
        verbose_name=_("team"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="users",
    )
    # A person speaks for their team and for these, and for no others: see access.service_ids.
    other_services = models.ManyToManyField(
        "community_map.Service",
        verbose_name=_("other teams"),
        blank=True,
        related_name="other_users",
        help_text=_("Other teams that this person belongs to and can answer for."),
    )
    warned_at = models.DateTimeField(
        _("warned that the account will be deactivated"), null=True, blank=True, editable=False
    )
    role_asked_at = models.DateTimeField(
        _("administrators emailed about the missing role"), null=True, blank=True, editable=False
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    objects = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_is_one_persons_whatever_its_case"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name or self.email

    get_short_name = get_full_name

    def others_administer(self) -> bool:
        """Is there an active administrator beside this one? Needs a transaction.

        Their rows are locked, so that two administrators cannot remove each other at the same moment.
        """
        administrators = User.objects.select_for_update().filter(is_superuser=True, is_active=True)
        return any(other.pk != self.pk for other in administrators.order_by("pk"))

    def vouch_for_email(self) -> None:
        """Note that the email address is theirs, on the word of whoever typed it; signing in asks for that."""
        from allauth.account.models import EmailAddress

        EmailAddress.objects.update_or_create(
            user=self, primary=True, defaults={"email": self.email, "verified": True}
        )

    def _get_session_auth_hash(self, secret=None) -> str:
        """What a session must match at every request: password, deactivation and roles, as they are now.

        So whoever loses or gains a role, or is deactivated, signs in anew; Django ends the session.
        """
        # The same request's questions about roles are answered from here: see access.roles.
        self._access_groups = frozenset(self.groups.values_list("name", flat=True))
        may = f"{self.is_active} {self.is_staff} {self.is_superuser} {sorted(self._access_groups)}"
        return salted_hmac(
            "community_map.User.session", f"{self.password} {may}", secret=secret, algorithm="sha256"
        ).hexdigest()
