from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from pins.models.choices import is_public


class QuestionQuerySet(models.QuerySet):
    def asked_of(self, category) -> "QuestionQuerySet":
        """The questions of today for a pin of this category, in order."""
        return self.filter(is_retired=False).filter(Q(category=None) | Q(category=category))


class Question(models.Model):
    """A question of the portal's own, asked on the thank-you page. Retired, never deleted."""

    class Kind(models.TextChoices):
        SHORT_TEXT = "short-text", _("Short text")
        LONG_TEXT = "long-text", _("Long text")
        ONE_OF = "one-of", _("One answer from a list")
        SOME_OF = "some-of", _("Any number of answers from a list")
        YES_NO = "yes-no", _("Yes or no")
        NUMBER = "number", _("Number")

    WITH_CHOICES = (Kind.ONE_OF, Kind.SOME_OF)

    category = models.ForeignKey(
        "pins.Category",
        verbose_name=_("category"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="questions",
        help_text=_("Leave empty to ask this for every category."),
    )
    label = models.CharField(_("question"), max_length=150)
    hint = models.CharField(_("hint"), max_length=200, blank=True)
    kind = models.CharField(_("kind of answer"), max_length=12, choices=Kind)
    choices = models.TextField(
        _("answers to choose from"), blank=True, help_text=_("Enter one answer on each line.")
    )
    is_required = models.BooleanField(_("must be answered"), default=False)
    is_public = models.BooleanField(
        _("answer is public"),
        default=False,
        help_text=_("Shown on public pins. If not ticked, only staff can see the answer."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_retired = models.BooleanField(
        _("retired"), default=False, help_text=_("We keep the answers, but no longer ask the question.")
    )

    history = HistoricalRecords()
    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                name="question_has_choices_when_its_kind_needs_them",
                condition=~Q(kind__in=["one-of", "some-of"]) | ~Q(choices=""),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def choice_list(self) -> list[str]:
        return [line.strip() for line in self.choices.splitlines() if line.strip()]

    def clean(self) -> None:
        if self.kind in self.WITH_CHOICES and len(set(self.choice_list)) < 2:
            raise ValidationError({"choices": _("Enter at least two different answers, one on each line.")})


class AnswerQuerySet(models.QuerySet):
    def told(self) -> "AnswerQuerySet":
        """What may be told wherever the pin is: answers to public questions."""
        return self.filter(question__is_public=True)

    def public(self) -> "AnswerQuerySet":
        """Answers that anyone may read: to public questions, of public pins."""
        return self.told().filter(is_public("pin__"))


class Answer(models.Model):
    """What was answered to one question about one pin, with the question as it was then asked."""

    pin = models.ForeignKey("pins.Pin", on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    asked_as = models.CharField(_("question as asked"), max_length=150)
    # A text, a number, true or false, or a list of texts, by the question's kind.
    value = models.JSONField(_("answer"))
    updated_at = models.DateTimeField(auto_now=True)

    history = HistoricalRecords()
    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["question__order", "question_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["pin", "question"], name="answer_is_one_row_for_a_question_and_a_pin"
            )
        ]

    def __str__(self) -> str:
        return f"{self.asked_as} {self.display}"

    @property
    def display(self) -> str:
        if isinstance(self.value, bool):
            return str(_("Yes")) if self.value else str(_("No"))
        if isinstance(self.value, list):
            return ", ".join(str(item) for item in self.value)
        return str(self.value)
