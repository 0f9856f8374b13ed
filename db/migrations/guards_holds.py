"""Rules that the database keeps for holds since revision 0020.

A hold by person covers the cases that somebody recorded to be about the same person as the one that it names, and those
that share a number with it. While it stands neither is taken back: it would release a case alone, where two people
release a hold. Nor does a file go from a case that a hold covers.
"""

from __future__ import annotations

from db.migrations.conditions_0016 import STRONG
from db.migrations.conditions_0018 import stands_over

_STANDS = "NOT EXISTS (SELECT 1 FROM hold_step WHERE hold_step.hold_id = hold.id AND hold_step.step = 'release')"


def rests_on_link(link: str) -> str:
    """SQL: whether a standing hold is about the person of one of the two cases of a link, which the alias names."""
    return f"EXISTS (SELECT 1 FROM hold WHERE person_of IN ({link}.case_id, {link}.other_id) AND {_STANDS})"


def rests_on_number(number: str) -> str:
    """SQL: whether a standing hold reaches its cases by this identifier, which the alias names: one of the case that it
    is about, or one by which another is found.
    """
    shared = (
        f"EXISTS (SELECT 1 FROM identifier AS named WHERE named.case_id = hold.person_of"
        f" AND named.kind = {number}.kind AND named.value = {number}.value)"
    )
    return (
        f"{number}.value <> '' AND {number}.kind IN ({STRONG})"
        f" AND EXISTS (SELECT 1 FROM hold JOIN cases AS found ON found.id = {number}.case_id"
        f" WHERE hold.person_of IS NOT NULL AND {_STANDS}"
        f" AND (hold.person_of = {number}.case_id OR ({shared} AND {stands_over('found')})))"
    )


_HELD_FILE = (
    "OLD.content IS NOT NULL AND NEW.content IS NOT OLD.content AND EXISTS (SELECT 1 FROM hold"
    f" JOIN cases AS found ON found.id = OLD.case_id WHERE {stands_over('found')})"
)
_TRIGGERS = {
    "link_held": (
        "UPDATE ON link",
        f"OLD.same_person AND NOT NEW.same_person AND {rests_on_link('OLD')}",
        "a hold is about the person of these two cases, and is released first",
    ),
    "link_fixed": (
        "UPDATE ON link",
        "NEW.case_id <> OLD.case_id OR NEW.other_id <> OLD.other_id",
        "what is said of two cases stays with them",
    ),
    "identifier_held": (
        "DELETE ON identifier",
        rests_on_number("OLD"),
        "a hold is about the person with this number, and is released first",
    ),
    "identifier_no_replace": (
        "INSERT ON identifier",
        "EXISTS (SELECT 1 FROM identifier WHERE id = NEW.id)",
        "this identifier row is there already",
    ),
    "attachment_held": ("UPDATE ON attachment", _HELD_FILE, "a hold stands over the case of this file"),
}


def statements() -> tuple[str, ...]:
    """The statements, in the order in which they are run."""
    return tuple(
        f"CREATE TRIGGER {name} BEFORE {event} FOR EACH ROW WHEN {when} BEGIN SELECT RAISE(ABORT, '{said}'); END"
        for name, (event, when, said) in _TRIGGERS.items()
    )


def names() -> tuple[str, ...]:
    """The triggers' names, for dropping them."""
    return tuple(_TRIGGERS)
