"""Rules that the database keeps for destruction.

A case is destroyed only by a run that another records officer approved, after its grace period, when it is due and
nothing holds it; then what identifies people is emptied, and nothing else of it can change. Every guard that fixed what
a case holds gives way to that alone.
"""

from __future__ import annotations

from db.migrations import (
    guards_0001,
    guards_answers,
    guards_clocks,
    guards_facts,
    guards_letters,
    guards_links,
    guards_notices,
    guards_policy,
    guards_safeguards,
)
from db.migrations.conditions_0016 import due_of, fresh, held, open_beside

GRACE_DAYS = 14
"""Days between the approval of a run and the first day on which it may be carried out."""

WIPED = {
    "answer": ("case_id, field, changed_by, changed_at", {"value": "''"}),
    "identifier": ("id, case_id, kind", {"value": "''"}),
    "submission": ("case_id, number, submitted_by, submitted_at, snapshot_hash", {"snapshot": "''"}),
    "decision": (
        "id, case_id, submission, action, decided_by, decided_at, because_of",
        {"reasons": "''", "views": "''"},
    ),
    "finding": (
        "case_id, number, submission, outcome, recorded_by, recorded_at, matched, taken_at, snapshot_hash",
        {"released": "''", "status_answer": "''"},
    ),
    "finding_review": ("id, case_id, number, action, reviewed_by, reviewed_at", {"reasons": "''"}),
    "letter": (
        "id, number, case_id, kind, sha256, snapshot_hash, issued_by, issued_at, replaces",
        {"pdf": "NULL", "recipient": "''", "facts": "NULL"},
    ),
    "disclosure": ("id, case_id, letter_id, gateway, items, disclosed_on", {"recipient": "''"}),
    "pause": ("id, case_id, since, until", {"reason": "''"}),
    "attachment": (
        "id, case_id, media_type, size, added_by, added_at, submitted, removed_by, removed_at",
        {"name": "''", "sha256": "''", "content": "NULL"},
    ),
    "chase": ("id, case_id, asked_on, chased_on, next_on, recorded_by, recorded_at", {"note": "''"}),
    "extension": ("id, case_id, length, because, told_on, extended_by, extended_at", {"note": "''"}),
    "concern": ("id, case_id, about, from_case, raised_by, raised_at", {"who": "''", "why": "''"}),
    "owed_notice": ("id, case_id, finding", {"recipient": "''", "content": "''"}),
    "notice": ("id, owed_id, case_id, number, sha256, snapshot_hash, issued_by, issued_at", {"pdf": "NULL"}),
    "notice_excuse": ("owed_id, case_id, because, excused_by, excused_at", {"reasons": "''"}),
    "retention_change": ("id, case_id, kind, due_on, rule, source, decided_by, decided_at", {"because": "''"}),
}
"""The tables of a case: the columns that stay, and what the others are emptied to. ``cases`` itself: see below."""
CASE_WIPED = {
    "requester": "''",
    "requester_reference": "''",
    "family_name": "''",
    "given_names": "''",
    "born": "''",
    "salt": "X''",
}
_CLOSED_INSERTS = (*WIPED, "retention", "relation", "link", "case_author", "hold")
_ALSO = {"relation": "NEW.other_id", "link": "NEW.other_id", "hold": "NEW.person_of"}
"""The other case that a row names."""
_APPEND_ONLY = (
    "disposal_run", "disposal_item", "disposal_verdict", "disposal_result", "destruction_certificate",
    "retention_change", "hold", "hold_step",
)  # fmt: skip
_KEYS = {
    "disposal_run": "id = NEW.id",
    "disposal_item": "run_id = NEW.run_id AND case_id = NEW.case_id",
    "disposal_verdict": "run_id = NEW.run_id",
    "disposal_result": "run_id = NEW.run_id AND case_id = NEW.case_id",
    "destruction_certificate": "run_id = NEW.run_id OR number = NEW.number",
    "retention_change": "id = NEW.id",
    "hold": "id = NEW.id",
    "hold_step": "id = NEW.id",
}


