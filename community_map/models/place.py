import re
import unicodedata

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community_map import geo


def search_key(text: str) -> str:
    """Return the text as the gazetteer compares it: lower case, no accents, only letters and digits."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[^0-9a-z]+", "", "".join(c for c in folded if not unicodedata.combining(c)))


class Place(models.Model):
    """A named point of the gazetteer: a town centre, station, park, library, postcode or postcode district."""

    POSTCODE_KINDS = ("postcode", "postcode-district")

    name = models.CharField(_("name"), max_length=100)
    kind = models.SlugField(_("kind"), max_length=40)
    longitude = models.FloatField(_("longitude"))
    latitude = models.FloatField(_("latitude"))
    mercator_x = models.IntegerField(editable=False)
    mercator_y = models.IntegerField(editable=False)
    search_name = models.CharField(max_length=100, editable=False, db_index=True)

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "name"], name="place_name_is_used_once_in_a_kind"),
            models.CheckConstraint(
                name="place_is_on_earth",
                condition=Q(longitude__gte=-180, longitude__lte=180, latitude__gte=-90, latitude__lte=90),
            ),
        ]
        indexes = [models.Index(fields=["mercator_x", "mercator_y"], name="place_position")]

    def __str__(self) -> str:
        return self.name

    def save(self, **kwargs) -> None:
        self.derive()
        super().save(**kwargs)

    def derive(self) -> None:
        """Fill the columns that follow from the others; bulk writers call it themselves."""
        self.mercator_x, self.mercator_y = geo.mercator(self.longitude, self.latitude)
        self.search_name = search_key(self.name)
