"""Dropping a pin: the form, what it asks the server while it is filled in, and the page after sending."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community_map import access
from community_map.geo import PositionError, parse_position
from community_map.http.limits import PLACES_TIMES, Limit, limited, limited_search
from community_map.places import areas
from community_map.text import clean_text
from pins import actions, listing
from pins.forms import DetailsForm, PinForm
from pins.models import Category, Pin
from pins.similar import SimilarPin, find_similar
from pins.staff.guards import contributor_required, leads_on, own_connection, say_stale, visible_pin

# The script asks once when somebody stops typing or places the pin: for people, not for programs that try every word.
ASKED = gettext_lazy("You have asked more than {times} times in the last minute.")
SIMILAR = Limit("similar", times=60, seconds=60, per_person=True, cause=ASKED)
WHERE = Limit("where", times=60, seconds=60, per_person=True, cause=ASKED)


@contributor_required
@require_http_methods(["GET", "HEAD", "POST"])
def pin_new(request):
    if request.method != "POST":
        form = PinForm(user=request.user, initial=_started_from(request))
        return _show_form(request, form)
    sent = _already_sent(request)
    if sent:
        return redirect("staff:sent", sent.public_id)
    form = PinForm(_with_pressed_button(request), user=request.user)
    if "send" not in request.POST:
        return _show_form(request, form, asks_only=True)
    if not form.is_valid():
        return _show_form(request, form)
    pin, _is_new = actions.send_pin(form.make_pin(), form.position, form.connection, author=request.user)
    return redirect("staff:sent", pin.public_id)


@contributor_required
@require_http_methods(["GET", "HEAD", "POST"])
@leads_on()
def pin_edit(request, public_id):
    """The author changes the answers of a pin that waits or was returned."""
    pin = visible_pin(request, public_id)
    # Posted answers are not thrown away when the pin has been checked meanwhile: see resend_pin.
    is_late = request.method == "POST" and pin.created_by_id == request.user.pk
    if not is_late and not access.may_edit_pin(request.user, pin):
        raise PermissionDenied(
            _("This pin has been checked. To change it, contact the team that runs the map.")
        )
    if request.method != "POST":
        return _show_form(request, PinForm(user=request.user, pin=pin), pin=pin)
    form = PinForm(_with_pressed_button(request), user=request.user, pin=pin)
    if "send" not in request.POST:
        return _show_form(request, form, pin=pin, asks_only=True)
    if not form.is_valid():
        return _show_form(request, form, pin=pin)
    version = form.cleaned_data["version"] or 0
    try:
        actions.resend_pin(form.make_pin(), form.position, form.connection, by=request.user, version=version)
    except actions.StaleVersion as stale:
        say_stale(form, stale, pin)
        return _show_form(request, form, pin=pin, status=409)
    return redirect("staff:sent", pin.public_id)


def _started_from(request) -> dict:
    """The answers that "add another here" and links bring along; a wrong value is left out."""
    initial = {}
    category = Category.objects.in_use().filter(slug=request.GET.get("category", "")).first()
    if category:
        initial["category"] = category.pk
    near = _pin_called(request, request.GET.get("near", ""))
    if near and near.is_placed:
        initial |= {"longitude": near.longitude, "latitude": near.latitude}
    return initial


def _pin_called(request, text: str) -> Pin | None:
    """Return the pin with this public id, if it is one and this person may know of it."""
    public_id = _uuid(text)
    return Pin.objects.visible_to(request.user).filter(public_id=public_id).first() if public_id else None


def _already_sent(request) -> Pin | None:
    """Return the pin that this form has made before: a retry shows it instead of making a second one."""
    key = _uuid(request.POST.get("idempotency_key", ""))
    mine = Pin.objects.visible_to(request.user).filter(created_by=request.user)
    return mine.filter(idempotency_key=key).first() if key else None


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _with_pressed_button(request):
    """Return the posted answers after "swap them" has been pressed, if it was; without script this is a button."""
    data = request.POST.copy()
    if "swap" in data:
        data["longitude"], data["latitude"] = data.get("latitude", ""), data.get("longitude", "")
        data["placed_by"] = "coordinates"
    if not _uuid(data.get("idempotency_key", "")):
        data["idempotency_key"] = str(uuid.uuid4())
    return data


def _show_form(request, form: PinForm, *, pin: Pin | None = None, asks_only: bool = False, status: int = 0):
    """Answer with the form. After "find" and "check" it shows what was found and no errors yet."""
    context = {"form": form, "pin": pin, "asks_only": asks_only, "similar": [], "where": ""}
    if form.is_bound:
        form.is_valid()
        if form.position:
            context["where"] = areas.describe_position(form.position)
        if asks_only or status == 0:
            context["similar"] = _similar_for(request, form, pin)
        if asks_only:
            context["searched"] = bool(form.data.get("place_search")) and not form.found_places
            context["place_error"] = _place_error(form)
            form._errors = {}
    if not status:
        status = 422 if form.errors and not asks_only else 200
    return render(request, "pins/staff/new.html", context, status=status)


def _place_error(form: PinForm) -> str:
    """What is wrong with the place, if somebody has tried one; for the answer to "check"."""
    tried = any(form.data.get(name) for name in ("longitude", "latitude", "area", "place"))
    return " ".join(form.errors.get("longitude", [])) if tried else ""


def _similar_for(request, form: PinForm, pin: Pin | None) -> list[SimilarPin]:
    name = clean_text(form.data.get("name", ""))[:100]
    if not (name or form.position) or SIMILAR.seconds_to_wait(request):
        return []
    return find_similar(request.user, name=name, position=form.position, apart_from=pin)


@contributor_required
@limited(SIMILAR)
@require_POST
def similar(request):
    """A piece of page with the communities that may be the same; for the script of the form."""
    name = clean_text(request.POST.get("name", ""))[:100]
    try:
        position = parse_position(request.POST.get("longitude", ""), request.POST.get("latitude", ""))
    except PositionError:
        position = None
    found = []
    if name or position:
        edited = _pin_called(request, request.POST.get("pin", ""))
        found = find_similar(request.user, name=name, position=position, apart_from=edited)
    return render(request, "pins/staff/_similar.html", {"similar": found})


@contributor_required
@limited_search("places", times=PLACES_TIMES, per_person=True)
@require_safe
def places(request):
    """The gazetteer search of the form: counted for each person, because an office has one address."""
    return listing.answer_places(request)


@contributor_required
@limited(WHERE)
@require_POST
def where(request):
    """Where a point is in words, or what is wrong with it. Positions travel in the body, never in an address."""
    try:
        position = parse_position(request.POST.get("longitude", ""), request.POST.get("latitude", ""))
        areas.check_inside(position)
    except areas.OutsideError as outside:
        other = outside.swapped
        swapped = {"longitude": other.longitude, "latitude": other.latitude} if other else None
        answer, status = {"inside": False, "words": "", "sentence": str(outside), "swapped": swapped}, 200
    except PositionError as error:
        answer, status = {"inside": False, "words": "", "sentence": str(error), "swapped": None}, 422
    else:
        words = areas.describe_position(position)
        answer, status = {"inside": True, "words": words, "sentence": "", "swapped": None}, 200
    return JsonResponse(answer, status=status)


@contributor_required
@require_http_methods(["GET", "HEAD", "POST"])
@leads_on()
def pin_sent(request, public_id):
    """Thank you, and the optional questions."""
    pin = visible_pin(request, public_id)
    if pin.created_by_id != request.user.pk:
        return redirect("staff:pin", pin.public_id)
    connections = list(pin.connections.prefetch_related("approaches", "known_by").order_by("pk"))
    connection = own_connection(request.user, connections)
    may_edit = access.may_edit_pin(request.user, pin)
    form = DetailsForm(request.POST if request.method == "POST" else None, pin=pin, connection=connection)
    status = 200
    if request.method == "POST":
        status = _store_details(request, form, pin, connection)
        if status == 200:
            messages.success(request, _("Thank you. Your answers have been saved."))
            return redirect("staff:pin", pin.public_id)
    approach = next((approach for c in connections for approach in c.approaches.all()), None)
    context = {"pin": pin, "form": form, "may_edit": may_edit, "approach": approach}
    return render(request, "pins/staff/sent.html", context, status=status)


def _store_details(request, form: DetailsForm, pin: Pin, connection) -> int:
    """Store the optional answers; return 200, or the status that says what is wrong with them."""
    if not form.is_valid():
        return 422
    data = form.cleaned_data
    names = ("description", "about", "meeting", "web_page", "initiative", "offers", "less_heard_groups")
    changes = {name: data[name] for name in names if name in data}
    changes["about"] = changes["about"] or pin.about
    kept = form.add_kept_details(pin.details_kept)
    # What is said with the team's own answers is recorded with them.
    kept_there = {"what_worked": kept.pop("what_worked", [])}
    changes["details_kept"] = {name: kinds for name, kinds in kept.items() if kinds}
    try:
        actions.add_details(
            pin,
            changes,
            form.answers,
            by=request.user,
            version=data["version"],
            connection=connection,
            # Only what was changed here: a colleague may have written the rest meanwhile.
            said={name: data[name] for name in ("what_worked", "last_worked") if name in form.changed_data}
            | ({"details_kept": kept_there} if "what_worked" in form.changed_data else {}),
        )
    except actions.StaleVersion as stale:
        say_stale(form, stale, pin)
        return 409
    return 200