def _trigger(name: str, event: str, when: str, message: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE {event} FOR EACH ROW WHEN {when} BEGIN SELECT RAISE(ABORT, '{message}'); END"


def _destroyed(case_id: str) -> str:
    return f"(SELECT state FROM cases WHERE id = {case_id}) = 'destroyed'"


def _officer(who: str, roles: str = "'records_officer'") -> str:
    return f"EXISTS (SELECT 1 FROM user WHERE id = {who} AND active AND role IN ({roles}))"


# Greenwich may still be in yesterday when London begins a day.
_TODAY = "date(NEW.changed_at, '+1 hour')"


def _cases() -> list[str]:
    run = (
        "EXISTS (SELECT 1 FROM disposal_item AS item JOIN disposal_verdict AS verdict ON verdict.run_id = item.run_id"
        f" WHERE item.case_id = NEW.id AND verdict.approved AND verdict.not_before <= {_TODAY} AND NOT EXISTS"
        " (SELECT 1 FROM disposal_result AS result WHERE result.run_id = item.run_id AND result.case_id = NEW.id))"
    )
    author = "EXISTS (SELECT 1 FROM case_author WHERE case_id = NEW.id AND user_id = NEW.changed_by)"
    empty = " AND ".join(f"NEW.{name} = {value}" for name, value in CASE_WIPED.items())
    other = (
        "id", "reference", "kind", "agreement_id", "agreement_version", "agreement_hash", "outcome", "requester_kind",
        "received_on", "due_on", "provisional", "expedited", "caseworker_id", "created_by", "created_at", "submission",
        "sent_back", "closed_on",
    )  # fmt: skip
    same = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in other)
    going = "NEW.state = 'destroyed' AND OLD.state <> 'destroyed'"
    return [
        _trigger("cases_stub", "UPDATE ON cases", "OLD.state = 'destroyed'", "a destroyed case never changes"),
        _trigger("cases_run", "UPDATE ON cases", f"{going} AND NOT {run}", "only an approved run destroys a case"),
        _trigger(
            "cases_officer",
            "UPDATE ON cases",
            f"{going} AND (NOT {_officer('NEW.changed_by')} OR {author})",
            "a records officer who did not work on a case destroys it",
        ),
        _trigger(
            "cases_due",
            "UPDATE ON cases",
            f"{going} AND COALESCE({due_of('NEW')} > {_TODAY}, 1)",
            "this case is not due for review",
        ),
        _trigger("cases_held", "UPDATE ON cases", f"{going} AND {held('OLD')}", "a hold stands over this case"),
        _trigger(
            "cases_beside",
            "UPDATE ON cases",
            f"{going} AND {open_beside('OLD')}",
            "another request that touches this case is open",
        ),
        _trigger(
            "cases_quiet",
            "UPDATE ON cases",
            f"{going} AND {fresh('OLD', 'NEW.changed_at')}",
            "something new came to this case",
        ),
        _trigger(
            "cases_wiped",
            "UPDATE ON cases",
            f"{going} AND NOT ({empty} AND {same})",
            "what identifies people goes, and nothing else",
        ),
    ]


def _tables() -> list[str]:
    made = []
    for table, (kept, emptied) in WIPED.items():
        same = [f"NEW.{name} IS OLD.{name}" for name in kept.split(", ")]
        empty = [f"NEW.{name} IS {value}" for name, value in emptied.items()]
        wrong = f"{_destroyed('OLD.case_id')} AND NOT ({' AND '.join((*same, *empty))})"
        made.append(_trigger(f"{table}_wiped", f"UPDATE ON {table}", wrong, "nothing comes back to a destroyed case"))
    for table in _CLOSED_INSERTS:
        into = _destroyed("NEW.case_id")
        if table in _ALSO:
            into = f"COALESCE({into}, 0) OR COALESCE({_destroyed(_ALSO[table])}, 0)"
        if table == "case_author":
            # Whoever changed an answer is written down again while it is emptied, and is there already.
            known = "SELECT 1 FROM case_author WHERE case_id = NEW.case_id AND user_id = NEW.user_id"
            into += f" AND NOT EXISTS ({known})"
        made.append(_trigger(f"{table}_stub", f"INSERT ON {table}", into, "nothing is added to a destroyed case"))
    return made


