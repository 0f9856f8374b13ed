"""Rules that the database itself keeps, so that no window, command or script can get round them (revision 0001).

Two people, always: whoever created, edited, assessed or recorded a case is in ``case_author``, and no decision or
release by such a person can be written. What was decided, found, issued or journalled cannot be changed or deleted.
"""

from __future__ import annotations

_APPEND_ONLY = (
    "journal",
    "decision",
    "voiding",
    "submission",
    "finding",
    "finding_review",
    "letter",
    "letter_event",
    "disclosure",
    "case_author",
    "agreement_text",
    "retention",
    "command",
)

TRANSITIONS = (
    ("draft", "submitted"),
    ("draft", "withdrawn"),
    ("draft", "returned"),
    ("draft", "held"),
    ("sent_back", "held"),
    ("sent_back", "submitted"),
    ("sent_back", "withdrawn"),
    ("sent_back", "returned"),
    ("held", "draft"),
    ("held", "withdrawn"),
    ("returned", "draft"),
    ("returned", "withdrawn"),
    ("submitted", "draft"),
    ("submitted", "approved"),
    ("submitted", "refused"),
    ("submitted", "rejected"),
    ("submitted", "sent_back"),
    ("submitted", "escalated"),
    ("submitted", "withdrawn"),
    ("escalated", "draft"),
    ("escalated", "approved"),
    ("escalated", "refused"),
    ("escalated", "rejected"),
    ("escalated", "sent_back"),
    ("escalated", "withdrawn"),
    ("approved", "draft"),
    ("approved", "recorded"),
    ("approved", "withdrawn"),
    ("recorded", "draft"),
    ("recorded", "approved"),
    ("recorded", "released"),
    ("recorded", "issued"),
    ("recorded", "withdrawn"),
    ("released", "draft"),
    ("released", "recorded"),
    ("released", "issued"),
    ("refused", "draft"),
    ("refused", "issued"),
    ("rejected", "draft"),
    ("rejected", "issued"),
)

_EDITABLE = "('draft', 'sent_back', 'held')"


