"""Rules that the database keeps for destruction since revision 0018.

A case goes only with the journal's entry that says so right before, of the same moment and person: nothing is destroyed
without a word, and what says when cannot be another day than what the chain says. A run is decided no earlier than
anything that the journal knows, so a clock that is put back shortens no grace. Capitals and accents make no other body
of one that a hold names. And whether two cases are about one person, which a hold may rest on, changes with its entry
of the journal alone.
"""

from __future__ import annotations

from db.migrations import guards_disposal
from db.migrations.conditions_0018 import held

_SAID = (
    "EXISTS (SELECT 1 FROM journal WHERE seq = (SELECT MAX(seq) FROM journal) AND case_id = NEW.id"
    " AND action = 'destroy' AND actor_id = NEW.changed_by AND at = NEW.changed_at)"
)
_REPLACED = ("cases_held",)
_LINK_SAID = (
    "EXISTS (SELECT 1 FROM journal WHERE seq = (SELECT MAX(seq) FROM journal)"
    " AND case_id IN (NEW.case_id, NEW.other_id)"
    " AND action = CASE WHEN NEW.same_person THEN 'same_person' ELSE 'someone_else' END"
    " AND actor_id = NEW.linked_by AND at = NEW.linked_at)"
)
_GOING = "NEW.state = 'destroyed' AND OLD.state <> 'destroyed'"
_WHO = "whether two cases are about one person is said in the journal"


def _trigger(name: str, event: str, when: str, message: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE {event} FOR EACH ROW WHEN {when} BEGIN SELECT RAISE(ABORT, '{message}'); END"


def _own() -> list[str]:
    return [
        _trigger("cases_held", "UPDATE ON cases", f"{_GOING} AND {held('OLD')}", "a hold stands over this case"),
        _trigger(
            "cases_said",
            "UPDATE ON cases",
            f"{_GOING} AND NOT {_SAID}",
            "a case is destroyed with the entry of the journal that says so",
        ),
        _trigger(
            "disposal_verdict_moment",
            "INSERT ON disposal_verdict",
            "NEW.decided_at < (SELECT MAX(at) FROM journal)",
            "a run is not decided before what the journal says already was",
        ),
        _trigger("link_said_insert", "INSERT ON link", f"NOT {_LINK_SAID}", _WHO),
        _trigger("link_said_update", "UPDATE ON link", f"NOT {_LINK_SAID}", _WHO),
        _trigger("link_no_delete", "DELETE ON link", "1", "link rows are never deleted"),
        _trigger(
            "link_no_replace",
            "INSERT ON link",
            "EXISTS (SELECT 1 FROM link WHERE case_id = NEW.case_id AND other_id = NEW.other_id)",
            "this link row is there already",
        ),
    ]


def statements() -> tuple[str, ...]:
    """What is run to come to this revision's rules."""
    return (*(f"DROP TRIGGER {name}" for name in _REPLACED), *_own())


def before() -> tuple[str, ...]:
    """What is run to go back to the rules before."""
    own = (one.split()[2] for one in _own())
    earlier = [one for one in guards_disposal.statements() if one.split()[2] in _REPLACED and one.startswith("CREATE")]
    return (*(f"DROP TRIGGER {name}" for name in own), *earlier)