def _runs() -> list[str]:
    item_author = (
        "EXISTS (SELECT 1 FROM case_author JOIN disposal_run ON disposal_run.id = NEW.run_id"
        " WHERE case_author.case_id = NEW.case_id AND case_author.user_id = disposal_run.proposed_by)"
    )
    closed = "(SELECT state FROM cases WHERE id = NEW.case_id) NOT IN ('issued', 'withdrawn')"
    decided = "EXISTS (SELECT 1 FROM disposal_verdict WHERE run_id = NEW.run_id)"
    elsewhere = (
        "EXISTS (SELECT 1 FROM disposal_item AS item LEFT JOIN disposal_verdict AS verdict"
        " ON verdict.run_id = item.run_id WHERE item.case_id = NEW.case_id AND COALESCE(verdict.approved, 1)"
        " AND NOT EXISTS (SELECT 1 FROM disposal_result AS result WHERE result.run_id = item.run_id"
        " AND result.case_id = NEW.case_id))"
    )
    proposed = "(SELECT proposed_by FROM disposal_run WHERE id = NEW.run_id)"
    verdict_author = (
        "EXISTS (SELECT 1 FROM disposal_item JOIN case_author ON case_author.case_id = disposal_item.case_id"
        " WHERE disposal_item.run_id = NEW.run_id AND case_author.user_id = NEW.decided_by)"
    )
    last = "(SELECT at FROM journal ORDER BY seq DESC LIMIT 1)"
    early = (
        f"date(NEW.decided_at) IS NULL OR NEW.decided_at < {last}"
        " OR (NEW.approved AND (NEW.not_before IS NOT date(NEW.not_before)"
        f" OR NEW.not_before < date(NEW.decided_at, '+{GRACE_DAYS} days')))"
    )
    empty = "NOT EXISTS (SELECT 1 FROM disposal_item WHERE run_id = NEW.run_id)"
    return [
        _trigger(
            "disposal_run_officer",
            "INSERT ON disposal_run",
            f"NOT {_officer('NEW.proposed_by')} OR length(trim(NEW.because)) = 0",
            "a records officer proposes a run, and says why",
        ),
        _trigger(
            "disposal_item_open",
            "INSERT ON disposal_item",
            f"{decided} OR {closed} OR {elsewhere} OR {item_author}",
            "this case cannot be put on this run",
        ),
        _trigger(
            "disposal_verdict_second",
            "INSERT ON disposal_verdict",
            f"NEW.decided_by = {proposed} OR {verdict_author} OR NOT {_officer('NEW.decided_by')}",
            "another records officer, who worked on none of its cases, approves a run",
        ),
        _trigger(
            "disposal_verdict_grace",
            "INSERT ON disposal_verdict",
            f"({early}) OR {empty} OR (NOT NEW.approved AND length(trim(NEW.reasons)) = 0)",
            "a run waits for its grace period, and a refusal says why",
        ),
    ]


def _results() -> list[str]:
    approved = "EXISTS (SELECT 1 FROM disposal_verdict WHERE run_id = NEW.run_id AND approved)"
    item = "EXISTS (SELECT 1 FROM disposal_item WHERE run_id = NEW.run_id AND case_id = NEW.case_id)"
    undone = (
        "EXISTS (SELECT 1 FROM disposal_item LEFT JOIN disposal_result ON disposal_result.run_id = disposal_item.run_id"
        " AND disposal_result.case_id = disposal_item.case_id WHERE disposal_item.run_id = NEW.run_id"
        " AND disposal_result.run_id IS NULL)"
    )
    return [
        _trigger(
            "disposal_result_done",
            "INSERT ON disposal_result",
            f"NOT {approved} OR NOT {item} OR NEW.destroyed <> ({_destroyed('NEW.case_id')})"
            f" OR NOT {_officer('NEW.done_by')}",
            "a result says what became of a case of an approved run",
        ),
        _trigger(
            "destruction_certificate_done",
            "INSERT ON destruction_certificate",
            f"NOT {approved} OR {undone}",
            "a certificate follows the last result of its run",
        ),
    ]


