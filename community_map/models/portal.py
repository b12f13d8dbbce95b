from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class Portal(models.Model):
    """The one row that makes this installation a particular council's: its names, texts and policies."""

    ONLY_ID = 1

    council_name = models.CharField(_("council"), max_length=100, default="Your council")
    portal_name = models.CharField(_("name of this portal"), max_length=100, default="Community map")
    place_name = models.CharField(
        _("area it covers"),
        max_length=100,
        default="our area",
        help_text=_("For example: Barnet, as in “communities in Barnet”"),
    )
    team_name = models.CharField(_("team that runs it"), max_length=100, default="participation team")
    mailbox = models.EmailField(_("team mailbox"), default="participation@example.org")
    introduction = models.TextField(_("introduction on the home page"), blank=True)
    map_help = models.TextField(_("how to use the map"), blank=True)
    privacy_text = models.TextField(_("your own text for the privacy page"), blank=True)
    accessibility_text = models.TextField(_("your own text for the accessibility statement"), blank=True)
    is_demo = models.BooleanField(
        _("demonstration"), default=False, help_text=_("Every page says that this is a demonstration.")
    )

    outline = models.ForeignKey(
        "community_map.Area",
        verbose_name=_("outline"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Pins must be inside this area. If it is empty, they can be anywhere."),
    )
    west = models.FloatField(_("western edge of the map"), default=-8.2)
    south = models.FloatField(_("southern edge of the map"), default=49.9)
    east = models.FloatField(_("eastern edge of the map"), default=1.8)
    north = models.FloatField(_("northern edge of the map"), default=60.9)

    moderators_decide_own_pins = models.BooleanField(
        _("moderators can decide on their own pins"),
        default=False,
        help_text=_("If this is off, another moderator has to decide."),
    )
    sensitive_pins_need_two = models.BooleanField(
        _("sensitive pins need two moderators"),
        default=False,
        help_text=_(
            "For sensitive pins that everyone can see. The first moderator agrees and the second publishes."
        ),
    )
    shows_services = models.BooleanField(
        _("public pages show which teams work with a community"), default=True
    )
    count_threshold = models.PositiveSmallIntegerField(
        _("smallest number shown for seldom-heard groups"),
        default=10,
        validators=[MinValueValidator(2), MaxValueValidator(100)],
        help_text=_(
            "For figures about seldom-heard groups, and figures that are printed or published. "
            "The public map and list always show exact numbers."
        ),
    )
    return_templates = models.TextField(
        _("standard reasons for returning a pin"), blank=True, help_text=_("Enter each reason on a new line.")
    )
    decline_templates = models.TextField(
        _("standard reasons for declining a pin"), blank=True, help_text=_("Enter each reason on a new line.")
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("portal")
        verbose_name_plural = _("portal")
        constraints = [
            models.CheckConstraint(name="portal_is_one_row", condition=Q(pk=1)),
            models.CheckConstraint(
                name="portal_extent_has_an_inside", condition=Q(west__lt=F("east"), south__lt=F("north"))
            ),
            models.CheckConstraint(
                name="portal_extent_is_on_earth",
                condition=Q(west__gte=-180, east__lte=180, south__gte=-85, north__lte=85),
            ),
        ]

    def __str__(self) -> str:
        return self.portal_name

    def save(self, **kwargs) -> None:
        self.pk = self.ONLY_ID
        super().save(**kwargs)

    @classmethod
    def load(cls) -> "Portal":
        """The row, or an unsaved one with the defaults before an administrator has filled it in."""
        return cls.objects.filter(pk=cls.ONLY_ID).first() or cls(pk=cls.ONLY_ID)
