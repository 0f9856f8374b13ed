"""Rules that the database keeps since revision 0037: what lifts or places what keeps a case is said in the journal.

That a letter went out, that an agreement is withdrawn and that a link ends start a timer or free a case; so do steps of
a hold. Each is written right after the journal's entry that says so, of the same person, moment and number, as a
destruction is. And a store knows one organisation, so that nobody makes of it a store of invented cases.
"""

from __future__ import annotations

from db.migrations.guards_clockright import SINCE_RIGHT


def _trigger(name: str, event: str, when: str, message: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE {event} FOR EACH ROW WHEN {when} BEGIN SELECT RAISE(ABORT, '{message}'); END"


def _unsaid(action: str, verb: str, *more: str) -> str:
    """SQL: whether the journal's last entry is not of this action, by the person and at the moment of the new row."""
    also = "".join(f" AND {one}" for one in more)
    return (
        "NOT EXISTS (SELECT 1 FROM journal WHERE seq = (SELECT MAX(seq) FROM journal)"
        f" AND action = {action} AND actor_id = NEW.{verb}_by AND at = NEW.{verb}_at{also})"
    )


def _named(case_id: str) -> str:
    return f"data ->> 'other' = (SELECT reference FROM cases WHERE id = {case_id})"


_LETTER = "FROM letter WHERE id = NEW.letter_id"
_UNLINKED = (
    f"((case_id = NEW.other_id AND {_named('NEW.case_id')}) OR (case_id = NEW.case_id AND {_named('NEW.other_id')}))"
)
_STEP = (
    "CASE NEW.step WHEN 'propose' THEN 'propose_release_of_hold' WHEN 'release' THEN 'release_hold'"
    " ELSE 'keep_hold' END"
)
# A clock that ran ahead when the letter was issued, and was said to be right since, keeps no letter from going out.
_BEFORE_ISSUE = (
    f"COALESCE(NEW.done_at < (SELECT issued_at {_LETTER}), 1) AND EXISTS (SELECT 1 FROM journal"
    f" WHERE case_id = (SELECT case_id {_LETTER}) AND data ->> 'letter' = (SELECT number {_LETTER})"
    f" AND action IN ('issue', 'write', 'reissue') AND {SINCE_RIGHT})"
)
_TRIGGERS = {
    "organisation_one": (
        "INSERT ON organisation",
        "NEW.id IS NOT 1 OR EXISTS (SELECT 1 FROM organisation)",
        "a store is of one organisation",
    ),
    "organisation_same": (
        "UPDATE ON organisation",
        "NEW.id IS NOT OLD.id",
        "a store stays of its one organisation",
    ),
    "letter_event_said": (
        "INSERT ON letter_event",
        _unsaid(
            "NEW.action",
            "done",
            f"case_id = (SELECT case_id {_LETTER})",
            f"data ->> 'letter' = (SELECT number {_LETTER})",
        ),
        "what is done with a letter is written with the entry of the journal that says so",
    ),
    "letter_event_moment": (
        "INSERT ON letter_event",
        f"substr(NEW.done_at, 1, 10) IS NOT date(NEW.done_at) OR ({_BEFORE_ISSUE})",
        "a letter goes out after it is issued, at a moment that days can be counted from",
    ),
    "policy_change_said": (
        "INSERT ON policy_change",
        _unsaid(
            "NEW.kind || '_agreement'",
            "decided",
            "data ->> 'agreement' = NEW.agreement_id",
            "data ->> 'from' = NEW.takes_effect",
            "data ->> 'change' = NEW.id",
        ),
        "an agreement changes with the entry of the journal that says so",
    ),
    "policy_change_day": (
        "INSERT ON policy_change",
        "NEW.takes_effect IS NOT date(NEW.takes_effect) OR substr(NEW.decided_at, 1, 10) IS NOT date(NEW.decided_at)",
        "an agreement changes from a day that days can be counted from",
    ),
    "relation_said": (
        "INSERT ON relation",
        _unsaid("'link_' || NEW.kind || '_from'", "linked", "case_id = NEW.other_id", _named("NEW.case_id")),
        "cases are linked with the entry of the journal that says so",
    ),
    "relation_end_said": (
        "UPDATE ON relation",
        _unsaid("'unlink_from'", "unlinked", _UNLINKED),
        "a link ends with the entry of the journal that says so",
    ),
    "hold_said": (
        "INSERT ON hold",
        _unsaid(
            "'place_hold'",
            "placed",
            "data ->> 'hold' = NEW.id",
            "case_id IS COALESCE(NEW.case_id, NEW.person_of)",
        ),
        "a hold is placed with the entry of the journal that says so",
    ),
    "hold_step_said": (
        "INSERT ON hold_step",
        _unsaid(_STEP, "taken", "data ->> 'hold' = NEW.hold_id"),
        "a hold is released with the entries of the journal that say so",
    ),
    "disposal_run_said": (
        "INSERT ON disposal_run",
        _unsaid("'propose_run'", "proposed", "data ->> 'run' = NEW.id"),
        "a run is proposed with the entry of the journal that says so",
    ),
    "disposal_result_said": (
        "INSERT ON disposal_result",
        "NOT NEW.destroyed AND "
        + _unsaid("'keep_case'", "done", "case_id = NEW.case_id", "data ->> 'run' = NEW.run_id"),
        "a case stays with the entry of the journal that says so",
    ),
}


def statements() -> tuple[str, ...]:
    """The statements, in the order in which they are run."""
    return tuple(_trigger(name, *rule) for name, rule in _TRIGGERS.items())


def names() -> tuple[str, ...]:
    """The triggers' names, for dropping them."""
    return tuple(_TRIGGERS)
