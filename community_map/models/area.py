from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class BoundarySetQuerySet(models.QuerySet):
    def current(self) -> "BoundarySetQuerySet":
        """The sets that are valid today."""
        today = timezone.localdate()
        return self.filter(valid_from__lte=today).filter(Q(valid_to=None) | Q(valid_to__gt=today))


class BoundarySet(models.Model):
    """A set of areas that is valid from and to a date, such as the wards of 2022."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    kind = models.SlugField(
        _("kind"), max_length=40, help_text=_("One word, such as ward, constituency or outline.")
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    source = models.CharField(_("source and licence"), max_length=300, blank=True)
    is_illustrative = models.BooleanField(
        _("illustrative"), default=False, help_text=_("Drawn for a demonstration. Not an official boundary.")
    )

    objects = BoundarySetQuerySet.as_manager()

    class Meta:
        verbose_name = _("boundary set")
        verbose_name_plural = _("boundary sets")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="boundary_set_ends_after_it_begins",
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
            )
        ]

    def __str__(self) -> str:
        return self.name


class AreaQuerySet(models.QuerySet):
    def current(self) -> "AreaQuerySet":
        """The areas of the sets that are valid today."""
        return self.filter(boundary_set__in=BoundarySet.objects.current())

    def choosable(self) -> "AreaQuerySet":
        """The current areas that a filter or a form offers: all but the outline itself."""
        return self.current().exclude(boundary_set__kind="outline").defer("geometry")


class Area(models.Model):
    """A named polygon of a boundary set. Pins link to the row, so an update keeps the row."""

    boundary_set = models.ForeignKey(
        BoundarySet, verbose_name=_("boundary set"), on_delete=models.PROTECT, related_name="areas"
    )
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(_("short name in the web address"), max_length=140, unique=True)
    geometry = models.JSONField(
        _("geometry"), help_text=_("A GeoJSON MultiPolygon in longitude and latitude (WGS 84).")
    )
    # The middle of the area, for a pin that is placed by choosing it. Always inside the polygon.
    longitude = models.FloatField(_("longitude"))
    latitude = models.FloatField(_("latitude"))
    updated_at = models.DateTimeField(auto_now=True)

    objects = AreaQuerySet.as_manager()

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["boundary_set", "code"], name="area_code_is_used_once_in_a_set"),
            models.CheckConstraint(
                name="area_middle_is_on_earth",
                condition=Q(longitude__gte=-180, longitude__lte=180, latitude__gte=-90, latitude__lte=90),
            ),
        ]

    def __str__(self) -> str:
        return self.name
