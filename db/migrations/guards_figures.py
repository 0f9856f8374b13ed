"""Rules that the database keeps for figures since revision 0026.

An answer closes with the row of the statistics in which it counts, which stays when the answer goes. What was published
stays known, and the same requests of the same days are not published in two ways, nor with two results, where either
keeps small figures back.
"""

from __future__ import annotations

_SAME = ("title", "first", "last", "per", "control", "figures")
_TOLD_APART = (
    "EXISTS (SELECT 1 FROM publication AS other WHERE other.first <= NEW.last AND other.last >= NEW.first"
    " AND (other.control <> 'none' OR NEW.control <> 'none') AND EXISTS (SELECT 1 FROM json_each(other.agreements)"
    " WHERE value IN (SELECT value FROM json_each(NEW.agreements)))"
    f" AND NOT ({' AND '.join(f'other.{name} = NEW.{name}' for name in _SAME)}))"
)


def _trigger(name: str, event: str, when: str, message: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE {event} FOR EACH ROW WHEN {when} BEGIN SELECT RAISE(ABORT, '{message}'); END"


def statements() -> tuple[str, ...]:
    """The statements, in the order in which they are run."""
    closing = "NEW.state = 'issued' AND OLD.state <> 'issued'"
    return (
        _trigger(
            "cases_answered",
            "UPDATE ON cases",
            f"{closing} AND (NEW.outcome IS 'status') <> (NEW.answered_as IS NOT NULL)",
            "an answer closes with the row in which it counts",
        ),
        _trigger(
            "cases_answered_kept",
            "UPDATE ON cases",
            f"NEW.answered_as IS NOT OLD.answered_as AND NOT ({closing})",
            "the row in which a closed case counts is fixed",
        ),
        _trigger(
            "publication_told_apart",
            "INSERT ON publication",
            _TOLD_APART,
            "these days were published in another way, and the two together could tell what one keeps back",
        ),
        _trigger(
            "publication_no_replace",
            "INSERT ON publication",
            "EXISTS (SELECT 1 FROM publication WHERE id = NEW.id)",
            "this publication is there already",
        ),
        _trigger("publication_kept", "DELETE ON publication", "1", "what was published stays known"),
        _trigger("publication_fixed", "UPDATE ON publication", "1", "what was published is fixed"),
    )


def names() -> tuple[str, ...]:
    """The triggers' names, for dropping them."""
    return tuple(one.split()[2] for one in statements())
