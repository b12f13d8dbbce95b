"""Addresses that anybody may ask, chosen by chance: for the twin worlds of visitors and of those who are signed in."""

import random
import uuid

from community_map.geo import GRID_BITS, mercator

WORDS = [
    "walking",
    "choir",
    "food",
    "hidden",
    "refuge",
    "garden",
    "Hendon",
    "meet",
    "secret",
    "club",
    "a",
    "%",
    "'",
]

# Filters that are drawn more seldom; the last one is no filter to those who may not use it.
OTHER_FILTERS = {
    "offers": ["money", "spaces"],
    "about": ["community", "organisation", "asset"],
    "initiative": ["summer", "winter"],
    "confirmed": ["3", "6", "12", "24"],
    "less-heard": ["carers", "migrants", "none"],
}
# Written wrongly, and so only in hidden texts: what is found by them must not depend on whether those are there.
MISSPELT = ["chior", "walkign", "fod", "refug", "secert"]


def place_of(chance: random.Random) -> tuple[float, float]:
    return round(chance.uniform(-0.29, -0.11), 6), round(chance.uniform(51.51, 51.69), 6)


def public_addresses(chance: random.Random, number: int, public_ids: list[str]) -> list[str]:
    """Return that many public addresses, of every kind."""
    makers = [
        tile_address,
        list_address,
        near_address,
        pin_address,
        search_address,
        toolkit_address,
        other_address,
    ]
    return [makers[index % len(makers)](chance, public_ids) for index in range(number)]


def filters(chance: random.Random) -> str:
    parts = []
    if chance.random() < 0.4:
        parts.append(f"category={chance.choice(['clubs', 'goals', 'shared', 'none'])}")
    if chance.random() < 0.3:
        parts.append(f"approach={chance.choice(['consulting', 'partnership'])}")
    if chance.random() < 0.3:
        parts.append(f"area={chance.choice(['hendon', 'finchley'])}")
    if chance.random() < 0.3:
        parts.append(f"q={chance.choice([*WORDS[:11], *MISSPELT])}")
    if chance.random() < 0.15:
        parts.append(f"near={chance.choice(['Oak+Hill+Park', 'Hendon', 'nowhere'])}")
    for name, values in OTHER_FILTERS.items():
        if chance.random() < 0.12:
            parts.append(f"{name}={chance.choice(values)}")
    return "&".join(parts)


def tile_address(chance, _ids) -> str:
    zoom = chance.randint(9, 17)
    longitude, latitude = place_of(chance)
    x, y = (value >> (GRID_BITS - zoom) for value in mercator(longitude, latitude))
    return f"/map/tiles/{zoom}/{x}/{y}.json?{filters(chance)}"


def list_address(chance, _ids) -> str:
    after = (
        f"&after={chance.choice(WORDS[:6])}~{uuid.UUID(int=chance.getrandbits(128))}"
        if chance.random() < 0.4
        else ""
    )
    return f"{chance.choice(['/map/list/', '/map/', '/map/embed/', '/map/embed/list/'])}?{filters(chance)}{after}"


def near_address(chance, _ids) -> str:
    place = chance.choice(["Oak Hill Park", "Hendon Library", "Hendon", "nowhere"])
    return f"/map/list/?near={place.replace(' ', '+')}&{filters(chance)}"


def pin_address(chance, ids) -> str:
    return f"/map/pins/{chance.choice(ids)}/"


def search_address(chance, _ids) -> str:
    where = chance.choice(["/toolkit/search/", "/map/places/"])
    return f"{where}?q={chance.choice(WORDS[:9])}+{chance.choice(WORDS[:9])}"


def toolkit_address(chance, _ids) -> str:
    number, kind = chance.randint(0, 5), chance.choice(["public", "hidden", "later", "retired"])
    return chance.choice(
        [f"/toolkit/{kind}-{number}/", f"/toolkit/case-studies/{kind}-{number}/", "/toolkit/all/"]
    )


def other_address(chance, _ids) -> str:
    return chance.choice(
        [
            *("/", "/map/", "/map/areas.json?set=ward", "/map/areas.json", "/toolkit/", "/toolkit/print/"),
            *(
                "/toolkit/site-map/",
                "/toolkit/glossary/",
                "/toolkit/tools/",
                "/toolkit/voices/",
                "/robots.txt",
            ),
            *("/toolkit/case-studies/", "/toolkit/case-studies.geojson", "/toolkit/stories/", "/nothing/"),
            *(
                "/toolkit/?approach=consulting",
                "/toolkit/case-studies/?place=hidden",
                "/privacy/",
                "/sitemap.xml",
            ),
        ]
    )
