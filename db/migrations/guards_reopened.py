"""Rules that the database keeps since revision 0046 for cases that are reopened: a caseworker takes a withdrawal back,
with the entry of the journal that says so, where its timer was given no new rule since, no run has it, and it was not
held. Its timer goes; the next closing starts another. What was decided stays decided.
"""

from __future__ import annotations

from db.migrations import guards_0001, guards_disposal, guards_facts

_REOPENED = "OLD.state = 'withdrawn' AND NEW.state = 'draft'"
_LAST = "SELECT 1 FROM journal WHERE seq = (SELECT MAX(seq) FROM journal) AND action = 'reopen' AND case_id = "
_SAID = f"EXISTS ({_LAST}NEW.id AND actor_id = NEW.changed_by AND at = NEW.changed_at AND data ->> 'due' IS NEW.due_on)"
_CASEWORKER = "EXISTS (SELECT 1 FROM user WHERE id = NEW.changed_by AND active AND role = 'caseworker')"
_ON_RUN = (
    "EXISTS (SELECT 1 FROM disposal_item AS item LEFT JOIN disposal_verdict AS verdict ON verdict.run_id = item.run_id"
    " WHERE item.case_id = NEW.id AND COALESCE(verdict.approved, 1) AND NOT EXISTS (SELECT 1 FROM disposal_result"
    " AS result WHERE result.run_id = item.run_id AND result.case_id = item.case_id))"
)
_HELD = (
    "COALESCE((SELECT instr(data, '\"held\":') FROM journal WHERE case_id = NEW.id AND action = 'withdraw'"
    " ORDER BY seq DESC LIMIT 1), 1)"
)
_OPEN = "NEW.outcome IS NULL AND NEW.closed_on IS NULL AND NEW.received_on IS NOT NULL"
_EVER = "SELECT 1 FROM journal WHERE case_id = NEW.id AND action = 'reopen'"
_DUPLICATE = "SELECT 1 FROM relation WHERE case_id = NEW.id AND kind = 'duplicate' AND unlinked_at IS NULL"
_CLOSING = "NEW.state IN ('issued', 'withdrawn') AND OLD.state NOT IN ('issued', 'withdrawn')"
_REBASED = "SELECT 1 FROM retention_change WHERE case_id = NEW.id AND kind = 'rebase'"
_ENDED = ("outcome", "closed_on", "due_on", "provisional")
_OWN = {
    "cases_reopened": (
        "UPDATE ON cases",
        f"{_REOPENED} AND NOT ({_OPEN} AND {_SAID} AND {_CASEWORKER})",
        "a case is reopened by a caseworker, with the entry of the journal that says so",
    ),
    "cases_reopened_free": (
        "UPDATE ON cases",
        f"{_REOPENED} AND (EXISTS ({_REBASED}) OR EXISTS ({_DUPLICATE}) OR {_ON_RUN} OR {_HELD})",
        "this case stays closed",
    ),
    "cases_timed_once": (
        "UPDATE OF state ON cases",
        f"{_CLOSING} AND EXISTS (SELECT 1 FROM retention WHERE case_id = NEW.id)",
        "a case is closed once the timer of before is gone",
    ),
    "journal_reopens": (
        "INSERT ON journal",
        "NEW.action = 'reopen' AND NOT EXISTS (SELECT 1 FROM cases WHERE id = NEW.case_id AND state = 'withdrawn')",
        "only what was withdrawn is reopened",
    ),
    "cases_received_once": (
        "UPDATE OF received_on ON cases",
        f"NEW.received_on IS NOT OLD.received_on AND EXISTS ({_EVER})",
        "when a reopened case was received is fixed",
    ),
}


def _made(statements: tuple[str, ...] | list[str]) -> dict[str, str]:
    return {one.split()[2]: one for one in statements if one.startswith("CREATE TRIGGER")}


def _trigger(name: str, event: str, when: str, message: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE {event} FOR EACH ROW WHEN {when} BEGIN SELECT RAISE(ABORT, '{message}'); END"


def _before() -> dict[str, str]:
    """The guards that give way, as they are until now."""
    return {
        "cases_life": _made(guards_disposal.statements())["cases_life"],
        "cases_closed": _made(guards_0001.statements())["cases_closed"],
        "cases_dates": _made(guards_facts.statements())["cases_dates"],
        "retention_no_delete": _made(guards_0001.statements())["retention_no_delete"],
    }


def _replaced(statement: str, old: str, new: str) -> str:
    if statement.count(old) != 1:
        raise ValueError(statement)
    return statement.replace(old, new)


def _after() -> dict[str, str]:
    """What takes their place: the same rules, but for what reopening a case changes."""
    before = _before()
    last = "('withdrawn', 'destroyed')"
    life = _replaced(before["cases_life"], last, f"{last}, ('withdrawn', 'draft')")
    closed = before["cases_closed"]
    for column in _ENDED:
        changed = f"NEW.{column} IS NOT OLD.{column}"
        closed = _replaced(closed, changed, f"({changed} AND NOT ({_REOPENED}))")
    dates = _replaced(before["cases_dates"], "FOR EACH ROW WHEN ", f"FOR EACH ROW WHEN NOT ({_REOPENED}) AND ")
    cancelled = f"(SELECT state FROM cases WHERE id = OLD.case_id) = 'draft' AND EXISTS ({_LAST}OLD.case_id)"
    kept = _replaced(before["retention_no_delete"], " WHEN 1 ", f" WHEN NOT ({cancelled}) ")
    return {"cases_life": life, "cases_closed": closed, "cases_dates": dates, "retention_no_delete": kept}


def statements() -> tuple[str, ...]:
    """The statements, in the order in which they are run."""
    after = _after()
    return (
        *(f"DROP TRIGGER {name}" for name in after),
        *after.values(),
        *(_trigger(name, *rule) for name, rule in _OWN.items()),
    )


def undone() -> tuple[str, ...]:
    """The statements that bring the guards of before back."""
    before = _before()
    return (*(f"DROP TRIGGER {name}" for name in (*before, *_OWN)), *before.values())
