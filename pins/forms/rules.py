"""Who may see a pin and how closely: the rules that the staff form, admin and any import of pins share.

The database holds a pin to the same rules by its constraints, and says nothing that a person could act on.
"""

from dataclasses import asdict, dataclass, replace

from django.db.models import IntegerChoices
from django.forms import BaseForm
from django.utils.translation import gettext as _

from pins.models import Category, Precision, Visibility


@dataclass(frozen=True)
class Sharing:
    """The answers of a pin that say who may see it and how closely. None is a question not answered."""

    visibility: int | None
    precision: int | None
    agreement: str = ""
    services_agreed: bool = False
    is_home: bool | None = None

    @classmethod
    def of(cls, cleaned: dict) -> "Sharing":
        """The answers among a form's cleaned data; one that the form has refused is missing there."""
        return cls(
            visibility=cleaned.get("visibility"),
            precision=cleaned.get("precision"),
            agreement=cleaned.get("agreement") or "",
            services_agreed=bool(cleaned.get("services_agreed")),
            is_home=cleaned.get("is_home"),
        )


def asks_agreement(category: Category, visibility: int) -> bool:
    """Is a pin like this shown only if the group has agreed?"""
    return category.is_sensitive and visibility == Visibility.PUBLIC


def with_defaults(category: Category, answers: Sharing, *, is_placed: bool) -> Sharing:
    """Fill in the category's usual answers where none was given; what has no single place is across the borough."""
    visibility = category.default_visibility if answers.visibility is None else answers.visibility
    precision = category.default_precision if answers.precision is None else answers.precision
    return replace(answers, visibility=visibility, precision=precision if is_placed else Precision.BOROUGH)


def faults(category: Category, answers: Sharing) -> dict[str, str]:
    """Return what is wrong with answers that with_defaults has filled in: a sentence for each field, or nothing.

    With no fault the database stores them. It also stores an exact place of which nobody has said whether it is a
    home, because older pins were not asked; here that is a fault.
    """
    found = (rule(category, answers) for rule in (_visibility_fault, _precision_fault, _agreement_fault))
    return dict(filter(None, found))


def check(form: BaseForm, category: Category, answers: Sharing) -> None:
    """Give a form these answers, and say beside its fields what is wrong with them."""
    form.cleaned_data.update(asdict(answers))
    for field, sentence in faults(category, answers).items():
        form.add_error(field, sentence)


def _visibility_fault(category: Category, answers: Sharing) -> tuple[str, str] | None:
    if answers.visibility >= category.loosest_visibility:
        return None
    return "visibility", _limit_sentence(category, Visibility(category.loosest_visibility))


def _precision_fault(category: Category, answers: Sharing) -> tuple[str, str] | None:
    if answers.precision < category.finest_precision:
        return "precision", _limit_sentence(category, Precision(category.finest_precision))
    if answers.precision > Precision.EXACT or answers.is_home is False:
        return None
    if answers.is_home:
        return "precision", _(
            "We never show the exact place of a home. Choose “This street” or an answer below it"
        )
    return "is_home", _("Select yes if this exact place is somebody’s home")


def _agreement_fault(category: Category, answers: Sharing) -> tuple[str, str] | None:
    if answers.agreement:
        return None
    if asks_agreement(category, answers.visibility):
        return "agreement", _("Enter how the group agreed to be shown to everyone, or choose “Council staff”")
    if answers.services_agreed:
        return "services_agreed", _("Enter how the group agreed to be shown to everyone")
    return None


def _limit_sentence(category: Category, limit: IntegerChoices) -> str:
    is_last = limit == max(type(limit))
    sentence = (
        _("For “%(category)s”, choose “%(limit)s”")
        if is_last
        else _("For “%(category)s”, choose “%(limit)s” or an answer below it")
    )
    return sentence % {"category": category.name, "limit": limit.label}
