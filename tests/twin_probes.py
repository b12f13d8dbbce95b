"""What somebody who is signed in asks when they look for what is hidden: every address and method that they can reach."""

import itertools
import random
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.contrib.contenttypes.models import ContentType

from community_map.geo import GRID_BITS, mercator
from pins.models import Answer, Connection, Decision, Pin
from tests.routes import all_routes
from tests.twin_addresses import OTHER_FILTERS, public_addresses
from tests.twin_worlds import EDITOR, HIDDEN, HIDDEN_WORDS, WORDS, World, some_position, some_uuid
from toolkit.models import CaseStudy, Feedback, Page, Prompt, Story, Term, Tool, Voice


@dataclass(frozen=True)
class Request:
    """One thing asked; `is_late` is a form whose answers arrive without the sign-in, and are kept until it is back."""

    method: str
    path: str
    data: dict = field(default_factory=dict)
    is_late: bool = False

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.data or ''}"


def probes(world: World, chance: random.Random, number: int) -> list[Request]:
    """Return that many requests of this role, of every kind in turn."""
    asker = (EditorProber if world.role == EDITOR else Prober)(world, chance)
    makers = asker.makers()
    return [makers[index % len(makers)]() for index in range(number)]


class Prober:
    """Makes requests of somebody in the staff area, near and around what is hidden."""

    def __init__(self, world: World, chance: random.Random) -> None:
        self.world, self.chance = world, chance
        self.hidden_names = [pin.name for pin in world.hidden]
        self.places = [pin for pin in (*world.hidden, *world.known) if pin.is_placed]
        self.areas = ["ward-0", "ward-1", "ward-2", "ward-3"]
        # Of all pins, hidden or not; and one that there never was.
        self.keys = {
            model._meta.model_name: [*model.objects.order_by("pk").values_list("pk", flat=True), 987654]
            for model in (Connection, Decision, Answer)
        }

    def makers(self) -> list:
        return [
            *(self.list_page, self.list_page, self.map_page, self.tile, self.tile, self.near, self.pin_page),
            *(self.pin_page, self.similar, self.similar, self.similar, self.where, self.form, self.new),
            *(self.new, self.edit, self.connect, self.details, self.other_method, self.late, self.other),
        ]

    # --- words, places, ids ---

    def words(self) -> str:
        """Something to search for: often a part of a hidden name, or the whole."""
        name = self.chance.choice(self.hidden_names)
        start = self.chance.randint(0, 8)
        return self.chance.choice(
            [
                name,
                name[:-2],
                name[start : start + self.chance.randint(2, 12)],
                HIDDEN,
                self.chance.choice(HIDDEN_WORDS),
                f"{self.chance.choice(WORDS)} group",
                self.chance.choice(self.world.known).name,
            ]
        ).strip()

    def position(self) -> tuple[float, float]:
        """A place at or near a pin, or anywhere."""
        if self.chance.random() < 0.2:
            place = some_position(self.chance)
            return place.longitude, place.latitude
        pin, far = self.chance.choice(self.places), self.chance.choice((0, 0.0005, 0.003))
        return (
            round(pin.longitude + self.chance.uniform(-far, far), 6),
            round(pin.latitude + self.chance.uniform(-far, far), 6),
        )

    def id(self) -> str:
        """A public id: of what may be known of, of what is hidden, or of nothing."""
        invented = str(some_uuid(self.chance))
        pool = self.chance.choice((self.world.ids, self.world.hidden_ids, self.world.hidden_ids, [invented]))
        return self.chance.choice(pool)

    def filters(self) -> dict:
        """Some of the filters, hidden values among them."""
        pick, maybe = self.chance.choice, lambda share: self.chance.random() < share
        found = {}
        for name, share, values in (
            ("q", 0.35, [self.words()]),
            ("category", 0.3, ["clubs", "goals", "shared", "none"]),
            ("area", 0.25, self.areas),
            ("approach", 0.2, ["consulting", "partnership"]),
            ("connection", 0.25, [*Connection.Kind.values, "nobody", "nobody"]),
            ("service", 0.25, ["libraries", "parks", "housing", "friends", "neighbours"]),
            ("visibility", 0.25, ["public", "staff", "team"]),
            ("status", 0.35, ["submitted", "published", "returned", "declined", "archived"]),
            ("near", 0.1, ["Oak Hill Park", "Hendon", "nowhere"]),
            *((name, 0.1, values) for name, values in OTHER_FILTERS.items()),
        ):
            if maybe(share):
                found[name] = pick(values)
        # Few at a time: what finds nothing tells nothing.
        found = {
            name: found[name]
            for name in self.chance.sample(sorted(found), min(len(found), self.chance.randint(0, 2)))
        }
        if maybe(0.15):
            found["status"] = self.chance.sample(["submitted", "returned", "archived", "declined"], 2)
        return found

    # --- reading ---

    def read(self, path: str, **query) -> Request:
        text = urlencode(query, doseq=True)
        return Request(self.chance.choice(("GET",) * 7 + ("HEAD",)), f"{path}?{text}" if text else path)

    def list_page(self) -> Request:
        after = {"after": f"{self.words().lower()}~{self.id()}"} if self.chance.random() < 0.4 else {}
        return self.read("/staff/list/", **self.filters(), **after)

    def map_page(self) -> Request:
        return self.read("/staff/map/", **self.filters())

    def near(self) -> Request:
        place = self.chance.choice(("Oak Hill Park", "Hendon", "East Finchley", "nowhere"))
        return self.read("/staff/list/", **self.filters() | {"near": place})

    def tile(self) -> Request:
        zoom = self.chance.randint(0, 19)
        x, y = (axis >> (GRID_BITS - zoom) for axis in mercator(*self.position()))
        return self.read(f"/staff/tiles/{zoom}/{x}/{y}.json", **self.filters())

    def pin_page(self) -> Request:
        part = self.chance.choice(("", "", "sent/", "edit/", "connect/"))
        return self.read(f"/staff/pins/{self.id()}/{part}")

    def form(self) -> Request:
        return self.read("/staff/pins/new/", category=self.chance.choice(("clubs", "shared")), near=self.id())

    def other(self) -> Request:
        """What is not about one pin, the public pages among it."""
        if self.chance.random() < 0.3:
            return self.read(
                self.chance.choice(("/staff/", "/staff/kept/", "/accounts/", "/accounts/password/change/"))
            )
        if self.chance.random() < 0.2:
            return self.admin_address()
        ids = [*self.world.ids, *self.world.hidden_ids]
        return self.read(public_addresses(self.chance, 7, ids)[self.chance.randint(0, 6)])

    def admin_address(self) -> Request:
        """Admin, which refuses all but editors here."""
        key = str(self.chance.choice([*self.world.known, *self.world.hidden]).pk)
        if self.chance.random() < 0.3:
            model = self.chance.choice((Pin, Connection))
            return self.read(f"/admin/r/{ContentType.objects.get_for_model(model).pk}/{key}/")
        routes = [
            route.path
            for route in all_routes(object_id=key, pk=key, public_id=self.id(), app_label="pins")
            if route.path.startswith("/admin/") and "logout" not in route.name
        ]
        return self.read(self.chance.choice(routes))

    def other_method(self) -> Request:
        method = self.chance.choice(("POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
        part = self.chance.choice(("", "sent/", "edit/", "connect/"))
        path = self.chance.choice((f"/staff/pins/{self.id()}/{part}", "/staff/list/", "/staff/pins/similar/"))
        return Request(method, path)

    # --- asking with answers ---

    def similar(self) -> Request:
        longitude, latitude = self.position()
        data = self.chance.choice(
            [
                {"name": self.words()},
                {"longitude": longitude, "latitude": latitude},
                {"name": self.words(), "longitude": longitude, "latitude": latitude},
                {"name": self.words(), "pin": self.id()},
            ]
        )
        return Request("POST", "/staff/pins/similar/", data)

    def where(self) -> Request:
        longitude, latitude = self.position()
        return Request("POST", "/staff/pins/where/", {"longitude": longitude, "latitude": latitude})

    def answers(self) -> dict:
        """The answers of the pin form, as somebody fills it in who has heard of a hidden pin."""
        longitude, latitude = self.position()
        keys = [str(pin.idempotency_key) for pin in (*self.world.hidden, *self.world.known)]
        pick = self.chance.choice
        return {
            "category": pick(self.world.categories).pk,
            "longitude": longitude,
            "latitude": latitude,
            "placed_by": "coordinates",
            "precision": pick(("1", "2", "3", "")),
            "is_home": "no",
            "name": self.words(),
            "kind": "working",
            "approaches": self.world.approaches[0].pk,
            "service": pick(self.world.mine or self.world.others).pk,
            "visibility": pick(("0", "1", "2", "")),
            "agreement": pick(("Agreed in May", "")),
            "keep_details": "on",
            "idempotency_key": pick([str(some_uuid(self.chance)), pick(keys)]),
            "version": "1",
            pick(("send", "send", "check", "find")): "1",
        }

    def new(self) -> Request:
        return Request("POST", "/staff/pins/new/", self.answers())

    def edit(self) -> Request:
        own = [str(pin.public_id) for pin in self.world.my_own]
        return Request("POST", f"/staff/pins/{self.chance.choice([*own, self.id()])}/edit/", self.answers())

    def connect(self) -> Request:
        pick = self.chance.choice
        data = {
            "kind": pick(Connection.Kind.values),
            "approaches": pick(self.world.approaches).pk,
            "what_worked": self.words(),
            "service": pick([*self.world.mine, *self.world.others]).pk,
            "keep_details": "on",
            "version": pick(("0", "1", "2")),
        }
        return Request("POST", f"/staff/pins/{self.id()}/connect/", data)

    def details(self) -> Request:
        own = [str(pin.public_id) for pin in self.world.my_own]
        data = {
            "what_worked": self.words(),
            "description": self.words(),
            "keep_details": "on",
            "version": self.chance.choice(("0", "1")),
        }
        return Request("POST", f"/staff/pins/{self.chance.choice([*own, self.id()])}/sent/", data)

    def late(self) -> Request:
        asked = self.chance.choice((self.new, self.edit, self.connect, self.details))()
        return Request(asked.method, asked.path, asked.data, is_late=True)


MODELS = (Page, CaseStudy, Prompt, Tool, Voice, Term, Story, Feedback)
# Ways from what an editor may list to what they may not know of.
LOOKUPS = (
    *("approaches__connections__pin__name__startswith", "approaches__connections__pin__public_id"),
    *("approaches__connections__what_worked__icontains", "sent_by__pins__name__contains", "sent_by__email"),
    *("case_study__approaches__connections__pin__name", "pin__name__startswith", "pins__name", "created_by"),
    *("title__startswith", "status__exact", "approaches__id__exact", "sent_by__id__exact", "pk", "id__in"),
)


class EditorProber(Prober):
    """An editor is a colleague who may also open admin, for the toolkit."""

    def makers(self) -> list:
        admin = [
            *(self.admin_address, self.about_pins, self.admin_list, self.admin_list, self.by_lookup),
            *(self.autocomplete, self.admin_form, self.admin_post, self.view_on_site, self.by_lookup),
        ]
        # As many of one as of the other.
        return [
            maker for pair in zip(super().makers(), itertools.cycle(admin), strict=False) for maker in pair
        ]

    def place_of(self, model) -> str:
        return f"/admin/toolkit/{model._meta.model_name}/"

    def key(self) -> str:
        """The key of a row: of the toolkit, of a pin or what belongs to one, or of nothing."""
        pins = [*self.world.known, *self.world.hidden]
        return str(self.chance.choice([1, 2, 3, self.chance.choice(pins).pk, 987654]))

    def about_pins(self) -> Request:
        """A page of admin about a pin, or about what teams and moderators say of one; an editor has none of them."""
        kind = self.chance.choice(("pin", "connection", "decision", "answer"))
        key = self.key() if kind == "pin" else self.chance.choice(self.keys[kind])
        part = self.chance.choice(("change", "history", "delete", "decide", "merge", "agree"))
        return self.read(f"/admin/pins/{kind}/{key}/{part}/")

    def admin_list(self) -> Request:
        query = {"q": self.words(), "o": self.chance.choice(("1", "-2", "3.1"))}
        names = self.chance.sample(sorted(query), self.chance.randint(0, 2))
        return self.read(self.place_of(self.chance.choice(MODELS)), **{name: query[name] for name in names})

    def by_lookup(self) -> Request:
        value = self.chance.choice((self.words(), self.id(), self.key()))
        place = self.chance.choice(
            [*map(self.place_of, MODELS), "/admin/pins/pin/", "/admin/pins/decision/", "/admin/"]
        )
        return self.read(place, **{self.chance.choice(LOOKUPS): value})

    def autocomplete(self) -> Request:
        app, model, name = self.chance.choice(
            (
                ("pins", "pin", "merged_into"),
                ("pins", "connection", "pin"),
                ("pins", "decision", "pin"),
                ("toolkit", "story", "sent_by"),
                ("toolkit", "page", "approaches"),
                ("toolkit", "page", "related"),
            )
        )
        return self.read(
            "/admin/autocomplete/", term=self.words(), app_label=app, model_name=model, field_name=name
        )

    def admin_form(self) -> Request:
        part = self.chance.choice(("add/", "{}/change/", "{}/history/", "{}/preview/", "{}/delete/"))
        return self.read(self.place_of(self.chance.choice(MODELS)) + part.format(self.key()))

    def view_on_site(self) -> Request:
        model = self.chance.choice((Pin, Pin, Connection, Page))
        key = self.chance.choice(self.keys["connection"]) if model is Connection else self.key()
        return self.read(f"/admin/r/{ContentType.objects.get_for_model(model).pk}/{key}/")

    def admin_post(self) -> Request:
        """Write, decide and act in admin, with hidden names and addresses in what is written."""
        text = f"{self.words()} [a link](/map/pins/{self.id()}/) and {{prompt: {self.words()}}}"
        data = {
            "title": self.words(),
            "slug": "another",
            "summary": "A summary.",
            "body": text,
            "text": text,
            "kind": "situation",
            "status": "draft",
            "decision": self.chance.choice(("use", "decline")),
            "action": self.chance.choice(("publish", "retire", "delete_selected")),
            "_selected_action": self.key(),
        }
        place = self.place_of(self.chance.choice(MODELS))
        part = self.chance.choice(("", "add/", "{}/change/", "{}/decide/", "writing/", "{}/withdraw/"))
        pin = f"/admin/pins/pin/{self.key()}/{self.chance.choice(('change/', 'decide/', 'merge/'))}"
        return Request(
            "POST", self.chance.choice((place + part.format(self.key()), place + "add/", pin)), data
        )
