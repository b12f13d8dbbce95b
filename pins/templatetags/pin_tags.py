from django import template

from community_map import access
from pins.models import Pin

register = template.Library()


@register.simple_tag
def waiting_count(user) -> int:
    """How many pins wait to be checked by this person; 0 for those who check none."""
    if user is None or not access.is_moderator(user):
        return 0
    return Pin.objects.visible_to(user).waiting().count()