def _holds() -> list[str]:
    last = "(SELECT step FROM hold_step WHERE hold_id = NEW.hold_id ORDER BY id DESC LIMIT 1)"
    proposer = "(SELECT taken_by FROM hold_step WHERE hold_id = NEW.hold_id ORDER BY id DESC LIMIT 1)"
    roles = "'records_officer', 'guardian'"
    said = "length(trim(NEW.because)) = 0"
    turn = (
        f"CASE WHEN NEW.step = 'propose' THEN COALESCE({last}, 'keep') <> 'keep'"
        f" ELSE COALESCE({last}, '') <> 'propose' OR {proposer} = NEW.taken_by END"
    )
    return [
        _trigger(
            "hold_officer",
            "INSERT ON hold",
            f"NOT {_officer('NEW.placed_by', roles)} OR {said} OR length(trim(NEW.authority)) = 0",
            "a records officer or the guardian places a hold, by an authority and for a reason",
        ),
        _trigger(
            "hold_step_second",
            "INSERT ON hold_step",
            f"{turn} OR {said} OR NOT {_officer('NEW.taken_by', roles)}",
            "one proposes the release of a hold, and another releases it",
        ),
        _trigger(
            "retention_change_officer",
            "INSERT ON retention_change",
            f"NOT {_officer('NEW.decided_by')} OR {said} OR NEW.due_on IS NOT date(NEW.due_on)"
            " OR NOT EXISTS (SELECT 1 FROM retention WHERE case_id = NEW.case_id)"
            " OR (NEW.kind = 'retain' AND NEW.due_on <= COALESCE((SELECT due_on FROM retention_change AS before"
            " WHERE before.case_id = NEW.case_id ORDER BY id DESC LIMIT 1),"
            " (SELECT due_on FROM retention WHERE case_id = NEW.case_id)))",
            "a records officer changes the date of a timer, and says why",
        ),
    ]


def _unless_destroyed(statement: str) -> str:
    """An earlier guard of an update, which gives way while a destroyed case is emptied."""
    head, rest = statement.split(" FOR EACH ROW WHEN ", 1)
    when, does = rest.rsplit(" BEGIN ", 1)
    table = head.rsplit(" ON ", 1)[1]
    gives_way = "NEW.state = 'destroyed'" if table == "cases" else _destroyed("OLD.case_id")
    return f"{head} FOR EACH ROW WHEN ({when}) AND NOT COALESCE({gives_way}, 0) BEGIN {does}"


_EARLIER = (
    guards_0001, guards_links, guards_clocks, guards_safeguards, guards_notices, guards_policy, guards_answers,
    guards_letters, guards_facts,
)  # fmt: skip
_GIVING_WAY = ("cases_fixed", "cases_origin", "cases_author")


def _newest() -> dict[str, str]:
    """The guards of before by their names."""
    return {
        one.split()[2]: one for module in _EARLIER for one in module.statements() if one.startswith("CREATE TRIGGER")
    }


def _changed() -> dict[str, str]:
    """The earlier guards that give way, by their names; ``cases_life`` gets the two steps that end in a stub."""
    newest = _newest()
    found = {}
    for name, statement in newest.items():
        head = statement.split(" FOR EACH ROW", 1)[0]
        table = head.rsplit(" ON ", 1)[1]
        updates = " BEFORE UPDATE ON " in head
        if name in _GIVING_WAY or (updates and table in WIPED):
            found[name] = _unless_destroyed(statement)
    life = newest["cases_life"]
    last = "('rejected', 'issued')"
    found["cases_life"] = life.replace(last, f"{last}, ('issued', 'destroyed'), ('withdrawn', 'destroyed')")
    return found


def statements() -> tuple[str, ...]:
    """The statements, in the order in which they are run."""
    changed = _changed()
    never = [
        _trigger(
            f"{table}_no_{event.lower()}", f"{event} ON {table}", "1", f"{table} rows are never changed or deleted"
        )
        for table in _APPEND_ONLY
        for event in ("UPDATE", "DELETE")
        if not (table in WIPED and event == "UPDATE")
    ]
    fixed = _trigger(
        "retention_change_no_update",
        "UPDATE ON retention_change",
        f"NOT COALESCE({_destroyed('OLD.case_id')}, 0)",
        "retention_change rows are never changed or deleted",
    )
    once = [
        _trigger(
            f"{table}_no_replace",
            f"INSERT ON {table}",
            f"EXISTS (SELECT 1 FROM {table} WHERE {test})",
            f"this {table} row is there already",
        )
        for table, test in _KEYS.items()
    ]
    return (
        *(f"DROP TRIGGER {name}" for name in changed),
        *changed.values(),
        *never,
        fixed,
        *once,
        *_cases(),
        *_tables(),
        *_runs(),
        *_results(),
        *_holds(),
    )


def undone() -> tuple[str, ...]:
    """The statements that bring the guards of before back; those on the tables of disposal go with their tables."""
    changed, newest = _changed(), _newest()
    here = [one.split()[2] for one in statements() if one.startswith("CREATE TRIGGER")]
    own = [one for one in here if not one.startswith((*_APPEND_ONLY, "hold_"))]
    return (*(f"DROP TRIGGER {name}" for name in own), *(newest[name] for name in changed))
