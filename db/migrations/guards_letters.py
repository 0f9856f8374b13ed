"""Rules that the database keeps for letters of every kind (with the table of the same revision).

A letter that answers is written in the states in which a case can end, and bound to what was approved; once a case is
closed it can only be issued again, from the same snapshot. Any other letter is written by a caseworker where it makes
sense, and bound to facts of its own. One to the person themselves follows a release, and never goes out while a
concern keeps the address off.
"""

from __future__ import annotations

from db.migrations import guards_0001, guards_notices, guards_safeguards

_STATE = "(SELECT state FROM cases WHERE id = NEW.case_id)"
_LAST = "(SELECT MAX(number) FROM finding WHERE case_id = NEW.case_id)"
_FOUND = f"(SELECT outcome FROM finding WHERE case_id = NEW.case_id AND number = {_LAST})"
_RELEASED = (
    f"EXISTS (SELECT 1 FROM finding_review WHERE case_id = NEW.case_id AND action = 'release' AND number = {_LAST})"
)
_CONCERN = "EXISTS (SELECT 1 FROM concern WHERE case_id = NEW.case_id)"
_LET_GO = (
    "EXISTS (SELECT 1 FROM address_release JOIN decision ON decision.id = address_release.decision_id"
    " JOIN cases ON cases.id = decision.case_id AND cases.submission = decision.submission"
    " LEFT JOIN voiding ON voiding.decision_id = decision.id"
    " WHERE decision.case_id = NEW.case_id AND voiding.decision_id IS NULL)"
)

TRACED = ("disclosure", "partial_disclosure")
ANSWERED = ("status_answer", "answer", "foi_answer", "sar_answer", "review_outcome")
GIVING = (*TRACED, *ANSWERED)
ENDING = (*GIVING, "no_trace", "refusal", "rejection", "not_permitted")
TO_THE_PERSON = ("debt_notice", "forwarding")
_ASSESSED = ("draft", "sent_back", "submitted", "escalated")
WRITTEN_IN: dict[str, tuple[str, ...]] = {
    "acknowledgement": _ASSESSED,
    "more_information": ("returned",),
    "expedite_accepted": (*_ASSESSED, "approved"),
    "expedite_declined": (*_ASSESSED, "approved"),
    "extension": (*_ASSESSED, "approved", "recorded"),
    "debt_notice": ("released",),
    "forwarding": ("released",),
}
"""The states in which each letter that does not answer may be written."""


def _listed(values: tuple[str, ...]) -> str:
    return "(" + ", ".join(f"'{one}'" for one in values) + ")"


