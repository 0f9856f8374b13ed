"""What is written together with an entry of the journal, and where one is without the other. SQLite alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, text

from db.figures import BESIDE
from db.health import closed_otherwise, ended_otherwise
from db.holds import ACTIONS
from db.migrations.guards_retention import STARTING
from db.records import Relation
from db.reopened import NOT_SINCE_REOPENED

JOURNALLED = {
    "submission": ("submission", "submitted", "'submit'", ""),
    "decision": ("decision", "decided", "'approve', 'refuse', 'reject', 'send_back', 'escalate'", ""),
    "second look": ("second_look", "looked", "'second_look'", ""),
    "outcome": ("finding", "recorded", "'record'", ""),
    "release": ("finding_review", "reviewed", "'release', 'return_outcome'", ""),
    "letter": ("letter", "issued", "'issue', 'write', 'reissue'", ""),
    "extension": ("extension", "extended", "'extend'", ""),
    "notice": ("notice", "issued", "'tell'", ""),
    "reason for telling nobody": ("notice_excuse", "excused", "'excuse'", ""),
    "day that starts a timer": ("retention_event", "recorded", STARTING, ""),
    "handed-over package": ("transfer_package", "made", "'hand_over'", "run_id"),
    "changed timer": ("retention_change", "decided", "'retain', 'rebase'", ""),
    "result of a disposal run": ("disposal_result", "done", "'destroy', 'keep_case'", "run_id"),
    "step with a letter": ("letter_event", "done", "'print', 'save_copy', 'prepare_mail', 'mark_sent'", ""),
    "link": ("relation", "linked", ", ".join(f"'link_{one.value}'" for one in Relation), ""),
    "end of a link": ("relation_end", "unlinked", "'unlink', 'unlink_from'", ""),
}
"""What is written together with an entry of the journal: the table, its columns of who and when without their ends, the
entries' actions, and the column with the number that an entry says as its run or hold.
"""
SAME_PERSON = ("link", "linked", "'same_person', 'someone_else'", "")
"""The same of whether two cases are about one person: what is said later stands in the row of what was said before."""
OF_EITHER = {"link": "entry.case_id IN (link.case_id, link.other_id)"}
"""SQL: of which case an entry is, where a row is of two."""
_STEPS = " ".join(f"WHEN '{step}' THEN '{action}'" for step, action in ACTIONS.items())
_OWN_RUN = "decided_by = (SELECT proposed_by FROM disposal_run WHERE id = run_id)"
SAYS = {
    "decision": "decision.action",
    "finding_review": "finding_review.action",
    "letter_event": "letter_event.action",
    "relation": "'link_' || relation.kind",
    "policy_change": "policy_change.kind || '_agreement'",
    "hold_step": f"CASE step {_STEPS} END",
    "disposal_verdict": "CASE WHEN approved THEN 'approve_run'"
    f" WHEN {_OWN_RUN} THEN 'withdraw_run' ELSE 'turn_down_run' END",
    "disposal_result": "CASE WHEN destroyed THEN 'destroy' ELSE 'keep_case' END",
    "retention_change": "retention_change.kind",
    "link": "CASE WHEN link.same_person THEN 'same_person' ELSE 'someone_else' END",
}
"""SQL: which of the actions the entry of a row says, where a table has rows of several."""
_KEPT = {
    "disposal_verdict": "not_before",
    **dict.fromkeys(("letter", "notice", "destruction_certificate", "transfer_package"), "sha256"),
}
"""What of a row its entry says too, under the same name: a first day, or the hash of what was made."""
_TELLS = {
    "retention_change": (("review_on", "CASE WHEN retention_change.kind = 'retain' THEN retention_change.due_on END"),),
    "retention_event": (("on", "CASE WHEN entry.action = 'settle' THEN retention_event.happened_on END"),),
    "policy_change": (("from", "policy_change.takes_effect"),),
    "relation": (("other", "(SELECT reference FROM cases WHERE id = relation.other_id)"),),
    "link": (
        (
            "other",
            "(SELECT reference FROM cases WHERE id = link.case_id + link.other_id - entry.case_id)",
        ),
    ),
    "hold": tuple((key, f"hold.{key}") for key in ("agreement_id", "requester", "received_from", "received_to")),
}
"""What an entry of the row's own desk says of it besides, by what it calls it, as SQL of the row: it keeps no case that
was to be kept by another day, nor another case. NULL says nothing, and keeps more.
"""
_OF_THE_CASE = {"hold": "entry.case_id IS COALESCE(hold.case_id, hold.person_of)"}
"""SQL: of which case such an entry is, where the row may be of another."""
ROWS = {
    "letter_event": "(SELECT letter_event.*, case_id FROM letter_event JOIN letter ON letter.id = letter_id)",
    "relation_end": "(SELECT * FROM relation WHERE unlinked_at IS NOT NULL)",
}
"""SQL: where the rows stand that are no table with a ``case_id`` of their own."""
_TOLD = "'publish', 'save_oversight', 'publish_today'"
JOURNALLED_OF_NO_CASE = {
    "publication": ("publication", "published", "'publish', 'save_oversight', 'publish_today', 'issue'", ""),
    "change of an agreement": (
        "policy_change",
        "decided",
        "'suspend_agreement', 'resume_agreement', 'withdraw_agreement', 'supersede_agreement'",
        "",
    ),
    "share of second looks": ("second_look_share", "set", "'change_second_looks'", ""),
    "disposal run": ("disposal_run", "proposed", "'propose_run'", "id"),
    "decision of a disposal run": (
        "disposal_verdict",
        "decided",
        "'approve_run', 'turn_down_run', 'withdraw_run'",
        "run_id",
    ),
    "destruction certificate": ("destruction_certificate", "made", "'certify_run'", "run_id"),
    "hold": ("hold", "placed", "'place_hold'", "id"),
    "step towards the release of a hold": (
        "hold_step",
        "taken",
        "'propose_release_of_hold', 'release_hold', 'keep_hold'",
        "hold_id",
    ),
}
"""The same of what belongs to no one case."""
_MADE = {"publication": f"SUM(publication.per <> '{BESIDE}')"}
"""SQL: how many rows of a table have an entry of their own, where that is not each."""


def entries_of(actions: str) -> str:
    """SQL: whether an entry of the journal says one of these, by itself or of a store that a restore replaced: that may
    have come from another again, and what people typed has no quotes there that would look the same.
    """
    carried = " OR ".join(f'data LIKE \'%"action":"{one.strip(chr(39))}"%\'' for one in actions.split(", "))
    return f"(action IN ({actions}) OR (action = 'carried' AND ({carried})))"


def told(name: str, entry: str = "journal") -> str:
    """SQL: what an entry of the journal says under this name; NULL where somebody changed it to what says nothing."""
    return f"({_json(entry)} ->> '{name}')"


def _json(entry: str) -> str:
    return f"CASE WHEN json_valid({entry}.data) THEN {entry}.data END"


_APART = 1.5
"""Seconds within which an action asks its clock more than once, and a sample's clock moves on."""


