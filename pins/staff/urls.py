"""Staff addresses of the map. Views here read pins only through Pin.objects.visible_to(request.user)."""

from django.urls import path

from pins.staff import home, pin, pin_form
from pins.staff import map as map_pages

app_name = "staff"

urlpatterns = [
    path("", home.home, name="home"),
    path("map/", map_pages.map_page, name="map"),
    path("list/", map_pages.pin_list, name="list"),
    path("tiles/<int:z>/<int:x>/<int:y>.json", map_pages.tile, name="tile"),
    path("pins/new/", pin_form.pin_new, name="new"),
    path("pins/similar/", pin_form.similar, name="similar"),
    path("pins/where/", pin_form.where, name="where"),
    path("pins/places/", pin_form.places, name="places"),
    path("pins/<uuid:public_id>/", pin.pin_detail, name="pin"),
    path("pins/<uuid:public_id>/sent/", pin_form.pin_sent, name="sent"),
    path("pins/<uuid:public_id>/edit/", pin_form.pin_edit, name="edit"),
    path("pins/<uuid:public_id>/connect/", pin.pin_connect, name="connect"),
    path("pins/<uuid:public_id>/withdraw/", pin.pin_withdraw, name="withdraw"),
]
