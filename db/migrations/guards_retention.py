"""Rules that the database keeps for timers with more than one trigger (revision 0017).

A timer starts on the day of closing, by a rule with a period; what starts it otherwise is recorded of a closed case
alone, never for a day to come where it has to have happened; and whether a case is due is counted by
``conditions_0017``. What moves a timer is written right after the journal's entry that says so, of the same case,
moment and person, and moves it no further than anybody can answer for.
"""

from __future__ import annotations

from db.migrations import guards_disposal
from db.migrations.conditions_0017 import TRIGGERS, due_of, months_on

WAITING = "('letter_sent', 'debt_settled', 'agreement_withdrawn')"
"""Triggers that may be still to come when a case is closed."""

STARTING = "'issue', 'withdraw', 'settle', 'rebase'"
"""The entries of the journal beside which what starts a timer is written."""
MOST_YEARS = 20
"""For so long from today a case may be kept longer; then somebody looks again."""
MOST_MONTHS = 1200
"""No rule keeps for longer than that."""


def _trigger(name: str, event: str, when: str, message: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE {event} FOR EACH ROW WHEN {when} BEGIN SELECT RAISE(ABORT, '{message}'); END"


_KNOWN = ", ".join(f"'{one}'" for one in TRIGGERS)
_STATE = "(SELECT state FROM cases WHERE id = NEW.case_id)"
_RULED = (
    "COALESCE(NEW.months < 1, 1) OR NEW.started_on IS NOT (SELECT closed_on FROM cases WHERE id = NEW.case_id)"
    f' OR NEW."trigger" NOT IN ({_KNOWN}) OR NEW.due_on IS NOT {months_on("NEW.started_on", "NEW.months")}'
    f' OR (NEW."trigger" IN {WAITING} AND COALESCE(NEW.longstop_on < NEW.due_on, 1))'
)
_RECORDED = (
    f"COALESCE({_STATE} NOT IN ('issued', 'withdrawn'), 1)"
    " OR NOT EXISTS (SELECT 1 FROM retention WHERE case_id = NEW.case_id)"
    " OR NOT EXISTS (SELECT 1 FROM user WHERE id = NEW.recorded_by AND active"
    " AND role IN ('caseworker', 'records_officer')) OR NEW.happened_on IS NOT date(NEW.happened_on)"
    " OR (NEW.\"trigger\" = 'debt_settled' AND COALESCE(NEW.happened_on > date(NEW.recorded_at, '+1 hour'), 1))"
)
_REBASED = (
    "NEW.kind = 'rebase' AND (COALESCE(NEW.months < 1, 1)"
    f' OR COALESCE(NEW."trigger" NOT IN ({_KNOWN}), 1)'
    f" OR NEW.months > {MOST_MONTHS} OR COALESCE(NEW.appealed_months > {MOST_MONTHS}, 0)"
    f" OR COALESCE(NEW.longstop_on > date(NEW.decided_at, '+{MOST_MONTHS} months'), 0)"
    f' OR (NEW."trigger" IN {WAITING} AND (NEW.longstop_on IS NULL OR NEW.longstop_on IS NOT date(NEW.longstop_on))))'
)
_LAST = (
    "NOT EXISTS (SELECT 1 FROM journal WHERE seq = (SELECT MAX(seq) FROM journal) AND case_id = NEW.case_id"
    " AND action IN ({actions}) AND actor_id = NEW.{by} AND at = NEW.{at})"
)
_CHANGE_UNSAID = _LAST.format(actions="NEW.kind", by="decided_by", at="decided_at")
_EVENT_UNSAID = _LAST.format(actions=STARTING, by="recorded_by", at="recorded_at")
_KEPT_TOO_LONG = (
    f"NEW.kind = 'retain' AND COALESCE(NEW.due_on > date(NEW.decided_at, '+1 hour', '+{MOST_YEARS} years'), 1)"
)
_NEVER = "retention_event rows are never changed or deleted"
_OWN = {
    "retention_ruled": ("INSERT ON retention", _RULED, "a timer starts on the day of closing, by a rule with a period"),
    "retention_event_closed": (
        "INSERT ON retention_event",
        _RECORDED,
        "what starts a timer is recorded of a closed case, once it has happened",
    ),
    "retention_event_no_update": ("UPDATE ON retention_event", "1", _NEVER),
    "retention_event_no_delete": ("DELETE ON retention_event", "1", _NEVER),
    "retention_event_no_replace": (
        "INSERT ON retention_event",
        "EXISTS (SELECT 1 FROM retention_event WHERE id = NEW.id)",
        "this retention_event row is there already",
    ),
    "retention_event_said": (
        "INSERT ON retention_event",
        _EVENT_UNSAID,
        "what starts a timer is written with the entry of the journal that says so",
    ),
    "retention_change_said": (
        "INSERT ON retention_change",
        _CHANGE_UNSAID,
        "a timer is changed with the entry of the journal that says so",
    ),
    "retention_change_years": (
        "INSERT ON retention_change",
        _KEPT_TOO_LONG,
        f"a case is kept for {MOST_YEARS} years more at most, and then looked at again",
    ),
    "retention_change_ruled": ("INSERT ON retention_change", _REBASED, "a new rule has a trigger and a period"),
}
ADDED = {"retention_change": ("trigger", "months", "appealed_months", "longstop_on")}
"""The columns that this revision adds to tables of ``guards_disposal.WIPED``. They stay."""


def _before() -> dict[str, str]:
    """The guards of revision 0016 that give way, by their names."""
    made = {one.split()[2]: one for one in guards_disposal.statements() if one.startswith("CREATE TRIGGER")}
    return {name: made[name] for name in ("cases_due", "retention_change_officer", "retention_change_wiped")}


def _after() -> dict[str, str]:
    """What takes their place: the same rules with the day that is counted now, and with the columns that are new."""
    before = _before()
    going = "NEW.state = 'destroyed' AND OLD.state <> 'destroyed'"
    due = _trigger(
        "cases_due",
        "UPDATE ON cases",
        f"{going} AND COALESCE({due_of('NEW.id')} > date(NEW.changed_at, '+1 hour'), 1)",
        "this case is not due for review",
    )
    officer = _trigger(
        "retention_change_officer",
        "INSERT ON retention_change",
        "NOT EXISTS (SELECT 1 FROM user WHERE id = NEW.decided_by AND active AND role = 'records_officer')"
        " OR length(trim(NEW.because)) = 0 OR NEW.due_on IS NOT date(NEW.due_on)"
        " OR NOT EXISTS (SELECT 1 FROM retention WHERE case_id = NEW.case_id)"
        f" OR (NEW.kind = 'retain' AND NEW.due_on <= {due_of('NEW.case_id')})",
        "a records officer changes the date of a timer, and says why",
    )
    same = "".join(f'NEW."{name}" IS OLD."{name}" AND ' for name in ADDED["retention_change"])
    wiped = before["retention_change_wiped"].replace("NEW.id IS OLD.id AND", f"{same}NEW.id IS OLD.id AND")
    return {"cases_due": due, "retention_change_officer": officer, "retention_change_wiped": wiped}


def statements() -> tuple[str, ...]:
    """The statements, in the order in which they are run."""
    after = _after()
    own = [_trigger(name, *rule) for name, rule in _OWN.items()]
    return (*(f"DROP TRIGGER {name}" for name in after), *after.values(), *own)


def undone() -> tuple[str, ...]:
    """The statements that bring the guards of before back."""
    before = _before()
    return (*(f"DROP TRIGGER {name}" for name in (*before, *_OWN)), *before.values())
