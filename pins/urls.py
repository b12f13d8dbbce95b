"""The front page, and what is under /map/ and /staff/."""

from django.urls import include, path

from pins.public.views import home

urlpatterns = [
    path("", home, name="home"),
    path("map/", include("pins.public.urls")),
    path("staff/", include("pins.staff.urls")),
]
