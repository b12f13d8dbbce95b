from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from pins.models import Pin


@require_safe
def map_page(request):
    return render(request, "pins/map.html")


@require_safe
def pin_list(request):
    return render(request, "pins/list.html", {"pins": Pin.objects.public()[:50]})


@require_safe
def pin_detail(request, public_id):
    pin = get_object_or_404(Pin.objects.public(), public_id=public_id)
    return render(request, "pins/pin.html", {"pin": pin})