def _near(one: str, other: str) -> str:
    return f"({one} = {other} OR ABS(julianday({one}) - julianday({other})) < {_APART} / 86400)"


def said_of(table: str, verb: str, number: str) -> str:
    """SQL: whether an ``entry`` is of the person, moment and number of a row of the table, and says what the row does.
    One that a restore carried over, or that came from a copy, says its own moment within, and its number may be another
    by now.
    """
    came = "(entry.action = 'carried' OR entry.data LIKE '%\"carried\":%' OR entry.data LIKE '%\"by\":\"copy\"%')"
    moment = f"{table}.{verb}_at"
    parts = f"json_tree({_json('entry')}) AS part"
    within = f"SELECT 1 FROM {parts} WHERE part.key = 'at' AND {_near('part.value', moment)}"
    known = f" AND COALESCE({told('run', 'entry')}, {told('hold', 'entry')}) = {table}.{number}" if number else ""
    same = ""
    if says := SAYS.get(table):
        carried = f"entry.action = 'carried' AND instr(entry.data, '\"action\":\"' || {says} || '\"')"
        same = f" AND (entry.action = {says} OR ({carried}))"
    if kept := _KEPT.get(table):
        there = f"SELECT 1 FROM {parts} WHERE part.key = '{kept}' AND part.value = {table}.{kept}"
        same += f" AND ({table}.{kept} IS NULL OR EXISTS ({there}))"
    tells = [f"({sql} IS NULL OR COALESCE({told(key, 'entry')} = {sql}, 0))" for key, sql in _TELLS.get(table, ())]
    if of_case := _OF_THE_CASE.get(table):
        tells.append(of_case)
    if tells:
        same += f" AND ({came} OR ({' AND '.join(tells)}))"
    return (
        f"(entry.actor_id IS NULL OR entry.actor_id = {table}.{verb}_by)"
        f" AND (({_near('entry.at', moment)}{known}) OR ({came} AND EXISTS ({within}))){same}"
    )


