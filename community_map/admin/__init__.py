"""Django admin of what all apps share: the portal, people, services, vocabularies, boundaries and places."""

from community_map.admin import background, configuration, tasks, users

__all__ = ["background", "configuration", "tasks", "users"]
