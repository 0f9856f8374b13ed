"""Every action that the desk appends to the journal has its words: found by reading the source of all that appends."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

from db import journal
from desktop.casework.deedwords import OF_DESK, TO_CASES, action_words, what_happened
from tests.fixtures import Office

ROOT = Path(__file__).parents[2]
WHERE = "Give it its words in desktop/casework/deedwords.py."
Function = ast.FunctionDef


@dataclass(frozen=True)
class Place:
    """An expression's surroundings: its module, and the functions around it, the innermost first."""

    module: str
    around: tuple[Function, ...] = ()


@dataclass
class Calls(ast.NodeVisitor):
    """Every call of a module, by the last name of what is called."""

    module: str
    around: tuple[Function, ...] = ()
    found: dict[str, list[tuple[ast.Call, Place]]] = field(default_factory=dict)

    def visit_FunctionDef(self, node: Function) -> None:
        self.around = (node, *self.around)
        self.generic_visit(node)
        self.around = self.around[1:]

    def visit_Call(self, node: ast.Call) -> None:
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        self.found.setdefault(name, []).append((node, Place(self.module, self.around)))
        self.generic_visit(node)


@cache
def calls() -> dict[str, list[tuple[ast.Call, Place]]]:
    found: dict[str, list[tuple[ast.Call, Place]]] = {}
    for folder in ("db", "desktop"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                one = Calls(".".join(path.relative_to(ROOT).with_suffix("").parts))
                one.visit(ast.parse(path.read_text(encoding="utf-8")))
                for name, those in one.found.items():
                    found.setdefault(name, []).extend(those)
    return found


def appended() -> dict[str, str]:
    """Every action that is appended to the journal, with the place in the source where it is."""
    found: dict[str, str] = {}
    for name in ("append", "append_each"):
        for call, place in calls()[name]:
            for one in call.keywords:
                if one.arg == "action" and place.module != "db.journal":
                    found |= dict.fromkeys(values(one.value, place), f"{place.module}, line {call.lineno}")
    return found


def values(node: ast.expr, place: Place) -> list[str]:
    """Every text that an expression can be. Fails where that cannot be read out of the source."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.IfExp(body=one, orelse=other):
            return [*values(one, place), *values(other, place)]
        case ast.Subscript(value=table):
            return list(of_table(table, place))
        case ast.JoinedStr(values=parts):
            texts = [""]
            for part in parts:
                texts = [before + text for before in texts for text in values(part, place)]
            return texts
        case ast.FormattedValue(value=inner):
            return values(inner, place)
        case ast.Name(id=name):
            return list(of_name(name, place))
        case ast.Attribute(value=inner, attr="value"):
            return values(inner, place)
        case ast.Attribute(value=ast.Name(id=owner), attr=attr):
            return list(of_attribute(owner, attr, place))
    raise AssertionError(f"{place.module}, line {node.lineno}: write the journal's action as words that can be read")


def of_table(table: ast.expr, place: Place) -> Iterator[str]:
    """Every text of a table that is written out here, or stands in another module."""
    match table:
        case ast.Dict(values=those):
            yield from (text for one in those for text in values(one, place))
        case ast.Attribute(value=ast.Name(id=owner), attr=attr):
            yield from getattr(getattr(import_module(place.module), owner), attr).values()
        case ast.Name(id=name):
            yield from getattr(import_module(place.module), name).values()
        case _:
            raise AssertionError(f"{place.module}, line {table.lineno}: this table of actions cannot be read")


def of_name(name: str, place: Place) -> Iterator[str]:
    """What a name is bound to: in the functions around, or where the one that has it as a parameter is called."""
    for depth, function in enumerate(place.around):
        here = Place(place.module, place.around[depth:])
        bound = [one for node in ast.walk(function) for one in bindings(node, name)]
        if bound:
            yield from (text for one in bound for text in values(one, here))
            return
        parameters = [*function.args.args, *function.args.kwonlyargs]
        if name in [one.arg for one in parameters]:
            yield from of_parameter(function, name, here)
            return
    raise AssertionError(f"{place.module}: what {name} is cannot be read")


def bindings(node: ast.AST, name: str) -> Iterator[ast.expr]:
    """What is bound to a name by an assignment, or by a loop over tuples that are written out."""
    match node:
        case ast.Assign(targets=[ast.Name(id=found)], value=value) if found == name:
            yield value
        case ast.For(target=ast.Tuple(elts=names), iter=ast.Tuple(elts=rows)):
            for at, one in enumerate(names):
                if isinstance(one, ast.Name) and one.id == name:
                    yield from (row.elts[at] for row in rows if isinstance(row, ast.Tuple))


def of_parameter(function: Function, name: str, place: Place) -> Iterator[str]:
    """What is given for a parameter by whoever calls."""
    at = [one.arg for one in function.args.args].index(name) if name in map(_arg, function.args.args) else None
    own = function.name.startswith("_")
    callers = [pair for pair in calls().get(function.name, []) if pair[1].module == place.module or not own]
    assert callers, f"nothing calls {place.module}.{function.name}"
    for call, where in callers:
        given = [one.value for one in call.keywords if one.arg == name]
        if not given and at is not None and at < len(call.args):
            given = [call.args[at]]
        for one in given:
            yield from values(one, where)


def _arg(one: ast.arg) -> str:
    return one.arg


def of_attribute(owner: str, attr: str, place: Place) -> Iterator[str]:
    """A member of an enumeration, or what the field of a command can be by its type."""
    module = import_module(place.module)
    found: Any = getattr(module, owner, None)
    if isinstance(found, type) and issubclass(found, Enum):
        yield found[attr].value
        return
    for function in place.around:
        hints = get_type_hints(getattr(module, function.name, None) or (lambda: None))
        if owner in hints:
            kind = get_type_hints(hints[owner])[attr]
            yield from get_args(kind) if get_origin(kind) is Literal else [one.value for one in kind]
            return
    raise AssertionError(f"{place.module}: what {owner}.{attr} is cannot be read")


def test_every_action_has_its_words() -> None:
    found = appended()
    missing = [f"{action} ({where})" for action, where in found.items() if action not in {*TO_CASES, *OF_DESK}]
    assert not missing, f"{WHERE} " + "; ".join(missing)


def test_no_words_are_kept_of_what_nobody_does() -> None:
    assert {*TO_CASES, *OF_DESK} - set(appended()) == set()


def test_no_action_has_words_twice() -> None:
    assert set(TO_CASES) & set(OF_DESK) == set()


def test_what_stands_in_the_history_of_a_case_has_words_for_it(sample_office: Office) -> None:
    with sample_office.entry.store.read() as tx:
        found = list(journal.entries(tx, limit=100_000))
    assert {one.action for one in found if one.case_id is not None} <= set(TO_CASES)
    assert {one.action for one in found} <= {*TO_CASES, *OF_DESK}


def test_an_action_of_a_newer_desk_is_still_words() -> None:
    assert (action_words("fly_away"), what_happened("fly_away")) == ("Fly away", "fly away")
