"""What can be kept of an answer: hostile text, too much of it, and values of another shape are refused in words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from db.records import Json
from desktop.policy.agreements import Field, load_agreements
from desktop.policy.fields import check_field
from desktop.policy.shapes import Problem, check_storable, check_text

TODAY = date(2017, 6, 12)
FIELDS = [field for agreement in load_agreements().all() for section in agreement.sections for field in section.fields]


def field(kind: str, **more: Any) -> Field:
    return Field(key="person.thing", label="Thing", kind=kind, **more)  # type: ignore[arg-type]


def only(problems: tuple[Problem, ...]) -> Problem:
    (problem,) = problems
    return problem


AS_TYPED = [
    'O\'Brien "Q" `x` ‘y’',
    "<script>alert(1)</script> &amp; ]]>",
    "=1+1",
    "+44",
    "-5",
    "@SUM(A1)",
    "\u200fאבג\u200e",
    "क\u200dष \u200c\u200b",
    "e\u0301" * 20,
    "👩‍🚀",
    "Robert'); DROP TABLE cases;--",
    "%s {0} $x \\n",
    "\ufeff",
]


@pytest.mark.parametrize("text", AS_TYPED)
def test_text_is_kept_as_typed(text: str) -> None:
    for kind in ("text", "lines", "reference", "email", "phone", "nhs_number", "time"):
        assert check_storable(field(kind), text) == ()
    assert check_text("values.name", text) == ()


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ("\x00", "control character"),
        ("\x07", "control character"),
        ("\x1b", "control character"),
        ("\x7f", "control character"),
        ("\x85", "control character"),
        ("\ud800", "half of it"),
        (chr(0xDFFF), "half of it"),
        *((chr(code), "turns the order") for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))),
    ],
)
def test_text_that_hides_or_breaks_things_is_refused_everywhere(bad: str, words: str) -> None:
    for one in FIELDS:
        for value in shaped(one.kind, f"Kow{bad}alczyk"):
            problem = only(check_storable(one, value))
            assert problem.hard
            assert problem.field == one.key
            assert problem.message.startswith("Character 4 is ")
            assert words in problem.message
            assert "type this again" in problem.message
            assert check_field(one, value, today=TODAY) == (problem,)


ROWS = {
    "names": ("name", "kind"),
    "sources": ("source", "on", "result"),
    "corrections": ("item", "finding", "right"),
}


def shaped(kind: str, text: str) -> list[Json]:
    """Values of the field's own shape with this text in each of their places."""
    match kind:
        case "tick":
            return []
        case "choices" | "items":
            return [["", text]]
        case "date" | "partial_date":
            return [{part: text} for part in ("day", "month", "year")]
        case "names" | "sources" | "corrections":
            return [[{part: text}] for part in ROWS[kind]]
        case "address":
            return [{part: text} for part in ("lines", "postcode")]
        case "criterion":
            return [{"answer": text}, {"reasons": text}, {"evidence": [text]}]
        case _:
            return [text]


@pytest.mark.parametrize("one", FIELDS, ids=lambda one: one.key)
def test_too_much_text_is_refused_everywhere(one: Field) -> None:
    for value in shaped(one.kind, "x" * 100_000):
        problem = only(check_storable(one, value))
        assert problem.hard
        assert problem.message.startswith("This is 100,000 characters long. The most is ")


def test_the_limits_are_the_fields_or_the_kinds() -> None:
    assert check_storable(field("text"), "x" * 200) == ()
    assert check_storable(field("text"), "x" * 201) != ()
    assert check_storable(field("text", max_length=300), "x" * 300) == ()
    assert check_storable(field("lines"), "x" * 10_000) == ()
    assert check_storable(field("lines", max_length=50), "x" * 51) != ()
    assert "entries" in only(check_storable(field("items"), ["x"] * 201)).message


def test_only_texts_of_many_lines_have_lines() -> None:
    assert check_storable(field("lines"), "one\r\ntwo\tthree") == ()
    assert check_storable(field("address"), {"lines": "one\ntwo", "postcode": "NB2 6QX"}) == ()
    assert only(check_storable(field("text"), "one\ntwo")).message == (
        "Character 4 is a line break or a tab. Put it all on one line."
    )
    assert check_storable(field("address"), {"lines": "one", "postcode": "NB2\n6QX"}) != ()


@pytest.mark.parametrize("kind", sorted({one.kind for one in FIELDS}))
@pytest.mark.parametrize("value", [7, 1.5, [1], {"x": "y"}, [["a"]], [{"name": 1}], {"day": 1}, {"evidence": "x"}])
def test_a_value_of_another_shape_is_refused(kind: str, value: Json) -> None:
    problem = only(check_storable(field(kind), value))
    assert (problem.hard, problem.message) == (
        True,
        "This answer is not in the shape that the form needs. Enter it again.",
    )