def _trigger(name: str, event: str, when: str, message: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE {event} FOR EACH ROW WHEN {when} BEGIN SELECT RAISE(ABORT, '{message}'); END"


_REPLACED = (
    "EXISTS (SELECT 1 FROM letter WHERE id = NEW.replaces AND case_id = NEW.case_id AND kind = NEW.kind"
    " AND snapshot_hash = NEW.snapshot_hash AND id = (SELECT MAX(id) FROM letter WHERE case_id = NEW.case_id"
    f" AND kind IN {_listed(ENDING)}))"
)
_ENDS = f"NEW.kind IN {_listed(ENDING)}"


def _ready() -> str:
    answers = (
        f"({_STATE} = 'refused' AND NEW.kind = 'refusal')"
        f" OR ({_STATE} = 'rejected' AND NEW.kind IN ('rejection', 'not_permitted'))"
        f" OR ({_STATE} = 'recorded' AND NEW.kind = 'no_trace' AND {_FOUND} IN ('no_trace', 'more_than_one'))"
        f" OR ({_STATE} = 'released' AND {_RELEASED} AND (({_FOUND} = 'traced' AND NEW.kind IN {_listed(TRACED)})"
        f" OR ({_FOUND} = 'status' AND NEW.kind IN {_listed(ANSWERED)})))"
    )
    others = " OR ".join(
        f"(NEW.kind = '{kind}' AND {_STATE} IN {_listed(states)})" for kind, states in WRITTEN_IN.items()
    )
    person = f"NEW.kind NOT IN {_listed(TO_THE_PERSON)} OR {_RELEASED}"
    extended = "NEW.kind <> 'extension' OR EXISTS (SELECT 1 FROM extension WHERE case_id = NEW.case_id)"
    return (
        "NOT COALESCE(CASE WHEN NEW.replaces IS NOT NULL"
        f" THEN {_STATE} = 'issued' AND {_REPLACED}"
        f" WHEN {_ENDS} THEN {answers}"
        f" ELSE ({others}) AND ({person}) AND ({extended}) END, 0)"
    )


def _bound() -> str:
    approved = (
        f"NEW.snapshot_hash IS NOT CASE WHEN {_STATE} IN ('recorded', 'released')"
        f" THEN (SELECT snapshot_hash FROM finding WHERE case_id = NEW.case_id AND number = {_LAST})"
        " ELSE (SELECT submission.snapshot_hash FROM submission JOIN cases ON cases.id = submission.case_id"
        " AND cases.submission = submission.number WHERE cases.id = NEW.case_id) END"
    )
    # What stands in the place of another letter has that one's snapshot: see "letter_ready".
    return (
        f"CASE WHEN {_ENDS} THEN NEW.facts IS NOT NULL OR (NEW.replaces IS NULL AND {approved})"
        " ELSE NEW.facts IS NULL OR length(NEW.snapshot_hash) <> 64 END"
    )


def _own() -> list[str]:
    releaser = f"(SELECT reviewed_by FROM finding_review WHERE case_id = NEW.case_id AND number = {_LAST}"
    releaser += " AND action = 'release' ORDER BY id DESC LIMIT 1)"
    not_guardian = f"NOT EXISTS (SELECT 1 FROM user WHERE id = {releaser} AND active AND role = 'guardian')"
    tells = " OR ".join(f"instr(json_each.key, '{word}') > 0" for word in guards_safeguards.LOCATING)
    located = (
        f"EXISTS (SELECT 1 FROM finding, json_each(finding.released) WHERE finding.case_id = NEW.case_id"
        f" AND finding.number = {_LAST} AND ({tells}))"
    )
    giving, person = f"NEW.kind IN {_listed(GIVING)}", f"NEW.kind IN {_listed(TO_THE_PERSON)}"
    kept_off = f"{_CONCERN} AND NOT {_LET_GO} AND (({giving} AND {located}) OR {person})"
    whole = (
        "NEW.pdf IS NULL OR length(NEW.pdf) < 100 OR length(NEW.sha256) <> 64"
        " OR NOT EXISTS (SELECT 1 FROM user WHERE id = NEW.issued_by AND active AND role = 'caseworker')"
        " OR NEW.number > COALESCE((SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'sequence.letter'), 0)"
    )
    untold = _text(guards_notices.statements(), "letter_told").partition(" WHEN ")[2].partition(" BEGIN ")[0]
    lettered = f"NOT EXISTS (SELECT 1 FROM letter WHERE case_id = NEW.id AND kind IN {_listed(ENDING)})"
    return [
        # SQLite asks the rule that was made last first: whether the letter fits comes before whether it is whole.
        _trigger(
            "letter_whole",
            "INSERT ON letter",
            whole,
            "a letter is issued whole, by a caseworker, under a number of its own",
        ),
        _trigger("letter_ready", "INSERT ON letter", _ready(), "this case is not ready for this letter"),
        _trigger("letter_bound", "INSERT ON letter", _bound(), "a letter is bound to what was approved"),
        _trigger(
            "letter_guardian",
            "INSERT ON letter",
            f"({giving} OR {person}) AND {_CONCERN} AND {not_guardian}",
            "record the outcome again, for the guardian alone releases it",
        ),
        _trigger("letter_address", "INSERT ON letter", kept_off, "the address is kept off"),
        _trigger(
            "letter_told",
            "INSERT ON letter",
            f"{_ENDS} AND {untold}",
            "every recipient of what was wrong is told first",
        ),
        _trigger(
            "cases_issued",
            "UPDATE OF state ON cases",
            f"NEW.state = 'issued' AND {lettered}",
            "no letter is issued",
        ),
    ]


_KEPT = ("letter_no_update", "letter_no_delete", "letter_no_replace", "letter_number", "notice_whole")
"""Rules of before that go with the old table, or look at it, and come back as they were."""
_BEFORE = (*guards_0001.statements(), *guards_safeguards.statements(), *guards_notices.statements())


def _text(statements: tuple[str, ...] | list[str], name: str) -> str:
    return next(one for one in statements if one.startswith(f"CREATE TRIGGER {name} "))


def statements() -> list[str]:
    """The CREATE TRIGGER statements, in the order in which they are run."""
    return [*(_text(_BEFORE, name) for name in _KEPT), *_own()]


def before() -> list[str]:
    """The rules as they were, for going back."""
    own = [one.split()[2] for one in _own() if one.split()[2] != "letter_whole"]
    return [_text(_BEFORE, name) for name in (*_KEPT, *own)]


def deleting() -> list[str]:
    """The rules that going back lifts to drop what no earlier revision knows."""
    return [_text(_BEFORE, f"{table}_no_delete") for table in ("letter_event", "disclosure")]