def unjournalled(tx: Connection, run_id: int | None = None) -> tuple[str, ...]:
    """Cases of which the journal does not know every submission, decision, outcome, release, letter, notice or link:
    who made it and when, and how many there are. Or, of those of a run, whatever can keep them or let them go.
    """
    found = []
    for name in JOURNALLED if run_id is None else _KEEPING:
        table, verb, actions, number = JOURNALLED[name]
        either = f" OR {table}.other_id IN ({_ON_RUN})" if table in ("relation", "relation_end") else ""
        of_run = "" if run_id is None else f" WHERE cases.id IN ({_ON_RUN}){either}"
        own = f"SELECT COUNT(*) FROM journal WHERE journal.case_id = cases.id AND {entries_of(actions)}"
        entry = f"SELECT 1 FROM journal AS entry WHERE entry.case_id = cases.id AND {entries_of(actions)}"
        query = (
            f"SELECT cases.reference FROM {ROWS.get(table, table)} AS {table}"
            f" JOIN cases ON cases.id = {table}.case_id{of_run} GROUP BY cases.id"
            f" HAVING COUNT(*) > ({own})"
            f" OR SUM(NOT EXISTS ({entry} AND {said_of(table, verb, number)})) > 0"
        )
        found += [
            f"{'an' if name[0] in 'aeiou' else 'a'} {name} of {row[0]} is not in the journal"
            for row in tx.execute(text(query), {} if run_id is None else {"run": run_id})
        ]
    for name in JOURNALLED_OF_NO_CASE if run_id is None else ():
        found += _unsaid(tx, name)
    return (*found, *_links_unsaid(tx, run_id))


_KEEPING = ("day that starts a timer", "changed timer", "step with a letter", "link", "end of a link")
_ON_RUN = "SELECT case_id FROM disposal_item WHERE run_id = :run"
_OTHER = "(SELECT id FROM cases WHERE reference = {})"


def _links_unsaid(tx: Connection, run_id: int | None) -> Iterator[str]:
    """That two cases are said to be about one person or two, where the journal says otherwise; of all, or of those of a
    run.

    A restore from the copy of the holds alone took links over of which nothing else tells.
    """
    from_copy = (
        "SELECT 1 FROM journal WHERE action = 'restore' AND data ->> 'links_from_copy' > 0 AND at > link.linked_at"
    )
    actions = SAME_PERSON[2]
    of_run = "" if run_id is None else f" AND (link.case_id IN ({_ON_RUN}) OR link.other_id IN ({_ON_RUN}))"
    unsaid = (
        "SELECT reference FROM link JOIN cases ON cases.id = link.case_id"
        f" WHERE NOT EXISTS (SELECT 1 FROM journal AS entry WHERE {OF_EITHER['link']} AND {entries_of(actions)}"
        f" AND {said_of('link', 'linked', '')}) AND NOT EXISTS ({from_copy}){of_run}"
    )
    other = _OTHER.format(told("other", "entry"))
    said_run = "" if run_id is None else f" AND (entry.case_id IN ({_ON_RUN}) OR {other} IN ({_ON_RUN}))"
    later = f"link.linked_at >= entry.at OR {_near('link.linked_at', 'entry.at')}"
    unkept = (
        f"SELECT DISTINCT reference FROM journal AS entry JOIN cases ON cases.id = entry.case_id"
        f" WHERE entry.action IN ({actions}) AND entry.actor_id IS NOT NULL{said_run}"
        f" AND NOT EXISTS (SELECT 1 FROM link WHERE link.case_id = MIN(entry.case_id, {other})"
        f" AND link.other_id = MAX(entry.case_id, {other}) AND ({later}))"
    )
    values = {} if run_id is None else {"run": run_id}
    for query in (unsaid, unkept):
        for row in tx.execute(text(query), values):
            yield f"whom {row[0]} is about, beside another case, is not what the journal says"


