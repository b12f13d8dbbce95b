"""What editors do in admin: write, preview, publish and retire; read feedback; use what was sent in."""

from toolkit.admin import components, pages, submissions  # noqa: F401
