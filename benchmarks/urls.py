"""The portal's addresses, and one that does nothing: the floor to measure against."""

from django.http import HttpResponse
from django.urls import path

from community_map.urls import (  # noqa: F401 (the handlers belong to the root of the addresses)
    handler400,
    handler403,
    handler404,
    handler500,
    urlpatterns,
)


def bare(request):
    return HttpResponse("constant")


urlpatterns = [*urlpatterns, path("bare/", bare)]
