import uuid

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.validators import MaxLengthValidator, URLValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from community_map import access
from community_map.geo import Position
from pins.models.choices import Precision, Status, Visibility, is_public
from pins.models.connection import Connection


def _all_or_none(*columns: str) -> Q:
    return Q(**dict.fromkeys(columns)) | Q(**{f"{name}__isnull": False for name in columns})


class PrivateColumn(AttributeError):
    """Public code asked a pin for a column that the public query leaves out."""


class PinQuerySet(models.QuerySet):
    # What public() loads. The exact position, the author and every staff column stay in the database.
    PUBLIC_COLUMNS = (
        "public_id",
        "name",
        "category",
        "about",
        "description",
        "web_page",
        "precision",
        "initiative",
        "public_longitude",
        "public_latitude",
        "public_mercator_x",
        "public_mercator_y",
        "public_near",
        "last_confirmed_at",
        "published_at",
    )

    def public(self) -> "PinQuerySet":
        """The pins that anyone may read, with the public columns only; asking for another raises PrivateColumn."""
        return self.filter(is_public()).only(*self.PUBLIC_COLUMNS)

    def visible_to(self, user) -> "PinQuerySet":
        """The pins that this user may know of in the staff area. Every staff way in starts here; the default is none."""
        scopes = {scope for role in access.roles(user) for scope in access.PIN_SCOPES[role]}
        if not scopes:
            return self.none()
        if access.Scope.ALL in scopes:
            return self.all()
        allowed = Q(pk__in=[])
        for scope in scopes:
            allowed |= self._scope(scope, user)
        return self.filter(allowed)

    def _scope(self, scope: access.Scope, user) -> Q:
        match scope:
            case access.Scope.OWN:
                return Q(created_by=user)
            case access.Scope.ORGANISATION:
                services = access.service_ids(user)
                partners = get_user_model().objects.filter(
                    Q(service__in=services) | Q(other_services__in=services), groups__name=access.PARTNERS
                )
                return Q(created_by__in=partners)
            case access.Scope.CHECKED_OR_WAITING:
                # What is sensitive is for the eyes of its team until a moderator has checked it.
                checked = Q(status=Status.PUBLISHED) | Q(status=Status.SUBMITTED, is_sensitive=False)
                return checked & Q(visibility__lte=Visibility.STAFF)
            case access.Scope.TEAM:
                known = Connection.objects.filter(service__in=access.service_ids(user)).values("pin")
                team_only = Q(status=Status.PUBLISHED, visibility=Visibility.TEAM)
                waiting = Q(status=Status.SUBMITTED, visibility__lte=Visibility.STAFF, is_sensitive=True)
                return Q(pk__in=known) & (team_only | waiting)
        return Q(pk__in=[])

    def waiting(self) -> "PinQuerySet":
        """The pins that wait for a moderator, oldest first."""
        return self.filter(status=Status.SUBMITTED).order_by("submitted_at", "pk")


