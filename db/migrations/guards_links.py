"""Rules that the database keeps for linked cases, attachments and chasers (with the tables of the same revision).

A case is a duplicate of one leading case, which is itself no duplicate; it follows up one earlier case, and no chain
comes back to where it began. What stood in a submission stays as it was; what was removed before is gone for good.
"""

from __future__ import annotations

_MOST = 50 * 1024 * 1024
_EDITABLE = "('draft', 'sent_back', 'held')"
_STANDS = "relation.unlinked_at IS NULL"
_STATE = "(SELECT state FROM cases WHERE id = NEW.case_id)"


def _trigger(name: str, event: str, when: str, message: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE {event} FOR EACH ROW WHEN {when} BEGIN SELECT RAISE(ABORT, '{message}'); END"


def _same(*columns: str) -> str:
    return " AND ".join(f"NEW.{one} IS OLD.{one}" for one in columns)


def _relations() -> list[str]:
    pair = (
        f"EXISTS (SELECT 1 FROM relation WHERE {_STANDS} AND ((case_id = NEW.case_id AND other_id = NEW.other_id)"
        " OR (case_id = NEW.other_id AND other_id = NEW.case_id)))"
    )
    duplicate = f"SELECT 1 FROM relation WHERE {_STANDS} AND kind = 'duplicate' AND"
    chain = (
        "NEW.case_id IN (WITH RECURSIVE chain (id) AS (SELECT NEW.other_id UNION SELECT relation.other_id"
        f" FROM relation JOIN chain ON relation.case_id = chain.id WHERE {_STANDS} AND relation.kind = 'follow_up')"
        " SELECT id FROM chain)"
    )
    unlinked = f"OLD.unlinked_at IS NULL AND NEW.unlinked_at IS NOT NULL AND {_same(*_RELATION)}"
    is_duplicate, follows = "NEW.kind = 'duplicate'", "NEW.kind = 'follow_up'"
    return [
        _trigger("relation_no_delete", "DELETE ON relation", "1", "links are ended, never deleted"),
        _trigger("relation_fixed", "UPDATE ON relation", f"NOT ({unlinked})", "a link is ended, never changed"),
        _trigger(
            "relation_begin",
            "INSERT ON relation",
            "NEW.unlinked_at IS NOT NULL OR EXISTS (SELECT 1 FROM relation WHERE id = NEW.id)",
            "a link begins as a new one",
        ),
        _trigger("relation_pair", "INSERT ON relation", pair, "these two cases are linked already"),
        _trigger(
            "relation_one_leading",
            "INSERT ON relation",
            f"{is_duplicate} AND EXISTS ({duplicate} case_id = NEW.case_id)",
            "a duplicate has one leading case",
        ),
        _trigger(
            "relation_leading",
            "INSERT ON relation",
            f"{is_duplicate} AND (EXISTS ({duplicate} case_id = NEW.other_id)"
            f" OR EXISTS ({duplicate} other_id = NEW.case_id))",
            "a leading case is not itself a duplicate",
        ),
        _trigger(
            "relation_one_earlier",
            "INSERT ON relation",
            f"{follows} AND EXISTS (SELECT 1 FROM relation WHERE {_STANDS} AND kind = 'follow_up'"
            " AND case_id = NEW.case_id)",
            "a case follows up one earlier case",
        ),
        _trigger("relation_chain", "INSERT ON relation", f"{follows} AND {chain}", "follow-ups would go in a circle"),
    ]


_RELATION = ("id", "case_id", "other_id", "kind", "linked_by", "linked_at")
_FILE = ("id", "case_id", "media_type", "size", "added_by", "added_at")


def _attachments() -> list[str]:
    whole = "NEW.content IS NULL OR NEW.removed_at IS NOT NULL OR NEW.submitted IS NOT NULL"
    same_file = (
        "EXISTS (SELECT 1 FROM attachment WHERE case_id = NEW.case_id AND sha256 = NEW.sha256 AND removed_at IS NULL)"
    )
    room = (
        "NEW.size + COALESCE((SELECT SUM(size) FROM attachment WHERE case_id = NEW.case_id AND removed_at IS NULL), 0)"
        f" > {_MOST}"
    )
    submitted = (
        f"{_same(*_FILE, 'name', 'sha256', 'content', 'removed_by', 'removed_at')} AND OLD.submitted IS NULL"
        " AND EXISTS (SELECT 1 FROM submission WHERE case_id = NEW.case_id AND number = NEW.submitted)"
    )
    removed = (
        f"{_same(*_FILE, 'submitted')} AND OLD.submitted IS NULL AND OLD.removed_at IS NULL"
        " AND NEW.removed_at IS NOT NULL AND NEW.name = '' AND NEW.sha256 = '' AND NEW.content IS NULL"
        f" AND {_STATE} IN {_EDITABLE}"
    )
    return [
        _trigger("attachment_no_delete", "DELETE ON attachment", "1", "attachments are removed, never deleted"),
        _trigger(
            "attachment_fixed",
            "UPDATE ON attachment",
            f"NOT (({submitted}) OR ({removed}))",
            "an attachment is fixed",
        ),
        _trigger(
            "attachment_begin",
            "INSERT ON attachment",
            f"{whole} OR EXISTS (SELECT 1 FROM attachment WHERE id = NEW.id)",
            "an attachment begins as a new one",
        ),
        _trigger(
            "attachment_open",
            "INSERT ON attachment",
            f"{_STATE} NOT IN {_EDITABLE}",
            "the attachments of this case are fixed",
        ),
        _trigger("attachment_once", "INSERT ON attachment", same_file, "this file is attached already"),
        _trigger("attachment_room", "INSERT ON attachment", room, "the attachments of this case are too large"),
        (
            "CREATE TRIGGER attachment_author AFTER INSERT ON attachment FOR EACH ROW BEGIN"
            " INSERT OR IGNORE INTO case_author (case_id, user_id) VALUES (NEW.case_id, NEW.added_by); END"
        ),
        (
            "CREATE TRIGGER attachment_submitted AFTER INSERT ON submission FOR EACH ROW BEGIN"
            " UPDATE attachment SET submitted = NEW.number"
            " WHERE case_id = NEW.case_id AND submitted IS NULL AND removed_at IS NULL; END"
        ),
    ]


def _chases() -> list[str]:
    return [
        _trigger("chase_no_update", "UPDATE ON chase", "1", "chase rows are never changed or deleted"),
        _trigger("chase_no_delete", "DELETE ON chase", "1", "chase rows are never changed or deleted"),
        _trigger(
            "chase_no_replace",
            "INSERT ON chase",
            "EXISTS (SELECT 1 FROM chase WHERE id = NEW.id)",
            "this chase row is there already",
        ),
        _trigger("chase_returned", "INSERT ON chase", f"{_STATE} <> 'returned'", "nothing is asked of the requester"),
    ]


def statements() -> list[str]:
    """The CREATE TRIGGER statements, in the order in which they are run."""
    return [*_relations(), *_attachments(), *_chases()]


def names() -> list[str]:
    """The triggers' names, for dropping them."""
    return [statement.split()[2] for statement in statements()]
