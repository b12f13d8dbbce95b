"""The small things that pages are made of: prompts, tools, voices and the terms of the glossary."""

from django.core.validators import MaxLengthValidator, URLValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from community_map.models.user import person_field
from toolkit.models.publishable import PublicationStatus, Publishable

NOT_HTTPS = _("Enter a full web address that starts with https://")
https_validator = URLValidator(schemes=["https"], message=NOT_HTTPS)


class Prompt(Publishable):
    """A question that readers ask themselves. Answers stay in the reader's own browser."""

    class Kind(models.TextChoices):
        OPEN = "open", _("Open question")
        SCALE = "scale", _("Five-point scale")

    TEXTS = ("question", "kind", "scale_low", "scale_high", "help")

    question = models.CharField(_("question"), max_length=250)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.OPEN)
    scale_low = models.CharField(_("what 1 means"), max_length=80, blank=True)
    scale_high = models.CharField(_("what 5 means"), max_length=80, blank=True)
    help = models.CharField(_("hint"), max_length=300, blank=True)

    history = HistoricalRecords()

    class Meta(Publishable.Meta):
        verbose_name = _("prompt")
        verbose_name_plural = _("prompts")
        ordering = ["question"]
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                name="prompt_on_a_scale_says_what_its_ends_mean",
                violation_error_message=_("Enter what 1 and 5 mean on the scale."),
                condition=~Q(kind="scale") | (~Q(scale_low="") & ~Q(scale_high="")),
            ),
        ]

    def __str__(self) -> str:
        return self.question


class Tool(Publishable):
    """A link to something useful elsewhere, what it is for, and when somebody last looked that it works."""

    TEXTS = ("name", "url", "what_for", "last_checked", "approaches")

    name = models.CharField(_("name"), max_length=100)
    url = models.CharField(_("address"), max_length=300, validators=[https_validator])
    what_for = models.CharField(_("what it is for"), max_length=300)
    last_checked = models.DateField(_("link last checked"), null=True, blank=True)
    approaches = models.ManyToManyField(
        "community_map.Approach", verbose_name=_("approaches"), blank=True, related_name="+"
    )

    history = HistoricalRecords(m2m_fields=[approaches])

    class Meta(Publishable.Meta):
        verbose_name = _("tool")
        verbose_name_plural = _("tools")
        ordering = ["name"]
        constraints = [
            *Publishable.Meta.constraints,
            # The page links to it as it is: no script may stand there, whatever way it got in.
            models.CheckConstraint(
                name="tool_address_begins_with_https",
                violation_error_message=NOT_HTTPS,
                condition=Q(url__startswith="https://"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse('toolkit:tools')}#{self.slug}"


class Voice(Publishable):
    """A resident's own words, published only with their consent."""

    class Medium(models.TextChoices):
        TEXT = "text", _("Words")
        AUDIO = "audio", _("Audio")
        VIDEO = "video", _("Video")

    TEXTS = ("title", "words", "said_by", "medium", "media_url", "transcript")

    title = models.CharField(_("title"), max_length=100)
    words = models.TextField(_("their words"), validators=[MaxLengthValidator(2000)])
    said_by = models.CharField(
        _("said by"),
        max_length=100,
        help_text=_("How they agreed to be described. For example: A resident of Hendon, 2022"),
    )
    medium = models.CharField(_("medium"), max_length=10, choices=Medium, default=Medium.TEXT)
    media_url = models.CharField(
        _("web address of the recording"), max_length=300, blank=True, validators=[https_validator]
    )
    transcript = models.TextField(_("transcript"), blank=True, validators=[MaxLengthValidator(20_000)])
    is_illustrative = models.BooleanField(
        _("illustrative"),
        default=False,
        help_text=_("Invented, and labelled as such. Does not need consent."),
    )
    consent_given_on = models.DateField(_("consent given on"), null=True, blank=True)
    consent_how = models.CharField(
        _("how consent was given"),
        max_length=200,
        blank=True,
        help_text=_("For example: signed form, held by the participation team"),
    )
    consent_recorded_by = person_field(_("consent recorded by"))
    consent_withdrawn_on = models.DateField(_("consent withdrawn on"), null=True, blank=True)

    history = HistoricalRecords()

    class Meta(Publishable.Meta):
        verbose_name = _("voice")
        verbose_name_plural = _("voices")
        ordering = ["title"]
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                name="voice_is_published_only_with_consent",
                violation_error_message=_(
                    "You can publish a voice only with consent that has not been withdrawn. Enter when and how it was given."
                ),
                condition=~Q(status=PublicationStatus.PUBLISHED)
                | Q(is_illustrative=True)
                | (Q(consent_given_on__isnull=False, consent_withdrawn_on__isnull=True) & ~Q(consent_how="")),
            ),
            models.CheckConstraint(
                name="voice_recorded_has_a_transcript",
                violation_error_message=_("Enter a web address and a transcript for the recording."),
                condition=Q(medium="text") | (~Q(media_url="") & ~Q(transcript="")),
            ),
            models.CheckConstraint(
                name="voice_recording_begins_with_https",
                violation_error_message=NOT_HTTPS,
                condition=Q(media_url="") | Q(media_url__startswith="https://"),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"{reverse('toolkit:voices')}#{self.slug}"


class Term(Publishable):
    """A word of the glossary."""

    TEXTS = ("name", "other_names", "definition")

    name = models.CharField(_("term"), max_length=80)
    other_names = models.TextField(
        _("other names"),
        blank=True,
        help_text=_("Enter one on each line, for example an abbreviation."),
        validators=[MaxLengthValidator(500)],
    )
    definition = models.CharField(_("meaning"), max_length=400)

    history = HistoricalRecords()

    class Meta(Publishable.Meta):
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse('toolkit:glossary')}#{self.slug}"

    @property
    def names(self) -> list[str]:
        """The term and its other names."""
        return [self.name, *(line.strip() for line in self.other_names.splitlines() if line.strip())]
