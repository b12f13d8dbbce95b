"""The structure that docs/architecture.md describes, as tables, and what tells a source text that breaks it."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APPS = ("community_map", "pins", "toolkit")

# Every module belongs to exactly one layer, and imports from its own or from one below it. A package that is named
# covers those of its modules that are not named themselves. Migrations are apart: they import what there was when they
# were written.
LAYERS: dict[str, tuple[str, ...]] = {
    "start and addresses": (
        "community_map.accounts.urls",
        "community_map.apps",
        "community_map.settings",
        "community_map.urls",
        "community_map.wsgi",
        "pins.apps",
        "pins.public.urls",
        "pins.staff.urls",
        "pins.urls",
        "toolkit.apps",
        "toolkit.urls",
    ),
    "pages, tiles, admin, commands": (
        "community_map.accounts.views",
        "community_map.admin",
        "community_map.context",
        "community_map.management",
        "community_map.templatetags",
        "community_map.views",
        "pins.admin",
        "pins.listing",
        "pins.management",
        "pins.public",
        "pins.staff",
        "pins.templatetags",
        "pins.tiles",
        "toolkit.admin",
        "toolkit.management",
        "toolkit.submission_views",
        "toolkit.views",
    ),
    "forms, filters, and what pages are made of": (
        "community_map.accounts.adapter",
        "community_map.accounts.form_recovery",
        "community_map.accounts.forms",
        "community_map.accounts.without_role",
        "community_map.admin.user_forms",
        "community_map.forms",
        "community_map.privacy.acknowledgement",
        "pins.drawing",
        "pins.filters",
        "pins.forms",
        "pins.public_pin",
        "pins.similar",
        "toolkit.filters",
        "toolkit.forms",
        "toolkit.lint",
        "toolkit.page_cache",
        "toolkit.rendering",
    ),
    "actions": (
        "community_map.accounts.invitations",
        "community_map.accounts.roles",
        "community_map.accounts.single_sign_on",
        "community_map.housekeeping",
        "community_map.privacy.person_data",
        "pins.actions",
        "pins.jobs",
        "pins.person_data",
        "toolkit.actions",
        "toolkit.person_data",
    ),
    "what is worked out from the tables": (
        "community_map.accounts.second_factor",
        "community_map.digest",
        "community_map.jobs",
        "community_map.mail",
        "community_map.outbox",
        "community_map.places.areas",
        "community_map.places.drawing",
        "community_map.places.gazetteer",
        "community_map.privacy.audit",
        "community_map.tasks",
        "pins.placing",
        "pins.search",
        "pins.vocabulary",
        "toolkit.published",
        "toolkit.references",
        "toolkit.search",
        "toolkit.taxonomy",
    ),
    "models": (
        "community_map.models",
        "pins.models",
        "toolkit.models",
    ),
    "tools, which know no table": (
        "community_map.access",
        "community_map.accounts",
        "community_map.cached",
        "community_map.demonstration",
        "community_map.environment",
        "community_map.geo",
        "community_map.http",
        "community_map.names",
        "community_map.places",
        "community_map.privacy",
        "community_map.text",
        "community_map.words",
        "toolkit.demo_files",
        "toolkit.markdown",
    ),
}

# The apps that meet by address only. community_map.urls joins the addresses of all three.
STRANGERS = {"pins": {"toolkit"}, "toolkit": {"pins"}, "community_map": {"pins", "toolkit"}}
JOINS_THE_APPS = {"community_map.urls"}

# The tables that hold what not everyone may know of, each with the ways in that ask who is reading.
PUBLISHABLE = ("Page", "CaseStudy", "Prompt", "Tool", "Voice", "Term")
WAYS_IN: dict[str, set[str]] = {
    "Pin": {"public", "visible_to"},
    "Connection": {"public", "known_to"},
    "Answer": {"public"},
    "Decision": set(),
    "Merge": {"public_target", "target_for"},
    "SearchWord": set(),
    "SearchKey": set(),
    "Story": set(),
    "Feedback": set(),
    "OutboxMail": set(),
    "AuditEntry": set(),
    **{name: {"released"} for name in PUBLISHABLE},
}

# Who may take such a table in another way, and why. ANY_MODEL is a model that the module is given by its caller.
ANY_MODEL = "a model"
DIRECT: dict[str, tuple[set[str], str]] = {
    "community_map.privacy.audit": ({"AuditEntry"}, "adds to the log"),
    "community_map.mail": ({"OutboxMail"}, "puts mail into the box"),
    "community_map.outbox": ({"OutboxMail"}, "takes mail out of the box to send it"),
    "community_map.models": ({ANY_MODEL}, "the portal's one row, a user's own address"),
    "community_map.privacy.person_data": (
        {"AuditEntry", "OutboxMail"},
        "exports and erases what is kept of a person",
    ),
    "pins.actions": (
        {"Pin", "Connection", "Answer", "Decision", "Merge"},
        "locks the rows that it was given, and asks the policy",
    ),
    "pins.admin": ({"Pin", "Connection", "Decision"}, "moderators only, who may know of every pin"),
    "pins.filters": ({"Connection", ANY_MODEL}, "narrows pins that come from public() or visible_to()"),
    "pins.forms": ({ANY_MODEL}, "offers rows of the vocabularies"),
    "pins.management": (
        {"Pin", "OutboxMail", ANY_MODEL},
        "loads the demonstration into an empty database",
    ),
    "pins.models": ({"Connection", "Pin", ANY_MODEL}, "says what public() and visible_to() are"),
    "pins.person_data": (
        {"Pin", "Connection", "Answer", "Decision", "Merge", ANY_MODEL},
        "exports and erases what is kept of a person",
    ),
    "pins.jobs": ({"Pin"}, "counts seconds, of all authors together"),
    "pins.search": (
        {"Pin", "Connection", "SearchWord", "SearchKey", ANY_MODEL},
        "writes the words of pins, and narrows pins that come from public() or visible_to()",
    ),
    "pins.placing": ({"Pin", ANY_MODEL}, "works out the places of all pins, and tells nobody"),
    "pins.staff.home": (
        {"Connection", "Decision"},
        "the user's own service; decisions of a pin that they see",
    ),
    "toolkit.actions": ({"CaseStudy", "Story", "Voice"}, "locks the rows that it was given"),
    "toolkit.admin": ({"Feedback", ANY_MODEL}, "editors only, who may read all of the toolkit"),
    "toolkit.management": ({"Page", ANY_MODEL}, "writes the first pages"),
    "toolkit.forms": ({"Story"}, "stores a story once"),
    "toolkit.person_data": ({"Story", "Voice"}, "exports and erases what is kept of a person"),
    "toolkit.submission_views": ({"Feedback"}, "the answer that its reader has just given, by its secret id"),
    "toolkit.published": ({ANY_MODEL}, "makes the edition from what is released"),
    "toolkit.references": ({ANY_MODEL}, "tells editors which slugs there are"),
    "toolkit.taxonomy": ({ANY_MODEL}, "reads the names of approaches and initiatives"),
}

MANAGERS = {"objects", "history", "_base_manager", "_default_manager", "base_manager", "default_manager"}
SHORTCUTS = {"get_object_or_404", "get_list_or_404", "aget_object_or_404", "aget_list_or_404"}


def modules(root: Path = ROOT) -> dict[str, str]:
    """Every module of the three apps with its source, by dotted name; a package is named by its folder."""
    found = {}
    for app in APPS:
        for path in sorted((root / app).rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            if "migrations" not in parts and name not in APPS:
                found[name] = path.read_text(encoding="utf-8")
    return found


def layers_of(module: str) -> list[str]:
    """The layers that name the module, or else the nearest package that it is in."""
    named = [(name, layer) for layer, names in LAYERS.items() for name in names if _is_in(module, name)]
    nearest = max((len(name) for name, _layer in named), default=0)
    return [layer for name, layer in named if len(name) == nearest]


def _is_in(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def imports(module: str, source: str, packages: set[str]) -> Iterator[str]:
    """The dotted names of our own that a source text imports, at its top or in a function."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = module.split(".") + ([""] if module in packages else [])
                base = ".".join([*parts[: -node.level], *([base] if base else [])])
            names = [f"{base}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Call) and _called(node) in {"import_module", "__import__"}:
            names = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
        else:
            continue
        yield from (name for name in names if name.split(".")[0] in APPS)


def import_faults(module: str, source: str, packages: set[str] = frozenset()) -> list[str]:
    """What is wrong with the layer of a module and with what it imports, in sentences."""
    own = layers_of(module)
    if len(own) != 1:
        return [f"{module} is in {len(own)} layers: put it into one in LAYERS of tests/architecture.py"]
    order, faults = list(LAYERS), []
    for name in imports(module, source, packages):
        if module not in JOINS_THE_APPS and name.split(".")[0] in STRANGERS[module.split(".")[0]]:
            faults.append(f"{module} imports {name}: these apps meet by address only")
            continue
        theirs = layers_of(name)
        if not theirs:
            faults.append(f"{module} imports {name}, which is in no layer of tests/architecture.py")
        elif order.index(theirs[0]) < order.index(own[0]):
            faults.append(f"{module} ({own[0]}) imports {name} ({theirs[0]}), which stands above it")
    return faults


def table_faults(module: str, source: str) -> list[str]:
    """Where a module takes rows of a table that holds hidden things by a way in that asks nobody, in sentences."""
    tree = ast.parse(source)
    known = _models_by_name(tree)
    allowed = {name for package, (models, _) in DIRECT.items() if _is_in(module, package) for name in models}
    faults = []
    for line, model, way in _ways_in(tree, known):
        if model in allowed or way in WAYS_IN.get(model, ()):
            continue
        good = " or ".join(f"{name}()" for name in sorted(WAYS_IN.get(model, ()))) or "none that all may use"
        faults.append(
            f"{module}, line {line}: {model} by {way or 'its manager'}. Ways in: {good}; "
            "or name the module in DIRECT of tests/architecture.py, and say why"
        )
    return faults


def _models_by_name(tree: ast.AST) -> dict[str, str]:
    """The model behind each name that a source text gives to one: by an import, with `as` or without, or by `=`."""
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom | ast.Import):
            names |= {alias.asname or alias.name: alias.name.split(".")[-1] for alias in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name) and node.value.id in names:
            names |= {
                target.id: names[node.value.id] for target in node.targets if isinstance(target, ast.Name)
            }
    return names


def _ways_in(tree: ast.AST, known: dict[str, str]) -> Iterator[tuple[int, str, str]]:
    """Each use of a guarded table's manager: its line, the model, and the method that is called on it."""
    methods = {id(node.value): node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS:
            model = _model(node.value, known)
            if model in WAYS_IN or (model == ANY_MODEL and node.attr != "history"):
                way = methods.get(id(node), "") if node.attr == "objects" else node.attr
                yield node.lineno, model, way
        elif isinstance(node, ast.Call) and _called(node) in SHORTCUTS and node.args:
            model = _model(node.args[0], known)
            if model in WAYS_IN:
                yield node.lineno, model, _called(node)


def _model(node: ast.AST, known: dict[str, str]) -> str:
    """The model that an expression names; ANY_MODEL where it is computed or given by the caller."""
    if isinstance(node, ast.Name):
        return known.get(node.id, ANY_MODEL)
    if isinstance(node, ast.Attribute) and node.attr[:1].isupper():
        return node.attr
    return ANY_MODEL


def _called(node: ast.Call) -> str:
    return getattr(node.func, "id", getattr(node.func, "attr", ""))
