from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class DigestItem(models.Model):
    """One thing that a person's next daily email asks them for. No text: what is asked is said when it is sent."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="digest_items",
    )
    kind = models.SlugField(max_length=40)
    about = models.CharField(max_length=80)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="digest_item_asks_a_person_for_one_thing_once", fields=["user", "kind", "about"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.about}"