def _trigger(name: str, event: str, when: str, message: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE {event} FOR EACH ROW WHEN {when} BEGIN SELECT RAISE(ABORT, '{message}'); END"


def _append_only() -> list[str]:
    return [
        _trigger(
            f"{table}_no_{event.lower()}", f"{event} ON {table}", "1", f"{table} rows are never changed or deleted"
        )
        for table in _APPEND_ONLY
        for event in ("UPDATE", "DELETE")
    ]


_KEYS = {
    "submission": ("case_id = NEW.case_id AND number = NEW.number",),
    "finding": ("case_id = NEW.case_id AND number = NEW.number",),
    "voiding": ("decision_id = NEW.decision_id",),
    "decision": ("id = NEW.id",),
    "finding_review": ("id = NEW.id",),
    "letter": ("id = NEW.id", "number = NEW.number"),
    "letter_event": ("id = NEW.id",),
    "disclosure": ("id = NEW.id",),
    "agreement_text": ("hash = NEW.hash",),
    "retention": ("case_id = NEW.case_id",),
    "command": ("id = NEW.id",),
    "meta": ("key = NEW.key",),
    "organisation": ("id = NEW.id",),
    "user": ("id = NEW.id", "username = NEW.username"),
    "cases": ("id = NEW.id", "reference = NEW.reference"),
}


def _no_replacing() -> list[str]:
    """INSERT OR REPLACE would delete without a word where recursive triggers are off."""
    return [
        _trigger(
            f"{table}_no_replace",
            f"INSERT ON {table}",
            f"EXISTS (SELECT 1 FROM {table} WHERE {' OR '.join(tests)})",
            f"this {table} row is there already",
        )
        for table, tests in _KEYS.items()
    ]


def _journal() -> list[str]:
    chained = (
        "NEW.seq IS NOT COALESCE((SELECT MAX(seq) FROM journal), 0) + 1 OR NEW.prev_hash IS NOT "
        "COALESCE((SELECT hash FROM journal ORDER BY seq DESC LIMIT 1), '" + "0" * 64 + "')"
    )
    return [_trigger("journal_chained", "INSERT ON journal", chained, "a journal row must follow the last one")]


def _people() -> list[str]:
    author = "EXISTS (SELECT 1 FROM case_author WHERE case_id = NEW.case_id AND user_id = NEW.{who})"
    decided_by_author = (
        author.format(who="decided_by")
        + " OR NEW.decided_by IN (SELECT created_by FROM cases WHERE id = NEW.case_id)"
        + " OR NEW.decided_by IN (SELECT submitted_by FROM submission WHERE case_id = NEW.case_id)"
    )
    wrong_role = (
        "NOT EXISTS (SELECT 1 FROM user JOIN cases ON cases.id = NEW.case_id WHERE user.id = NEW.decided_by"
        " AND user.active AND NEW.submission = cases.submission"
        " AND ((user.role = 'reviewer' AND cases.state = 'submitted' AND NOT (NEW.action = 'approve' AND EXISTS"
        " (SELECT 1 FROM decision AS before WHERE before.case_id = cases.id AND before.action = 'escalate')))"
        " OR (user.role = 'guardian' AND cases.state = 'escalated' AND NEW.action <> 'escalate')))"
    )
    reviewed = (
        "NOT EXISTS (SELECT 1 FROM user JOIN cases ON cases.id = NEW.case_id WHERE user.id = NEW.reviewed_by"
        " AND user.active AND user.role IN ('reviewer', 'guardian') AND cases.state IN ('recorded', 'released')"
        " AND NEW.number = (SELECT MAX(number) FROM finding WHERE case_id = NEW.case_id))"
    )
    submitted = (
        "NOT EXISTS (SELECT 1 FROM user JOIN cases ON cases.id = NEW.case_id WHERE user.id = NEW.submitted_by"
        " AND user.active AND user.role = 'caseworker' AND cases.state IN ('draft', 'sent_back')"
        " AND NEW.number = cases.submission + 1)"
    )
    identity = "NEW.id IS NOT OLD.id OR NEW.username IS NOT OLD.username OR NEW.role IS NOT OLD.role"
    return [
        _trigger("user_fixed", "UPDATE ON user", identity, "who a person is, and their role, is fixed"),
        _trigger("submission_open", "INSERT ON submission", submitted, "this case cannot be submitted now"),
        (
            "CREATE TRIGGER submission_author AFTER INSERT ON submission FOR EACH ROW BEGIN"
            " INSERT OR IGNORE INTO case_author (case_id, user_id) VALUES (NEW.case_id, NEW.submitted_by); END"
        ),
        _trigger("decision_second_person", "INSERT ON decision", decided_by_author, "an author may not decide"),
        _trigger("decision_role", "INSERT ON decision", wrong_role, "this person may not decide this case now"),
        _trigger(
            "release_second_person",
            "INSERT ON finding_review",
            author.format(who="reviewed_by"),
            "an author may not release",
        ),
        _trigger("release_role", "INSERT ON finding_review", reviewed, "this person may not release this now"),
    ]


def _answers() -> list[str]:
    rows = []
    rows.append(_trigger("answer_no_delete", "DELETE ON answer", "1", "answers are changed, never deleted"))
    for event, row in (("INSERT", "NEW"), ("UPDATE", "NEW")):
        closed = f"(SELECT state FROM cases WHERE id = {row}.case_id) NOT IN {_EDITABLE}"
        name = f"answer_{event.lower()}_open"
        rows.append(_trigger(name, f"{event} ON answer", closed, "the answers of this case are fixed"))
    rows += [
        f"CREATE TRIGGER answer_{event.lower()}_author AFTER {event} ON answer FOR EACH ROW BEGIN"
        " INSERT OR IGNORE INTO case_author (case_id, user_id) VALUES (NEW.case_id, NEW.changed_by); END"
        for event in ("INSERT", "UPDATE")
    ]
    rows.append(
        "CREATE TRIGGER finding_author AFTER INSERT ON finding FOR EACH ROW BEGIN"
        " INSERT OR IGNORE INTO case_author (case_id, user_id) VALUES (NEW.case_id, NEW.recorded_by); END"
    )
    rows.append(
        "CREATE TRIGGER case_creator AFTER INSERT ON cases FOR EACH ROW BEGIN"
        " INSERT OR IGNORE INTO case_author (case_id, user_id) VALUES (NEW.id, NEW.created_by); END"
    )
    return rows


def _cases() -> list[str]:
    pairs = ", ".join(f"('{before}', '{after}')" for before, after in TRANSITIONS)
    decided = (
        "NOT EXISTS (SELECT 1 FROM decision LEFT JOIN voiding ON voiding.decision_id = decision.id"
        " WHERE decision.case_id = NEW.id AND decision.submission = NEW.submission AND voiding.decision_id IS NULL"
        " AND decision.action = CASE NEW.state WHEN 'approved' THEN 'approve' WHEN 'refused' THEN 'refuse'"
        " WHEN 'rejected' THEN 'reject' END)"
    )
    last_finding = "(SELECT MAX(number) FROM finding WHERE case_id = NEW.id)"
    released = (
        "NOT EXISTS (SELECT 1 FROM finding_review WHERE case_id = NEW.id AND action = 'release'"
        f" AND number = {last_finding})"
    )
    found = (
        "NOT EXISTS (SELECT 1 FROM finding WHERE case_id = NEW.id AND submission = NEW.submission"
        f" AND number = {last_finding})"
    )
    submitted = (
        "NOT EXISTS (SELECT 1 FROM submission WHERE case_id = NEW.id AND number = NEW.submission)"
        " OR EXISTS (SELECT 1 FROM decision WHERE case_id = NEW.id AND submission >= NEW.submission)"
    )
    standing = (
        "EXISTS (SELECT 1 FROM decision LEFT JOIN voiding ON voiding.decision_id = decision.id"
        " WHERE decision.case_id = NEW.id AND voiding.decision_id IS NULL"
        " AND decision.action IN ('approve', 'refuse', 'reject'))"
    )
    lettered = "NOT EXISTS (SELECT 1 FROM letter WHERE case_id = NEW.id)"
    change = "UPDATE OF state ON cases"
    skipped = f"NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (VALUES {pairs})"
    return [
        _trigger("cases_kept", "DELETE ON cases", "1", "cases are never deleted"),
        _trigger("cases_begin", "INSERT ON cases", "NEW.state NOT IN ('draft', 'held')", "a case begins as a draft"),
        _trigger("cases_life", change, skipped, "this step is not in the life of a case"),
        _trigger(
            "cases_decided",
            change,
            "NEW.state IN ('approved', 'refused', 'rejected') AND OLD.state <> NEW.state AND " + decided,
            "a second person must decide first",
        ),
        _trigger("cases_submitted", change, f"NEW.state = 'submitted' AND ({submitted})", "nothing was submitted"),
        _trigger("cases_voided", change, f"NEW.state = 'draft' AND {standing}", "the decision must be void first"),
        _trigger("cases_recorded", change, f"NEW.state = 'recorded' AND {found}", "no outcome is recorded"),
        _trigger("cases_released", change, f"NEW.state = 'released' AND {released}", "a second person must release it"),
        _trigger("cases_issued", change, f"NEW.state = 'issued' AND {lettered}", "no letter is issued"),
    ]


def _case_columns() -> list[str]:
    """What of a case's row may change, and until when."""
    fixed = (
        "OLD.state NOT IN ('draft', 'sent_back', 'held', 'returned') AND (NEW.requester IS NOT OLD.requester"
        " OR NEW.requester_reference IS NOT OLD.requester_reference OR NEW.family_name IS NOT OLD.family_name"
        " OR NEW.given_names IS NOT OLD.given_names OR NEW.born IS NOT OLD.born"
        " OR NEW.received_on IS NOT OLD.received_on"
        " OR NEW.agreement_version IS NOT OLD.agreement_version OR NEW.requester_kind IS NOT OLD.requester_kind)"
    )
    origin = (
        "NEW.id IS NOT OLD.id OR NEW.created_at IS NOT OLD.created_at OR NEW.agreement_hash IS NOT OLD.agreement_hash"
        " OR NEW.reference IS NOT OLD.reference OR NEW.created_by IS NOT OLD.created_by OR NEW.kind IS NOT OLD.kind"
        " OR NEW.agreement_id IS NOT OLD.agreement_id OR NEW.salt IS NOT OLD.salt"
    )
    put_forward = (
        "NEW.submission IS NOT OLD.submission AND NOT (NEW.state = 'submitted' AND OLD.state <> 'submitted'"
        " AND NEW.submission = OLD.submission + 1)"
    )
    closed = "OLD.state IN ('issued', 'withdrawn') AND (" + " OR ".join(
        f"NEW.{column} IS NOT OLD.{column}"
        for column in ("outcome", "closed_on", "due_on", "provisional", "expedited", "sent_back", "caseworker_id")
    ) + ")"  # fmt: skip
    version = "NEW.version <= OLD.version"
    return [
        _trigger("cases_fixed", "UPDATE ON cases", fixed, "a submitted or decided case is fixed"),
        _trigger("cases_origin", "UPDATE ON cases", origin, "where a case comes from is fixed"),
        _trigger("cases_version", "UPDATE ON cases", version, "each change has a new version"),
        _trigger("cases_put_forward", "UPDATE ON cases", put_forward, "only a submission puts another version forward"),
        _trigger("cases_closed", "UPDATE ON cases", closed, "how a closed case ended is fixed"),
    ]


def _letters() -> list[str]:
    last = "(SELECT MAX(number) FROM finding WHERE case_id = NEW.case_id)"
    found = f"(SELECT outcome FROM finding WHERE case_id = NEW.case_id AND number = {last})"
    state = "(SELECT state FROM cases WHERE id = NEW.case_id)"
    released = (
        f"EXISTS (SELECT 1 FROM finding_review WHERE case_id = NEW.case_id AND action = 'release' AND number = {last})"
    )
    ready = (
        f"NOT COALESCE(({state} = 'refused' AND NEW.kind = 'refusal')"
        f" OR ({state} = 'rejected' AND NEW.kind = 'rejection')"
        f" OR ({state} = 'recorded' AND NEW.kind = 'no_trace' AND {found} IN ('no_trace', 'more_than_one'))"
        f" OR ({state} = 'released' AND {released} AND (({found} = 'traced' AND NEW.kind = 'disclosure')"
        f" OR ({found} = 'status' AND NEW.kind IN ('status_answer', 'answer')))), 0)"
    )
    bound = (
        f"NEW.snapshot_hash IS NOT CASE WHEN {state} IN ('recorded', 'released')"
        f" THEN (SELECT snapshot_hash FROM finding WHERE case_id = NEW.case_id AND number = {last})"
        " ELSE (SELECT submission.snapshot_hash FROM submission JOIN cases ON cases.id = submission.case_id"
        " AND cases.submission = submission.number WHERE cases.id = NEW.case_id) END"
    )
    backwards = "OLD.key LIKE 'sequence.%' AND CAST(NEW.value AS INTEGER) < CAST(OLD.value AS INTEGER)"
    ended = (
        "NEW.id IS NOT OLD.id OR NEW.case_id IS NOT OLD.case_id OR NEW.since IS NOT OLD.since"
        " OR NEW.reason IS NOT OLD.reason OR OLD.until IS NOT NULL"
    )
    wrong_state = (
        f"{state} NOT IN ('approved', 'recorded', 'released') OR NOT EXISTS (SELECT 1 FROM decision"
        " JOIN cases ON cases.id = decision.case_id AND cases.submission = decision.submission"
        " LEFT JOIN voiding ON voiding.decision_id = decision.id WHERE cases.id = NEW.case_id"
        " AND NEW.submission = cases.submission AND decision.action = 'approve' AND voiding.decision_id IS NULL)"
    )
    content = (
        "NEW.family_name IS NOT OLD.family_name OR NEW.given_names IS NOT OLD.given_names OR NEW.born IS NOT OLD.born"
        " OR NEW.requester IS NOT OLD.requester OR NEW.requester_reference IS NOT OLD.requester_reference"
        " OR NEW.received_on IS NOT OLD.received_on"
    )
    return [
        _trigger("letter_ready", "INSERT ON letter", ready, "this case is not ready for this letter"),
        _trigger("letter_bound", "INSERT ON letter", bound, "a letter is bound to what was approved"),
        _trigger("finding_state", "INSERT ON finding", wrong_state, "an outcome follows an approval"),
        _trigger("user_kept", "DELETE ON user", "1", "people are never deleted"),
        _trigger("organisation_kept", "DELETE ON organisation", "1", "the organisation is never deleted"),
        _trigger("meta_counts", "UPDATE ON meta", backwards, "a number is never given out twice"),
        _trigger("meta_kept", "DELETE ON meta", "1", "what the store counts is never deleted"),
        _trigger("pause_kept", "DELETE ON pause", "1", "pauses are never deleted"),
        _trigger("pause_fixed", "UPDATE ON pause", ended, "a pause is ended, never changed"),
        (
            f"CREATE TRIGGER cases_author AFTER UPDATE ON cases FOR EACH ROW WHEN {content} BEGIN"
            " INSERT OR IGNORE INTO case_author (case_id, user_id) VALUES (NEW.id, NEW.changed_by); END"
        ),
    ]


def statements() -> list[str]:
    """The CREATE TRIGGER statements, in the order in which they are run."""
    return [
        *_append_only(),
        *_no_replacing(),
        *_journal(),
        *_people(),
        *_answers(),
        *_cases(),
        *_case_columns(),
        *_letters(),
    ]


def names() -> list[str]:
    """The triggers' names, for dropping them."""
    return [statement.split()[2] for statement in statements()]
