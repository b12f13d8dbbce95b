"""Staff addresses of the map. Views here read pins only through Pin.objects.visible_to(request.user)."""

from django.urls import path

from pins import staff_views

app_name = "staff"

urlpatterns = [
    path("", staff_views.home, name="home"),
    path("pins/<uuid:public_id>/", staff_views.pin_detail, name="pin"),
]
