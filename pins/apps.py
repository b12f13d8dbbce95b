from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PinsConfig(AppConfig):
    name = "pins"
    verbose_name = _("Community map")

    def ready(self) -> None:
        from pins import jobs, person_data, search  # noqa: F401  (they register themselves)
