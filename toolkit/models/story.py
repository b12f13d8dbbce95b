import uuid

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community_map.models.user import person_field

LONGEST_STORY = 5000


class Story(models.Model):
    """What somebody sent in about working with a community. Read by editors only; never shown as it is."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("To review")
        USED = "used", _("Used in a case study")
        DECLINED = "declined", _("Not used")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # From the form, so that sending twice keeps one story.
    idempotency_key = models.UUIDField(unique=True, editable=False)
    title = models.CharField(_("title"), max_length=100)
    text = models.TextField(_("story"), validators=[MaxLengthValidator(LONGEST_STORY)])
    place_in_words = models.CharField(_("where"), max_length=100, blank=True)
    name = models.CharField(_("name"), max_length=100, blank=True)
    email = models.EmailField(_("email, for replies only"), blank=True)
    sent_by = person_field(_("sent by"), help_text=_("Empty if a resident sent it."))
    # Field names with the kinds of personal details that the writer chose to keep.
    details_kept = models.JSONField(default=dict, blank=True, editable=False)
    sent_at = models.DateTimeField(_("sent"), auto_now_add=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.WAITING)
    case_study = models.OneToOneField(
        "toolkit.CaseStudy",
        verbose_name=_("case study"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="story",
    )
    decided_by = person_field(_("decided by"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("story")
        verbose_name_plural = _("stories")
        ordering = ["sent_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="story_is_used_when_it_has_a_case_study",
                condition=Q(status="used", case_study__isnull=False)
                | (~Q(status="used") & Q(case_study__isnull=True)),
            ),
            models.CheckConstraint(
                name="story_that_is_decided_says_by_whom",
                condition=Q(status="waiting", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(status="waiting") & Q(decided_by__isnull=False, decided_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.title
