"""Rules that the database keeps for safeguarding (with the tables of the same revision).

A case about which a concern stands is decided, and its disclosure released, by the guardian alone. What tells where
the person is goes out only where the guardian let it go, in the approval of what was submitted last. A concern never
comes off, and a submission whose safeguarding screen calls for the guardian raises one by itself.
"""

from __future__ import annotations

_APPEND_ONLY = ("concern", "address_release")
_CONCERN = "EXISTS (SELECT 1 FROM concern WHERE case_id = NEW.case_id)"
_LAST = "(SELECT MAX(number) FROM finding WHERE case_id = NEW.case_id)"
_LET_GO = (
    "EXISTS (SELECT 1 FROM address_release JOIN decision ON decision.id = address_release.decision_id"
    " JOIN cases ON cases.id = decision.case_id AND cases.submission = decision.submission"
    " LEFT JOIN voiding ON voiding.decision_id = decision.id"
    " WHERE decision.case_id = NEW.case_id AND voiding.decision_id IS NULL)"
)
LOCATING = ("address", "postcode", "area", "gp_", "contact", "phone", "email")
"""What the keys of items contain that tell where a person is."""

SCREENED = (
    "(json_each.key LIKE 'safeguarding.%' AND json_each.key <> 'safeguarding.notes'"
    " AND json_each.value IN ('yes', 'cant_tell'))"
    " OR (json_each.key IN ('safeguarding.risk_who', 'safeguarding.risk_why') AND trim(json_each.value) <> '')"
)
"""The answers of a submission's snapshot that take it to the guardian."""


def _trigger(name: str, event: str, when: str, message: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE {event} FOR EACH ROW WHEN {when} BEGIN SELECT RAISE(ABORT, '{message}'); END"


def _not_guardian(who: str) -> str:
    return f"NOT EXISTS (SELECT 1 FROM user WHERE id = {who} AND active AND role = 'guardian')"


def _concerns() -> list[str]:
    raised = (
        "EXISTS (SELECT 1 FROM concern WHERE id = NEW.id) OR NOT EXISTS (SELECT 1 FROM user WHERE id = NEW.raised_by"
        " AND active AND role IN ('caseworker', 'reviewer', 'guardian'))"
    )
    return [
        *(
            _trigger(f"{table}_no_{event.lower()}", f"{event} ON {table}", "1", f"{table} rows never change")
            for table in _APPEND_ONLY
            for event in ("UPDATE", "DELETE")
        ),
        _trigger("concern_begin", "INSERT ON concern", raised, "this person may not raise a concern"),
        (
            "CREATE TRIGGER submission_screened AFTER INSERT ON submission FOR EACH ROW"
            f" WHEN NOT {_CONCERN} AND EXISTS (SELECT 1 FROM json_each(NEW.snapshot) WHERE {SCREENED}) BEGIN"
            " INSERT INTO concern (case_id, about, who, why, raised_by, raised_at)"
            " VALUES (NEW.case_id, 'person', '', '', NEW.submitted_by, NEW.submitted_at); END"
        ),
    ]


def _decisions() -> list[str]:
    deciding = f"NEW.action IN ('approve', 'refuse', 'reject') AND {_CONCERN} AND {_not_guardian('NEW.decided_by')}"
    let_go = (
        "EXISTS (SELECT 1 FROM address_release WHERE decision_id = NEW.decision_id) OR NOT EXISTS (SELECT 1"
        " FROM decision JOIN user ON user.id = decision.decided_by JOIN cases ON cases.id = decision.case_id"
        " WHERE decision.id = NEW.decision_id AND decision.case_id = NEW.case_id AND decision.action = 'approve'"
        " AND decision.decided_by = NEW.released_by AND decision.submission = cases.submission"
        " AND user.role = 'guardian' AND user.active AND cases.state = 'escalated')"
    )
    return [
        _trigger("decision_guardian", "INSERT ON decision", deciding, "only the guardian decides this case"),
        _trigger("address_guardian", "INSERT ON address_release", let_go, "only the guardian lets an address go"),
    ]


def _disclosures() -> list[str]:
    tells = " OR ".join(f"instr(json_each.key, '{word}') > 0" for word in LOCATING)
    located = (
        f"EXISTS (SELECT 1 FROM finding, json_each(finding.released) WHERE finding.case_id = NEW.case_id"
        f" AND finding.number = {_LAST} AND ({tells}))"
    )
    kept_off = f"{_CONCERN} AND NOT {_LET_GO} AND {located}"
    releasing = "NEW.action = 'release'"
    releaser = f"(SELECT reviewed_by FROM finding_review WHERE case_id = NEW.case_id AND number = {_LAST}"
    releaser += " AND action = 'release' ORDER BY id DESC LIMIT 1)"
    giving = "NEW.kind IN ('disclosure', 'status_answer', 'answer')"
    return [
        _trigger(
            "release_guardian",
            "INSERT ON finding_review",
            f"{releasing} AND {_CONCERN} AND {_not_guardian('NEW.reviewed_by')}",
            "only the guardian releases this",
        ),
        _trigger(
            "release_address", "INSERT ON finding_review", f"{releasing} AND {kept_off}", "the address is kept off"
        ),
        _trigger(
            "letter_guardian",
            "INSERT ON letter",
            f"{giving} AND {_CONCERN} AND {_not_guardian(releaser)}",
            "record the outcome again, for the guardian alone releases it",
        ),
        _trigger("letter_address", "INSERT ON letter", f"{giving} AND {kept_off}", "the address is kept off"),
    ]


_AUTHORS = (
    ("attachment_role", "INSERT ON attachment", "NEW.added_by", ""),
    ("attachment_removal_role", "UPDATE OF removed_by ON attachment", "NEW.removed_by", "NEW.removed_by IS NOT NULL"),
    ("chase_role", "INSERT ON chase", "NEW.recorded_by", ""),
    ("relation_role", "INSERT ON relation", "NEW.linked_by", ""),
    ("relation_end_role", "UPDATE OF unlinked_by ON relation", "NEW.unlinked_by", "NEW.unlinked_by IS NOT NULL"),
    ("link_role", "INSERT ON link", "NEW.linked_by", ""),
)
"""What of a case only a caseworker writes beside its answers: name, event, whose it is, and when it is looked at."""


def _authors() -> list[str]:
    found = []
    for name, event, who, only in _AUTHORS:
        wrong = f"NOT EXISTS (SELECT 1 FROM user WHERE id = {who} AND active AND role = 'caseworker')"
        found.append(_trigger(name, event, f"{only} AND {wrong}" if only else wrong, "only a caseworker may do this"))
    return found


def statements() -> list[str]:
    """The CREATE TRIGGER statements, in the order in which they are run."""
    return [*_concerns(), *_decisions(), *_disclosures(), *_authors()]


def names() -> list[str]:
    """The triggers' names, for dropping them."""
    return [statement.split()[2] for statement in statements()]
