"""Rules that the database keeps for cases that are handed over (revision 0017).

Whether a run hands its cases over, and to whom, is said before it is decided. Such a run empties a case only once its
package was written, and names the package for good, right after the journal says that the case goes.
"""

from __future__ import annotations


def _trigger(name: str, event: str, when: str, message: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE {event} FOR EACH ROW WHEN {when} BEGIN SELECT RAISE(ABORT, '{message}'); END"


_PENDING = (
    "disposal_item AS item JOIN disposal_verdict AS verdict ON verdict.run_id = item.run_id"
    " JOIN disposal_transfer AS transfer ON transfer.run_id = item.run_id WHERE item.case_id = {case}"
    " AND verdict.approved AND NOT EXISTS (SELECT 1 FROM disposal_result AS result WHERE result.run_id = item.run_id"
    " AND result.case_id = item.case_id)"
)
_UNPACKED = (
    f"NEW.state = 'destroyed' AND OLD.state <> 'destroyed' AND EXISTS (SELECT 1 FROM {_PENDING.format(case='NEW.id')}"
    " AND NOT EXISTS (SELECT 1 FROM transfer_package AS package WHERE package.run_id = item.run_id"
    " AND package.case_id = item.case_id))"
)
_UNMADE = (
    f"NOT EXISTS (SELECT 1 FROM {_PENDING.format(case='NEW.case_id')} AND item.run_id = NEW.run_id)"
    " OR length(NEW.sha256) <> 64 OR NEW.size < 1 OR NOT EXISTS (SELECT 1 FROM user WHERE id = NEW.made_by AND active"
    " AND role = 'records_officer')"
)
_UNSAID = (
    "NOT EXISTS (SELECT 1 FROM journal WHERE seq = (SELECT MAX(seq) FROM journal) AND case_id = NEW.case_id"
    " AND action = 'destroy' AND actor_id = NEW.made_by AND at = NEW.made_at)"
)
_TABLES = {
    "disposal_transfer": "run_id = NEW.run_id",
    "transfer_package": "run_id = NEW.run_id AND case_id = NEW.case_id",
}
_RULES = {
    "disposal_transfer_undecided": (
        "INSERT ON disposal_transfer",
        "EXISTS (SELECT 1 FROM disposal_verdict WHERE run_id = NEW.run_id) OR length(trim(NEW.recipient)) = 0",
        "to whom a run hands its cases over is said before it is decided",
    ),
    "transfer_package_run": ("INSERT ON transfer_package", _UNMADE, "a package is of a case of an approved transfer"),
    "transfer_package_said": (
        "INSERT ON transfer_package",
        _UNSAID,
        "a package is noted with the entry of the journal that says that its case goes",
    ),
    "cases_packed": ("UPDATE ON cases", _UNPACKED, "a case that is handed over goes once its package is written"),
    **{
        f"{table}_no_{event.lower()}": (f"{event} ON {table}", "1", f"{table} rows are never changed or deleted")
        for table in _TABLES
        for event in ("UPDATE", "DELETE")
    },
    **{
        f"{table}_no_replace": (
            f"INSERT ON {table}",
            f"EXISTS (SELECT 1 FROM {table} WHERE {test})",
            f"this {table} row is there already",
        )
        for table, test in _TABLES.items()
    },
}


def statements() -> tuple[str, ...]:
    """The CREATE TRIGGER statements."""
    return tuple(_trigger(name, *rule) for name, rule in _RULES.items())


def undone() -> tuple[str, ...]:
    """The statements that take them away."""
    return tuple(f"DROP TRIGGER {name}" for name in _RULES)
