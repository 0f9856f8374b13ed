"""Rules that the database keeps for agreements that change.

A change is a guardian's and stays. A case goes to another text of its own agreement only while it can be edited, and
only with the journal's entry that says so right before: nothing changes silently.
"""

from __future__ import annotations

from db.migrations import guards_0001


def _trigger(name: str, event: str, when: str, message: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE {event} FOR EACH ROW WHEN {when} BEGIN SELECT RAISE(ABORT, '{message}'); END"


_EDITABLE = "('draft', 'sent_back', 'held')"
_REPLACED = "cases_origin"
"""The trigger of the first revision that fixed a case's text for good."""
_GUARDIAN = "EXISTS (SELECT 1 FROM user WHERE id = NEW.decided_by AND active AND role = 'guardian')"
_OF_IT = "EXISTS (SELECT 1 FROM agreement_text WHERE hash = NEW.agreement_hash AND agreement_id = NEW.agreement_id)"
_SAID = (
    "EXISTS (SELECT 1 FROM journal WHERE seq = (SELECT MAX(seq) FROM journal) AND case_id = NEW.id"
    " AND action = 'adopt_agreement')"
)
_MAY = f"OLD.state IN {_EDITABLE} AND NEW.state IN {_EDITABLE}"
_ORIGIN = " OR ".join(
    f"NEW.{column} IS NOT OLD.{column}"
    for column in ("id", "created_at", "reference", "created_by", "kind", "agreement_id", "salt")
)
_TRIGGERS = {
    "policy_change_no_update": ("UPDATE ON policy_change", "1", "what befell an agreement is never changed"),
    "policy_change_no_delete": ("DELETE ON policy_change", "1", "what befell an agreement is never forgotten"),
    "policy_change_begin": (
        "INSERT ON policy_change",
        f"NOT {_GUARDIAN} OR NOT {_OF_IT} OR EXISTS (SELECT 1 FROM policy_change WHERE id = NEW.id)",
        "only a guardian changes an agreement, and to a text of its own",
    ),
    "cases_origin": ("UPDATE ON cases", _ORIGIN, "where a case comes from is fixed"),
    "cases_pinned": (
        "UPDATE ON cases",
        f"NEW.agreement_hash IS NOT OLD.agreement_hash AND NOT ({_MAY} AND {_OF_IT} AND {_SAID})",
        "a case stays under the text that it was taken on with",
    ),
}


def statements() -> tuple[str, ...]:
    """What is run to come to this revision's rules."""
    return (f"DROP TRIGGER {_REPLACED}", *(_trigger(name, *rule) for name, rule in _TRIGGERS.items()))


def names() -> tuple[str, ...]:
    """The names of its triggers."""
    return tuple(_TRIGGERS)


def before() -> tuple[str, ...]:
    """The rules as they were before, for going back."""
    return tuple(one for one in guards_0001.statements() if one.startswith(f"CREATE TRIGGER {_REPLACED} "))
