"""Staff addresses of the map. Views here read pins only through Pin.objects.visible_to(request.user)."""

from django.urls import path

from pins import staff_form_views, staff_map_views, staff_views

app_name = "staff"

urlpatterns = [
    path("", staff_views.home, name="home"),
    path("map/", staff_map_views.map_page, name="map"),
    path("list/", staff_map_views.pin_list, name="list"),
    path("tiles/<int:z>/<int:x>/<int:y>.json", staff_map_views.tile, name="tile"),
    path("pins/new/", staff_form_views.pin_new, name="new"),
    path("pins/similar/", staff_form_views.similar, name="similar"),
    path("pins/places/", staff_form_views.places, name="places"),
    path("pins/where/", staff_form_views.where, name="where"),
    path("pins/<uuid:public_id>/", staff_views.pin_detail, name="pin"),
    path("pins/<uuid:public_id>/sent/", staff_form_views.pin_sent, name="sent"),
    path("pins/<uuid:public_id>/edit/", staff_form_views.pin_edit, name="edit"),
    path("pins/<uuid:public_id>/connect/", staff_views.pin_connect, name="connect"),
    path("pins/<uuid:public_id>/withdraw/", staff_views.pin_withdraw, name="withdraw"),
]
