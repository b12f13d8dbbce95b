"""What everything that editors write has in common: drafted, published from a date on, reviewed, retired."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# Stricter than Django's slugs: these stand in addresses and in the marks that place a thing in a text.
address_validator = RegexValidator(
    r"^[a-z0-9]+(-[a-z0-9]+)*$", _("Use lower-case letters, numbers and hyphens, for example who-to-involve.")
)


class PublicationStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")


class PublishableQuerySet(models.QuerySet):
    def due(self, now=None) -> "PublishableQuerySet":
        """What anyone may read at this moment."""
        return self.released().filter(publish_at__lte=now or timezone.now())

    def released(self) -> "PublishableQuerySet":
        """What anyone may read once its day has come: published and scheduled."""
        return self.filter(status=PublicationStatus.PUBLISHED)


class Publishable(models.Model):
    """Something that editors write and publish. It is retired, never deleted."""

    slug = models.CharField(
        _("short name (used in the web address)"), max_length=80, unique=True, validators=[address_validator]
    )
    status = models.CharField(
        _("status"), max_length=10, choices=PublicationStatus, default=PublicationStatus.DRAFT
    )
    publish_at = models.DateTimeField(
        _("publish from"),
        null=True,
        blank=True,
        help_text=_("Leave this empty to publish straight away. Enter a later time to schedule it."),
    )
    last_updated = models.DateTimeField(_("last updated"), default=timezone.now, editable=False)
    review_due = models.DateField(_("review due"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = PublishableQuerySet.as_manager()

    # The columns that readers see: a change to one of them is an update, and a restored version brings them back.
    TEXTS: tuple[str, ...] = ()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_that_is_published_has_a_date",
                condition=~Q(status=PublicationStatus.PUBLISHED) | Q(publish_at__isnull=False),
            ),
        ]

    @property
    def is_public(self) -> bool:
        """May anyone read it now?"""
        return self.status == PublicationStatus.PUBLISHED and self.publish_at <= timezone.now()

    @property
    def state(self) -> str:
        """The status in words, where a published page whose time has not come is scheduled."""
        if self.status == PublicationStatus.PUBLISHED and not self.is_public:
            return str(_("Scheduled"))
        return self.get_status_display()


class OldAddress(models.Model):
    """An address that a page or a case study had before it was renamed. It goes on working."""

    slug = models.CharField(max_length=80)
    page = models.ForeignKey(
        "toolkit.Page", on_delete=models.CASCADE, null=True, related_name="old_addresses"
    )
    case_study = models.ForeignKey(
        "toolkit.CaseStudy", on_delete=models.CASCADE, null=True, related_name="old_addresses"
    )

    class Meta:
        verbose_name = _("old address")
        verbose_name_plural = _("old addresses")
        constraints = [
            models.CheckConstraint(
                name="old_address_belongs_to_one_thing",
                condition=Q(page__isnull=False, case_study__isnull=True)
                | Q(page__isnull=True, case_study__isnull=False),
            ),
            models.UniqueConstraint(
                name="old_address_of_pages_is_used_once",
                fields=["slug"],
                condition=Q(page__isnull=False),
            ),
            models.UniqueConstraint(
                name="old_address_of_case_studies_is_used_once",
                fields=["slug"],
                condition=Q(case_study__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.slug
