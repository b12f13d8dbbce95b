from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

from community_map.cached import Cached


class StaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Hashed, compressed static files, with the import lines of our own ES modules rewritten too."""

    support_js_module_import_aggregation = True
    # Before collectstatic has run, plain names serve `runserver` instead of a 500.
    manifest_strict = False

    def stored_name(self, name: str) -> str:
        """Return the hashed name, or the plain one of a file that is not built yet: the page still opens."""
        try:
            return super().stored_name(name)
        except ValueError:
            return name


_style_is_built: Cached[bool] = Cached()


def is_style_built() -> bool:
    """Do the pages find their style? Asked once in a process: the files are looked up when it starts."""
    return _style_is_built.get("since the start", _find_style)


def _find_style() -> bool:
    name = "css/main.css"
    return bool(finders.find(name)) if settings.DEBUG else staticfiles_storage.exists(name)
