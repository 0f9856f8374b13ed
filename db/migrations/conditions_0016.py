"""What keeps a case from being destroyed, as SQL: for the guards of revision 0016, and for lists that say why."""

from __future__ import annotations

QUIET_DAYS = 30
"""Days for which a case must have got nothing new."""

STRONG = "'nhs_number', 'home_office_reference', 'passport', 'ni_number'"
"""Identifiers by which two cases are about one person."""


def held(case: str) -> str:
    """SQL: whether a hold stands over the case that the alias names."""
    return f"EXISTS (SELECT 1 FROM hold WHERE {stands_over(case)})"


def stands_over(case: str) -> str:
    """SQL: whether the ``hold`` of the row stands over the case that the alias names."""
    return (
        "NOT EXISTS (SELECT 1 FROM hold_step WHERE hold_step.hold_id = hold.id"
        " AND hold_step.step = 'release')"
        f" AND (hold.case_id IS NULL OR hold.case_id = {case}.id)"
        f" AND (hold.agreement_id IS NULL OR hold.agreement_id = {case}.agreement_id)"
        f" AND (hold.requester IS NULL OR lower(trim(hold.requester)) = lower(trim({case}.requester)))"
        f" AND (hold.received_from IS NULL OR {case}.received_on >= hold.received_from)"
        f" AND (hold.received_to IS NULL OR {case}.received_on <= hold.received_to)"
        f" AND (hold.person_of IS NULL OR hold.person_of = {case}.id OR {same_person('hold.person_of', f'{case}.id')})"
    )


def same_person(one: str, other: str) -> str:
    """SQL: whether two cases share a number of one person, or somebody linked them as being about one."""
    return (
        f"(EXISTS (SELECT 1 FROM identifier AS a JOIN identifier AS b ON b.kind = a.kind AND b.value = a.value"
        f" WHERE a.case_id = {one} AND b.case_id = {other} AND a.value <> '' AND a.kind IN ({STRONG}))"
        f" OR EXISTS (SELECT 1 FROM link WHERE same_person AND ((link.case_id = {one} AND link.other_id = {other})"
        f" OR (link.case_id = {other} AND link.other_id = {one}))))"
    )


def _pair(one: str, other: str) -> str:
    return f"((link.case_id = {one} AND link.other_id = {other}) OR (link.case_id = {other} AND link.other_id = {one}))"


def open_beside(case: str) -> str:
    """SQL: whether a linked case, or a request for information that may be about the same person, is still open.

    What may be about them shares a number, or given names and date of birth, unless somebody said that it is not.
    """
    still = "other.state NOT IN ('issued', 'withdrawn', 'destroyed')"
    return (
        "(EXISTS (SELECT 1 FROM relation JOIN cases AS other ON other.id IN (relation.case_id, relation.other_id)"
        f" WHERE relation.unlinked_at IS NULL AND {case}.id IN (relation.case_id, relation.other_id)"
        f" AND other.id <> {case}.id AND {still})"
        f" OR EXISTS (SELECT 1 FROM identifier AS mine JOIN identifier AS theirs ON theirs.kind = mine.kind"
        f" AND theirs.value = mine.value JOIN cases AS other ON other.id = theirs.case_id"
        f" WHERE mine.case_id = {case}.id"
        f" AND mine.value <> '' AND mine.kind IN ({STRONG}, 'given') AND other.id <> {case}.id"
        f" AND other.kind = 'information' AND {still}"
        f" AND NOT EXISTS (SELECT 1 FROM link WHERE NOT same_person AND {_pair('other.id', f'{case}.id')}))"
        f" OR EXISTS (SELECT 1 FROM link JOIN cases AS other ON other.id IN (link.case_id, link.other_id)"
        f" WHERE link.same_person AND {case}.id IN (link.case_id, link.other_id) AND other.id <> {case}.id"
        f" AND {still}))"
    )


def fresh(case: str, moment: str) -> str:
    """SQL: whether the case got something new in the quiet days before this moment."""
    return (
        f"EXISTS (SELECT 1 FROM journal WHERE journal.case_id = {case}.id"
        " AND journal.heading IN ('collection', 'alteration', 'disclosure', 'combination', 'decision')"
        f" AND date(journal.at) > date({moment}, '-{QUIET_DAYS} days'))"
    )


def due_of(case: str) -> str:
    """SQL: the day on which the case is due for review: the newest change of its timer, else the timer's own."""
    return (
        f"COALESCE((SELECT due_on FROM retention_change WHERE retention_change.case_id = {case}.id"
        f" ORDER BY id DESC LIMIT 1), (SELECT due_on FROM retention WHERE retention.case_id = {case}.id))"
    )
