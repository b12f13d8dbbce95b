"""What readers choose by: situations by level and approach, case studies by words of the place, origin and approach."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from community_map.forms import CleanCharField, GovukForm
from toolkit.models import CaseStudy, Page
from toolkit.published import PublicCaseStudy, PublicPage
from toolkit.taxonomy import Taxonomy

NO_SUCH_CHOICE = {"invalid_choice": _("“%(value)s” is not one of the options. Choose another.")}


def _choice(label, choices=()) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=[("", _("All")), *choices], required=False, error_messages=NO_SUCH_CHOICE
    )


class ItemFilter(GovukForm):
    """Choices by approach; an address with a choice that does not exist is refused with a sentence."""

    approach = _choice(_("Approach"))

    def __init__(self, data: QueryDict, taxonomy: Taxonomy):
        super().__init__(data)
        self.by_slug = {approach.slug: approach for approach in taxonomy.approaches}
        self.fields["approach"].choices = [
            ("", _("All")),
            *(
                (approach.slug, approach.name)
                for approach in taxonomy.approaches
                if not approach.is_retired or self.data.get("approach") == approach.slug
            ),
        ]

    @property
    def is_used(self) -> bool:
        return any(self.data.get(name) for name in self.fields)

    def keep(self, items: list) -> list:
        """Return the items that are as chosen, in their order. Call it on a valid form."""
        return [item for item in items if self.keeps(item)]

    def keeps(self, item) -> bool:
        approach = self.by_slug.get(self.cleaned_data["approach"])
        return approach is None or approach.pk in item.approaches


class PageFilter(ItemFilter):
    level = _choice(_("Your experience"), Page.Level.choices)
    field_order = ("level", "approach")

    def keeps(self, item: PublicPage) -> bool:
        return super().keeps(item) and self.cleaned_data["level"] in {"", item.level}


class CaseStudyFilter(ItemFilter):
    place = CleanCharField(label=_("Place"), required=False, max_length=100)
    origin = _choice(_("Local or elsewhere"), CaseStudy.Origin.choices)
    field_order = ("place", "origin", "approach")

    def keeps(self, item: PublicCaseStudy) -> bool:
        place = self.cleaned_data["place"].casefold()
        return (
            super().keeps(item)
            and self.cleaned_data["origin"] in {"", item.origin}
            and place in item.place_in_words.casefold()
        )
