"""The door for the web server."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "community_map.settings")
os.environ.setdefault("WEB_PROCESS", "true")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
