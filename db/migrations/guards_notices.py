"""Rules that the database keeps for notices of correction (with the tables of the same revision).

What is owed is written with the release that a second person gave; a notice follows what was released, and a case is
not closed while a recipient is neither told nor excused by a second person.
"""

from __future__ import annotations

_FIXED = ("owed_notice", "correction", "notice", "notice_event", "notice_excuse")
_LAST = "(SELECT MAX(number) FROM finding WHERE case_id = NEW.case_id)"
_STATE = "(SELECT state FROM cases WHERE id = NEW.case_id)"
_RELEASED = (
    f"EXISTS (SELECT 1 FROM finding_review WHERE case_id = NEW.case_id AND action = 'release' AND number = {_LAST})"
)
_OWED = (
    "EXISTS (SELECT 1 FROM owed_notice WHERE id = NEW.owed_id AND case_id = NEW.case_id"
    f" AND finding = {_LAST}) AND {_STATE} = 'released' AND {_RELEASED}"
)


def _trigger(name: str, event: str, when: str, message: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE {event} FOR EACH ROW WHEN {when} BEGIN SELECT RAISE(ABORT, '{message}'); END"


def _untold(case: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM owed_notice WHERE case_id = {case}"
        " AND finding = (SELECT MAX(finding.number) FROM finding JOIN cases ON cases.id = finding.case_id"
        f" AND cases.submission = finding.submission WHERE cases.id = {case})"
        " AND id NOT IN (SELECT owed_id FROM notice) AND id NOT IN (SELECT owed_id FROM notice_excuse))"
    )


def _append_only() -> list[str]:
    kept = [
        _trigger(
            f"{table}_no_{event.lower()}", f"{event} ON {table}", "1", f"{table} rows are never changed or deleted"
        )
        for table in _FIXED
        for event in ("UPDATE", "DELETE")
    ]
    keys = {
        "owed_notice": "id = NEW.id",
        "correction": "owed_id = NEW.owed_id AND concerned_id = NEW.concerned_id AND item = NEW.item",
        "notice": "id = NEW.id OR owed_id = NEW.owed_id OR number = NEW.number",
        "notice_event": "id = NEW.id",
        "notice_excuse": "owed_id = NEW.owed_id",
    }
    once = [
        _trigger(
            f"{table}_no_replace",
            f"INSERT ON {table}",
            f"EXISTS (SELECT 1 FROM {table} WHERE {same})",
            f"this {table} row is there already",
        )
        for table, same in keys.items()
    ]
    return [*kept, *once]


def _notices() -> list[str]:
    owed = f"{_STATE} NOT IN ('recorded', 'released') OR NEW.finding IS NOT {_LAST} OR NOT {_RELEASED}"
    number = (
        "NEW.number IN (SELECT number FROM letter) OR NEW.number >"
        " COALESCE((SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'sequence.letter'), 0)"
    )
    issuer = "EXISTS (SELECT 1 FROM user WHERE id = NEW.issued_by AND active AND role = 'caseworker')"
    bound = (
        f"NEW.snapshot_hash IS NOT (SELECT snapshot_hash FROM finding WHERE case_id = NEW.case_id AND number = {_LAST})"
    )
    second = (
        "EXISTS (SELECT 1 FROM user WHERE id = NEW.excused_by AND active AND role IN ('reviewer', 'guardian'))"
        " AND NOT EXISTS (SELECT 1 FROM case_author WHERE case_id = NEW.case_id AND user_id = NEW.excused_by)"
    )
    return [
        _trigger("owed_notice_released", "INSERT ON owed_notice", owed, "a second person must release it first"),
        _trigger("notice_ready", "INSERT ON notice", f"NOT ({_OWED})", "no such notice is owed now"),
        _trigger(
            "notice_whole",
            "INSERT ON notice",
            f"NEW.pdf IS NULL OR length(NEW.pdf) < 100 OR length(NEW.sha256) <> 64 OR NOT {issuer} OR {number}",
            "a notice is issued whole, by a caseworker, under a number of its own",
        ),
        _trigger("notice_bound", "INSERT ON notice", bound, "a notice is bound to what was released"),
        _trigger(
            "notice_not_excused",
            "INSERT ON notice",
            "EXISTS (SELECT 1 FROM notice_excuse WHERE owed_id = NEW.owed_id)",
            "it is recorded that this recipient is not told",
        ),
        _trigger(
            "notice_excuse_ready",
            "INSERT ON notice_excuse",
            f"NOT ({_OWED}) OR EXISTS (SELECT 1 FROM notice WHERE owed_id = NEW.owed_id)",
            "no such notice is owed now",
        ),
        _trigger(
            "notice_excuse_second_person",
            "INSERT ON notice_excuse",
            f"NOT ({second}) OR trim(NEW.reasons) = ''",
            "a second person records, with reasons, why a recipient is not told",
        ),
    ]


def _closing() -> list[str]:
    return [
        _trigger(
            "letter_told",
            "INSERT ON letter",
            _untold("NEW.case_id"),
            "every recipient of what was wrong is told first",
        ),
        _trigger(
            "cases_told",
            "UPDATE OF state ON cases",
            f"NEW.state = 'issued' AND OLD.state <> 'issued' AND {_untold('NEW.id')}",
            "every recipient of what was wrong is told first",
        ),
        _trigger(
            "letter_number",
            "INSERT ON letter",
            "NEW.number IN (SELECT number FROM notice)",
            "this number is a notice already",
        ),
    ]


def statements() -> list[str]:
    """The CREATE TRIGGER statements, in the order in which they are run."""
    return [*_append_only(), *_notices(), *_closing()]


def names() -> list[str]:
    """The triggers' names, for dropping them."""
    return [statement.split()[2] for statement in statements()]