def unkept(tx: Connection, *, of_destroyed: bool = False) -> tuple[str, ...]:
    """What the journal says was done, and the store has no row of: holds, steps towards their release, disposal runs,
    decisions on them, certificates of destruction; and all that is written together with an entry of a case.
    ``of_destroyed``: of destroyed cases too, which takes long.
    What a restore carried over may be of rows that the backup does not have, and what it placed anew, with nobody
    as who did it, is of rows that say another moment.
    """
    found = list(_unkept_of_none(tx))
    for name in JOURNALLED:
        live = "" if of_destroyed or name == "changed timer" else " AND cases.state <> 'destroyed'"
        found += _unkept_of(tx, name, live)
    return tuple(found)


def _unkept_of_none(tx: Connection) -> Iterator[str]:
    for name in (*_OF_HOLDS, *_OF_RUNS, _OF_AGREEMENTS):
        if _lost(tx, name):
            yield f"a {name} that the journal says is not kept"


def _unkept_of_run(tx: Connection, run_id: int) -> Iterator[str]:
    """The same of the cases of a run alone, and of links, which keep a case that the journal may name the other by."""
    yield from _unkept_of_none(tx)
    on_run = f" AND entry.case_id IN ({_ON_RUN})"
    for name in JOURNALLED:
        if JOURNALLED[name][0] in ("relation", "relation_end"):
            yield from _unkept_of(tx, name, " AND cases.state <> 'destroyed'")
        else:
            yield from _unkept_of(tx, name, on_run, {"run": run_id})


def _unkept_of(tx: Connection, name: str, which: str, values: Mapping[str, int] | None = None) -> Iterator[str]:
    table, verb, actions, number = JOURNALLED[name]
    # By the cases of a run, which are few, and not by what was done, which was done to others too.
    action = f"{'+' if values else ''}entry.action IN ({_EACH.get(name, actions)})"
    query = (
        "SELECT DISTINCT cases.reference FROM journal AS entry JOIN cases ON cases.id = entry.case_id"
        f" WHERE {action} AND entry.actor_id IS NOT NULL{which} AND NOT EXISTS (SELECT 1 FROM"
        f" {ROWS.get(table, table)} AS {table}"
        f" WHERE {table}.case_id = entry.case_id AND {said_of(table, verb, number)})"
    )
    one = "an" if name[0] in "aeiou" else "a"
    for row in tx.execute(text(query), values or {}):
        yield f"{one} {name} of {row[0]} that the journal says is not kept"


_EACH = {"result of a disposal run": "'keep_case'", "day that starts a timer": "'settle'"}
"""Which of the actions have a row each. That a case was destroyed its certificate says too, and a restore that lost the
row to damage said so; not each of the entries that may start a timer has a day beside it.
"""
_OF_RUNS = ("disposal run", "decision of a disposal run", "destruction certificate")
_OF_AGREEMENTS = "change of an agreement"
_OF_HOLDS = ("hold", "step towards the release of a hold")


def _lost(tx: Connection, name: str) -> bool:
    table, verb, actions, number = JOURNALLED_OF_NO_CASE[name]
    row = f"SELECT 1 FROM {table} WHERE {said_of(table, verb, number)}"
    said = f"SELECT 1 FROM journal AS entry WHERE entry.action IN ({actions}) AND entry.actor_id IS NOT NULL"
    if number:
        # By its number first: every row is looked through for those alone that it does not lead to.
        by_number = f"{row} AND {table}.{number} = COALESCE({told('run', 'entry')}, {told('hold', 'entry')})"
        said += f" AND NOT EXISTS ({by_number})"
    query = f"{said} AND NOT EXISTS ({row}) LIMIT 1"
    return tx.execute(text(query)).first() is not None


def _unsaid(tx: Connection, name: str, only: str = "1", values: Mapping[str, int] | None = None) -> list[str]:
    """Of what belongs to no case: that a row is there without its entry. `only`: SQL of the rows that are meant."""
    table, verb, actions, number = JOURNALLED_OF_NO_CASE[name]
    query = (
        f"WITH entry AS MATERIALIZED (SELECT * FROM journal WHERE {entries_of(actions)})"
        f" SELECT {_MADE.get(table, 'COUNT(*)')} > (SELECT COUNT(*) FROM entry)"
        f" OR SUM(NOT EXISTS (SELECT 1 FROM entry WHERE {said_of(table, verb, number)})) > 0 FROM {table} WHERE {only}"
    )
    return [f"a {name} is not in the journal"] if tx.execute(text(query), values or {}).scalar_one() else []


# Runs


