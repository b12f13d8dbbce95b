"""The portal's addresses, and one that does nothing: the floor to measure against."""

from django.http import HttpResponse
from django.urls import path

from community_map.urls import urlpatterns


def bare(request):
    return HttpResponse("constant")


urlpatterns = [*urlpatterns, path("bare/", bare)]
