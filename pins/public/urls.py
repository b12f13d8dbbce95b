"""Public addresses of the map. Views here read pins only through Pin.objects.public()."""

from django.urls import path

from pins.public import views

app_name = "pins"

urlpatterns = [
    path("", views.map_page, name="map"),
    path("list/", views.pin_list, name="list"),
    path("embed/", views.map_embed, name="embed"),
    path("embed/list/", views.list_embed, name="embed-list"),
    path("pins/<uuid:public_id>/", views.pin_detail, name="pin"),
    path("tiles/<int:z>/<int:x>/<int:y>.json", views.tile, name="tile"),
    path("areas.json", views.area_outlines, name="areas"),
    path("places/", views.places, name="places"),
]