def against_run(tx: Connection, run_id: int) -> tuple[str, ...]:
    """What the journal does not say of a run that is to be carried out: who decided it, of which cases it is, that
    these were closed, and what may keep some of them.
    """
    return (
        *_unreadable(tx),
        *_unsaid(tx, "decision of a disposal run", "run_id = :run", {"run": run_id}),
        *(fault for name in (*_OF_HOLDS, _OF_AGREEMENTS) for fault in _unsaid(tx, name)),
        *_unkept_of_run(tx, run_id),
        *unjournalled(tx, run_id),
        *_closed_unsaid(tx, run_id),
        *closed_otherwise(tx, run_id),
        *ended_otherwise(tx, run_id),
        *runs_of_other_cases(tx, run_id),
    )


def _closed_unsaid(tx: Connection, run_id: int) -> Iterator[str]:
    """Requests for information, and cases linked to those of a run, that keep none any more because they are closed,
    though the journal does not say that they were.
    """
    linked = " UNION ".join(
        f"SELECT {one} FROM {table} WHERE {other} IN ({_ON_RUN})"
        for table in ("relation", "link")
        for one, other in (("case_id", "other_id"), ("other_id", "case_id"))
    )
    said = (
        "SELECT 1 FROM journal WHERE case_id = cases.id AND action IN ('issue', 'withdraw', 'carried')"
        f" AND {NOT_SINCE_REOPENED}"
    )
    query = (
        "SELECT reference FROM cases WHERE state IN ('issued', 'withdrawn')"
        f" AND (kind = 'information' OR id IN ({linked})) AND NOT EXISTS ({said}) ORDER BY id"
    )
    for row in tx.execute(text(query), {"run": run_id}):
        yield f"{row[0]} is closed, and was not"


def _unreadable(tx: Connection) -> Iterator[str]:
    """Entries that stand where nobody looks for them: bytes in the place of what was done come last in their index, and
    a number below 1 before the first entry.
    """
    if tx.execute(text("SELECT 1 FROM journal WHERE action >= x'' OR seq < 1 LIMIT 1")).first():
        yield "an entry was changed so that nobody finds it"


def runs_of_other_cases(tx: Connection, run_id: int | None = None) -> tuple[str, ...]:
    """Runs, or this one, with a case that the journal does not say was proposed, or without one that it says was."""
    table, verb, actions, number = JOURNALLED_OF_NO_CASE["disposal run"]
    query = (
        f"WITH entry AS MATERIALIZED (SELECT * FROM journal WHERE {entries_of(actions)})"
        f" SELECT disposal_run.id, json_group_array(entry.seq) AS seqs, MAX(entry.action = 'carried') AS carried"
        f" FROM disposal_run LEFT JOIN entry ON {said_of(table, verb, number)}"
        " WHERE :run IS NULL OR disposal_run.id = :run GROUP BY disposal_run.id ORDER BY disposal_run.id"
    )
    runs = tx.execute(text(query), {"run": run_id}).fetchall()
    return tuple(
        f"run {one.id} is of other cases than the journal says"
        for one in runs
        if tx.execute(text(_OTHER_CASES), {"run": one.id, "seqs": one.seqs, "carried": one.carried}).first()
    )


# A store may have other cases than the one from which a restore carried an entry over.
_OTHER_CASES = f"""
WITH listed AS MATERIALIZED (
    SELECT DISTINCT part.value AS reference FROM journal JOIN json_tree({_json("journal")}) AS part
     WHERE seq IN (SELECT value FROM json_each(:seqs)) AND part.path LIKE '%.cases' AND part.type = 'text')
SELECT 1 FROM disposal_item JOIN cases ON cases.id = case_id
 WHERE run_id = :run AND reference NOT IN (SELECT reference FROM listed)
UNION ALL SELECT 1 FROM listed WHERE NOT :carried AND NOT EXISTS (
    SELECT 1 FROM cases JOIN disposal_item ON case_id = cases.id
     WHERE cases.reference = listed.reference AND run_id = :run)
"""


def unkept_publications(tx: Connection) -> tuple[str, ...]:
    """Whether the journal says of more tables that left the desk than are known: nobody is kept from telling of the
    same days in another way by what is not.
    """
    told = f"SELECT COUNT(*) FROM journal WHERE {entries_of(_TOLD)}"
    query = f"SELECT ({told}) > (SELECT COUNT(*) FROM publication WHERE per <> '{BESIDE}')"
    return ("a table that was published is not kept",) if tx.execute(text(query)).scalar_one() else ()
