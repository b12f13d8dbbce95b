"""Small faults put into a source text one at a time: what a slip of the hand, or of a reviewer, would leave there.

Words for readers (what gettext is given), docstrings, annotations and a model's columns and constraints are left alone:
the first three do nothing, and `make check` compares the last with the migrations.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

COMPARISONS = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
OPERATORS = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
NAMES = {"filter": "exclude", "exclude": "filter", "min": "max", "max": "min", "any": "all", "all": "any"}
# Links of a chain of queries that can be left out. select_for_update is none: SQLite, where they run, has no row locks.
LINKS = {"filter", "exclude", "only", "defer", "order_by", "distinct", "in_use"}
CONDITIONS = {"filter", "exclude", "get", "Q", "get_or_create", "update_or_create"}
GETTEXT = {"_", "ngettext", "gettext", "pgettext"}
ENUMERATIONS = {"TextChoices", "IntegerChoices", "StrEnum", "IntEnum", "Enum"}


@dataclass(frozen=True)
class Mutant:
    """One fault: which bytes of which file become what."""

    path: str
    line: int
    # The line of the text that it begins in.
    within: str
    start: int
    end: int
    was: str
    now: str
    kind: str
    # The first lines of the statements that have to run for it to matter; empty: any of the file's.
    statements: tuple[int, ...] = ()
    # In the body of a function, where it can be switched on in a process that has imported everything.
    is_switch: bool = False

    @property
    def change(self) -> str:
        return f"{' '.join(self.was.split())}  ->  {' '.join(self.now.split())}"

    @property
    def key(self) -> tuple[str, str, str]:
        """What tests.mutation.equivalent names it by; it outlives changes of other lines."""
        return self.path, self.within, self.change

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.change}"

    def text(self, source: bytes) -> bytes:
        return source[: self.start] + self.now.encode() + source[self.end :]

    def changes(self, source: bytes) -> bool:
        """Is the text still Python, and another one?"""
        try:
            return ast.dump(ast.parse(self.text(source))) != ast.dump(ast.parse(source))
        except SyntaxError:
            return False


def mutants_of(path: str, source: bytes, members: dict[str, list[list[str]]]) -> list[Mutant]:
    """Every mutant of a file, Python or not (see changes), in the order of the text.

    `members` are the enumerations, by their names; several may share one.
    """
    tree, starts, lines = ast.parse(source), _line_starts(source), source.decode().splitlines()
    found = []
    for node, statements, is_switch in _places(tree):
        start, end = _span(node, starts)
        was = source[start:end].decode()
        within = lines[node.lineno - 1].strip()
        for now in dict.fromkeys(_changes(node, members)):
            kind = type(node).__name__
            found.append(Mutant(path, node.lineno, within, start, end, was, now, kind, statements, is_switch))
    return sorted(found, key=lambda mutant: (mutant.start, mutant.end, mutant.now))


def switched(source: bytes, numbered: dict[int, Mutant]) -> ast.Module:
    """The text with all of these mutants in it, each asleep until the builtin __mutant__ says yes to its number."""
    tree, starts = ast.parse(source), _line_starts(source)
    places: dict[tuple, list[tuple[int, Mutant]]] = {}
    for number, mutant in numbered.items():
        places.setdefault((mutant.start, mutant.end, mutant.kind), []).append((number, mutant))

    class Switch(ast.NodeTransformer):
        def visit(self, node):
            place = (*_span(node, starts), type(node).__name__) if hasattr(node, "lineno") else ()
            node = super().visit(node)
            for number, mutant in places.get(place, []):
                asks = ast.Call(ast.Name("__mutant__", ast.Load()), [ast.Constant(number)], [])
                if isinstance(node, ast.stmt):
                    lines = ast.parse("def f():\n while 1:\n  " + mutant.now).body[0].body[0].body
                    node = ast.If(asks, lines, [node])
                else:
                    node = ast.IfExp(asks, ast.parse(mutant.now, mode="eval").body, node)
            return node

    return ast.fix_missing_locations(Switch().visit(tree))


def _line_starts(source: bytes) -> list[int]:
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    return starts


def _span(node: ast.AST, starts: list[int]) -> tuple[int, int]:
    return starts[node.lineno - 1] + node.col_offset, starts[node.end_lineno - 1] + node.end_col_offset


def _places(tree: ast.Module) -> Iterator[tuple[ast.AST, tuple[int, ...], bool]]:
    """Each node that may be changed, the statements that have to run for that to matter, and whether it is a switch."""

    uses = _uses(tree)

    def walk(node: ast.AST, statements: tuple[int, ...], in_function: bool):
        if isinstance(node, ast.If | ast.While | ast.IfExp):
            node.test.is_test = True
        if isinstance(node, ast.stmt):
            if not in_function and isinstance(node, ast.FunctionDef):
                # What stands in its head matters to whoever calls it.
                statements = tuple(child.lineno for child in node.body)
            elif in_function:
                statements = (node.lineno,)
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                statements = tuple(sorted(line for name in _named_by(node) for line in uses.get(name, ())))
        for name, value in ast.iter_fields(node):
            if _is_left_alone(node, name):
                continue
            inside = in_function or (isinstance(node, ast.FunctionDef) and name == "body")
            is_pattern = isinstance(node, ast.match_case) and name == "pattern"
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST) and not _is_apart(child):
                    for place in walk(child, statements, inside):
                        yield (*place[:2], place[2] and not is_pattern)
        if hasattr(node, "lineno"):
            yield node, statements, in_function

    yield from walk(tree, (), False)


def _named_by(node: ast.Assign | ast.AnnAssign) -> set[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return {target.id for target in targets if isinstance(target, ast.Name)}


def _uses(tree: ast.Module) -> dict[str, set[int]]:
    """The first lines of the statements in functions that use a constant, itself or by way of other constants."""
    lines: dict[str, set[int]] = {}
    parts: dict[str, set[str]] = {}

    def walk(node: ast.AST, line: int, names: set[str], in_function: bool):
        if isinstance(node, ast.stmt):
            line = node.lineno
            if not in_function and isinstance(node, ast.Assign | ast.AnnAssign):
                names = _named_by(node)
        name = getattr(node, "attr", getattr(node, "id", None))
        if isinstance(node, ast.Name | ast.Attribute):
            if in_function:
                lines.setdefault(name, set()).add(line)
            for user in names:
                parts.setdefault(name, set()).add(user)
        for child in ast.iter_child_nodes(node):
            walk(child, line, names, in_function or isinstance(node, ast.FunctionDef))

    walk(tree, 0, set(), False)
    for _step in range(5):
        for name, users in parts.items():
            lines.setdefault(name, set()).update(*(lines.get(user, ()) for user in users))
    return lines


def _is_left_alone(node: ast.AST, field: str) -> bool:
    return field in {
        "annotation",
        "returns",
        "type_comment",
        "bases",
        "targets",
        "target",
        "slice",
        "format_spec",
    } or (isinstance(node, ast.ClassDef | ast.FunctionDef) and field == "name")


def _is_apart(node: ast.AST) -> bool:
    match node:
        case ast.Import() | ast.ImportFrom() | ast.JoinedStr():
            return True
        case ast.Expr(value=ast.Constant()):
            return True
        case ast.Call(func=ast.Name(id=name)) if name in GETTEXT:
            return True
        case ast.ClassDef(name="Meta"):
            return True
        case ast.Assign(value=ast.Call(func=ast.Attribute(value=ast.Name(id="models")))):
            return True
        case ast.Assign(value=ast.Tuple(elts=[_, ast.Call(func=ast.Name(id="_"))])):
            return True  # a member of an enumeration
        case ast.Assign(targets=[ast.Name(id="__all__" | "history")]):
            return True
        case ast.FunctionDef(name="__str__" | "__repr__"):
            return True
    return False


def _changes(node: ast.AST, members: dict[str, list[list[str]]]) -> Iterator[str]:
    if isinstance(node, ast.stmt):
        yield from _statement_changes(node)
    else:
        yield from (f"({text})" for text in _expression_changes(node, members))


def _statement_changes(node: ast.stmt) -> Iterator[str]:
    match node:
        case ast.Return(value=value) if value and not (isinstance(value, ast.Constant) and not value.value):
            yield "return None"
        case ast.Expr(value=ast.Call()) | ast.Raise() | ast.Assign(targets=[ast.Attribute()]):
            yield "pass"
        case ast.Continue():
            yield "break"
        case ast.AugAssign(target=target, op=op, value=value) if type(op) in OPERATORS:
            yield ast.unparse(ast.AugAssign(target, OPERATORS[type(op)](), value))


def _expression_changes(node: ast.AST, members: dict[str, list[list[str]]]) -> Iterator[str]:
    if getattr(node, "is_test", False) and not isinstance(node, ast.Compare | ast.BoolOp | ast.UnaryOp):
        yield f"not {ast.unparse(node)}"
    match node:
        case ast.Compare(left=left, ops=ops, comparators=right):
            for number, op in enumerate(ops):
                swapped = [*ops[:number], COMPARISONS[type(op)](), *ops[number + 1 :]]
                yield ast.unparse(ast.Compare(left, swapped, right))
        case ast.BoolOp(op=op, values=values):
            yield ast.unparse(ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values))
            yield from (ast.unparse(ast.BoolOp(op, rest)) for rest in _one_less(values))
        case ast.UnaryOp(op=ast.Not() | ast.Invert() | ast.USub(), operand=operand):
            yield ast.unparse(operand)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
            yield ast.unparse(ast.BinOp(left, OPERATORS[type(op)](), right))
            if isinstance(op, ast.BitOr | ast.BitAnd):
                yield from (ast.unparse(left), ast.unparse(right))
        case ast.Constant(value=bool() as value):
            yield repr(not value)
        case ast.Constant(value=int() as value):
            yield repr(value + 1)
        case ast.Constant(value=float() as value):
            yield repr(value * 2)
        case ast.Constant(value=str() as value) if value:
            yield repr(f"XX{value}")
        case ast.IfExp(body=body, orelse=orelse):
            yield from (ast.unparse(body), ast.unparse(orelse))
        case ast.Tuple(elts=elements) | ast.List(elts=elements) | ast.Set(elts=elements):
            for rest in _one_less(elements, least=0 if not isinstance(node, ast.Set) else 1):
                yield ast.unparse(
                    type(node)(rest, ast.Load()) if not isinstance(node, ast.Set) else ast.Set(rest)
                )
        case ast.Dict(keys=keys, values=values):
            pairs = list(zip(keys, values, strict=True))
            for rest in _one_less(pairs, least=0):
                yield ast.unparse(ast.Dict([key for key, _ in rest], [value for _, value in rest]))
        case ast.Call():
            yield from _call_changes(node)
        case ast.Attribute(value=value, attr=name):
            enumeration = getattr(value, "id", getattr(value, "attr", ""))
            for names in members.get(enumeration, []):
                if name in names:
                    other = names[(names.index(name) + 1) % len(names)]
                    yield ast.unparse(ast.Attribute(value, other, ast.Load()))
                    break


def _call_changes(node: ast.Call) -> Iterator[str]:
    called, arguments, keywords = node.func, node.args, node.keywords
    name = getattr(called, "attr", getattr(called, "id", ""))
    if name in NAMES:
        other = NAMES[name]
        changed = ast.Attribute(called.value, other) if isinstance(called, ast.Attribute) else ast.Name(other)
        yield ast.unparse(ast.Call(changed, arguments, keywords))
    if name in LINKS and isinstance(called, ast.Attribute):
        yield ast.unparse(called.value)
    if name in CONDITIONS and len(arguments) + len(keywords) > 1:
        yield from (ast.unparse(ast.Call(called, rest, keywords)) for rest in _one_less(arguments, least=0))
        yield from (ast.unparse(ast.Call(called, arguments, rest)) for rest in _one_less(keywords, least=0))


def _one_less(items: list, least: int = 1) -> Iterator[list]:
    if len(items) > least:
        yield from (items[:number] + items[number + 1 :] for number in range(len(items)))


def enumerations(root: Path, apps: tuple[str, ...]) -> dict[str, list[list[str]]]:
    """The members of every enumeration in the apps, by its name; several may share one."""
    found: dict[str, list[list[str]]] = {}
    for app in apps:
        for path in sorted((root / app).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_bytes())):
                if isinstance(node, ast.ClassDef) and ENUMERATIONS & {
                    getattr(base, "id", getattr(base, "attr", "")) for base in node.bases
                }:
                    names = [
                        line.targets[0].id
                        for line in node.body
                        if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name)
                    ]
                    found.setdefault(node.name, []).append(names)
    return found