class Pin(models.Model):
    """One community on the map."""

    class About(models.TextChoices):
        COMMUNITY = "community", _("An informal community")
        ORGANISATION = "organisation", _("An organisation")
        ASSET = "asset", _("An asset, such as a hall or a park")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=100)
    category = models.ForeignKey(
        "pins.Category", verbose_name=_("category"), on_delete=models.PROTECT, related_name="pins"
    )
    about = models.CharField(_("what it is"), max_length=12, choices=About, default=About.COMMUNITY)
    description = models.TextField(
        _("what they do"), max_length=300, blank=True, validators=[MaxLengthValidator(300)]
    )
    meeting = models.CharField(_("where and when to meet them"), max_length=200, blank=True)
    web_page = models.URLField(
        _("web page"), max_length=300, blank=True, validators=[URLValidator(schemes=["https"])]
    )
    initiative = models.ForeignKey(
        "community_map.Initiative",
        verbose_name=_("initiative"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="pins",
    )
    offers = models.ManyToManyField(
        "pins.Offer", verbose_name=_("what they can offer"), blank=True, related_name="pins"
    )
    less_heard_groups = models.ManyToManyField(
        "pins.LessHeardGroup", verbose_name=_("seldom-heard groups"), blank=True, related_name="pins"
    )

    # Where it is, for staff. Both are empty where there is no single place.
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    mercator_x = models.IntegerField(null=True, editable=False)
    mercator_y = models.IntegerField(null=True, editable=False)
    near = models.ForeignKey(
        "community_map.Place", on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    areas = models.ManyToManyField("community_map.Area", editable=False, related_name="pins")

    # Where the public sees it: written with the pin by pins.placing, never computed on the way out.
    public_longitude = models.FloatField(null=True, editable=False)
    public_latitude = models.FloatField(null=True, editable=False)
    public_mercator_x = models.IntegerField(null=True, editable=False)
    public_mercator_y = models.IntegerField(null=True, editable=False)
    public_near = models.ForeignKey(
        "community_map.Place", on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    public_areas = models.ManyToManyField("community_map.Area", editable=False, related_name="public_pins")

    precision = models.PositiveSmallIntegerField(_("how much detail the map shows"), choices=Precision)
    # The answer to "Is this somebody's home?", which is asked where the place is exact; empty: not asked.
    is_home = models.BooleanField(_("is this somebody’s home?"), null=True, blank=True)
    visibility = models.PositiveSmallIntegerField(_("who can see it"), choices=Visibility)
    status = models.CharField(
        _("status"), max_length=10, choices=Status, default=Status.SUBMITTED, editable=False
    )

    # The category's limits, copied so that the database can hold the pin to them.
    loosest_visibility = models.PositiveSmallIntegerField(editable=False)
    finest_precision = models.PositiveSmallIntegerField(editable=False)
    is_sensitive = models.BooleanField(editable=False)

    # The group's agreement to be shown to everyone: who asked, when, how. Only sensitive categories ask.
    agreement = models.CharField(_("how the group agreed to be shown"), max_length=300, blank=True)
    agreement_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    agreement_at = models.DateTimeField(null=True, blank=True, editable=False)
    # "Community safety works with them" is no neutral fact: of a sensitive pin it is public only by agreement too.
    services_agreed = models.BooleanField(
        _("they also agreed that we can say which teams work with them, and how"), default=False
    )

    # PROTECT: staff who leave are made inactive, never deleted, so a pin keeps its author.
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("sent by"),
        on_delete=models.PROTECT,
        editable=False,
        related_name="pins",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(_("sent"), editable=False)
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    last_confirmed_at = models.DateField(_("last confirmed"), null=True, blank=True)
    review_due = models.DateField(_("review due"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, editable=False, related_name="merged_pins"
    )
    seconds_taken = models.PositiveIntegerField(null=True, editable=False)
    idempotency_key = models.UUIDField(default=uuid.uuid4, editable=False)
    # Which kinds of personal detail the writer was shown in which field, and kept: {"description": ["phone"]}.
    details_kept = models.JSONField(default=dict, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    history = HistoricalRecords(m2m_fields=[offers])
    objects = PinQuerySet.as_manager()

    class Meta:
        verbose_name = _("pin")
        verbose_name_plural = _("pins")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["mercator_x", "mercator_y"], name="pin_position"),
            models.Index(
                fields=["public_mercator_x", "public_mercator_y"],
                name="pin_public_position",
                condition=Q(status="published", visibility=0),
            ),
            models.Index(fields=["status", "submitted_at"], name="pin_queue"),
            models.Index(fields=["status", "visibility", "-published_at"], name="pin_latest"),
        ]
        constraints = [
            models.CheckConstraint(
                name="pin_never_looser_than_its_category_allows",
                condition=Q(visibility__gte=F("loosest_visibility"), visibility__lte=Visibility.TEAM),
            ),
            models.CheckConstraint(
                name="pin_never_finer_than_its_category_allows",
                condition=Q(precision__gte=F("finest_precision"), precision__lte=Precision.BOROUGH),
            ),
            models.CheckConstraint(
                name="pin_that_is_sensitive_is_public_only_by_agreement",
                condition=Q(is_sensitive=False) | Q(visibility__gte=Visibility.STAFF) | ~Q(agreement=""),
            ),
            models.CheckConstraint(
                name="pin_that_is_sensitive_is_never_finer_than_neighbourhood",
                condition=Q(is_sensitive=False) | Q(precision__gte=Precision.NEIGHBOURHOOD),
            ),
            models.CheckConstraint(
                name="pin_with_an_agreement_says_who_recorded_it_and_when",
                condition=Q(agreement="") | Q(agreement_by__isnull=False, agreement_at__isnull=False),
            ),
            models.CheckConstraint(
                name="pin_names_its_services_by_agreement_only_where_there_is_one",
                condition=Q(services_agreed=False) | ~Q(agreement=""),
            ),
            models.CheckConstraint(
                name="pin_at_a_home_is_never_exact",
                condition=~Q(precision=Precision.EXACT) | Q(is_home=None) | Q(is_home=False),
            ),
            models.CheckConstraint(
                name="pin_has_a_whole_place_or_none",
                condition=_all_or_none("longitude", "latitude", "mercator_x", "mercator_y"),
            ),
            models.CheckConstraint(
                name="pin_is_on_earth",
                condition=Q(longitude=None)
                | Q(longitude__gte=-180, longitude__lte=180, latitude__gte=-90, latitude__lte=90),
            ),
            models.CheckConstraint(
                name="pin_has_a_whole_public_place_or_none",
                condition=_all_or_none(
                    "public_longitude", "public_latitude", "public_mercator_x", "public_mercator_y"
                ),
            ),
            models.CheckConstraint(
                name="pin_across_the_borough_is_not_drawn",
                condition=~Q(precision=Precision.BOROUGH) | Q(public_longitude=None),
            ),
            models.CheckConstraint(
                name="pin_without_a_place_is_across_the_borough",
                condition=Q(longitude__isnull=False) | Q(precision=Precision.BOROUGH),
            ),
            models.CheckConstraint(
                name="pin_status_is_one_of_the_five",
                condition=Q(status__in=["submitted", "published", "returned", "declined", "archived"]),
            ),
            models.CheckConstraint(name="pin_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="pin_that_is_published_says_since_when",
                condition=~Q(status="published") | Q(published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="pin_that_is_merged_is_archived", condition=Q(merged_into=None) | Q(status="archived")
            ),
            models.CheckConstraint(name="pin_is_not_merged_into_itself", condition=~Q(merged_into=F("pk"))),
            models.UniqueConstraint(fields=["created_by", "idempotency_key"], name="pin_is_sent_once"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("pins:pin", args=[self.public_id])

    def refresh_from_db(self, using=None, fields=None, from_queryset=None) -> None:
        # Django calls this with one field when code touches a deferred column. A column that a public
        # query left out must not be fetched behind its back.
        hidden = self.get_deferred_fields()
        if fields and hidden and set(fields) & hidden:
            raise PrivateColumn(f"public code has no way to Pin.{', Pin.'.join(sorted(fields))}")
        super().refresh_from_db(using=using, fields=fields, from_queryset=from_queryset)

    @property
    def names_services(self) -> bool:
        """May the public read which services work with them, and how? See ConnectionQuerySet.told."""
        return self.services_agreed or not self.is_sensitive

    @property
    def is_placed(self) -> bool:
        return self.longitude is not None

    @property
    def position(self) -> Position | None:
        """Where it is, for staff; None where there is no single place."""
        return Position(self.longitude, self.latitude) if self.is_placed else None
