"""Every address that the URL resolver knows, with example values filled in."""

from dataclasses import dataclass

from django.urls import get_resolver
from django.urls.resolvers import URLPattern

# Example values by the name of the path's parameter. A new parameter without one fails the test that needs it.
EXAMPLES = {
    "z": "12",
    "x": "2045",
    "y": "1360",
    "slug": "example",
    "object_id": "1",
    "app_label": "pins",
    "content_type_id": "1",
    "pk": "1",
    "id": "1",
    "key": "key",
    "uidb36": "1",
    "url": "nowhere",
    "history_id": "1",
    "version_id": "1",
    "decision": "publish",
    "format": "csv",
    "token": "token",
    "choice": "pause",
    "kind": "reassign-areas",
}


@dataclass(frozen=True)
class Route:
    name: str
    path: str

    def __str__(self) -> str:
        return self.path


def all_routes(**examples) -> list[Route]:
    """Return one Route for each pattern of the resolver; `examples` add to or replace EXAMPLES."""
    values = {**EXAMPLES, **{name: str(value) for name, value in examples.items()}}
    return list(_walk(get_resolver().reverse_dict, get_resolver(), "", "", values))


def _walk(_reverse, resolver, prefix: str, namespace: str, values: dict):
    for pattern in resolver.url_patterns:
        here = prefix + _fill(pattern.pattern, values)
        if isinstance(pattern, URLPattern):
            yield Route(f"{namespace}{pattern.name or pattern.lookup_str}", "/" + here)
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(None, pattern, here, inner, values)


def _fill(pattern, values: dict) -> str:
    """Return the pattern's path with example values, for path() and for allauth's and admin's re_path()."""
    import re

    text = str(pattern)
    text = (
        re.sub(r"<(?:\w+:)?(\w+)>", lambda match: values[match.group(1)], text) if "(?P" not in text else text
    )
    text = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", lambda match: values[match.group(1)], text)
    return text.replace("^", "").replace("$", "").replace("\\Z", "").replace("\\", "")
