"""Rules that the database keeps for saved reports since revision 0034.

A saved report is words of lists, real days in their order, and the threshold of small figures. None goes that the
journal did not tell of right before.
"""

from __future__ import annotations

from db.migrations import guards_savedviews

_DELETE = "saved_view_delete"
_FILTER = "action = 'delete_filter' AND data ->> 'filter' = OLD.id"
_EITHER = (
    "((OLD.kind = 'register' AND action = 'delete_filter' AND data ->> 'filter' = OLD.id)"
    " OR (OLD.kind = 'report' AND action = 'delete_saved_report' AND data ->> 'report' = OLD.id))"
)
_KEYS = ("report", "span", "first", "last", "control", "table", "per")
_SPANS = (
    "'this_month', 'last_month', 'this_quarter', 'last_quarter', 'this_year', 'last_year', 'this_financial_year',"
    " 'last_financial_year'"
)


def _said(key: str) -> str:
    return f"json_extract(NEW.choices, '$.{key}')"


def _is_day(key: str) -> str:
    return f"date({_said(key)}) = {_said(key)}"


_OF_PUBLICATION = (
    f"{_said('report')} = 'publication' AND {_said('per')} IN ('month', 'quarter', 'year', 'all')"
    " AND json_type(NEW.choices, '$.table') = 'text'"
)
_OF_OVERSIGHT = f"{_said('report')} = 'oversight' AND {_said('per')} IS NULL AND {_said('table')} IS NULL"
_BY_WORD = f"{_said('span')} IN ({_SPANS}) AND {_said('first')} IS NULL AND {_said('last')} IS NULL"
_BY_DAYS = (
    f"{_said('span')} IS NULL AND {_is_day('first')} AND {_is_day('last')} AND {_said('first')} <= {_said('last')}"
)
_BELOW = f"CAST(substr({_said('control')}, 7) AS INTEGER)"
_CONTROLLED = (
    f"{_said('control')} IN ('none', 'nhs')"
    f" OR ({_said('control')} = 'below-' || {_BELOW} AND {_BELOW} BETWEEN 3 AND 100)"
)
_ALONE = f"json_remove(NEW.choices, {', '.join(repr('$.' + key) for key in _KEYS)}) = '{{}}'"
_IS_REPORT = (
    f"{_ALONE} AND (({_OF_PUBLICATION}) OR ({_OF_OVERSIGHT})) AND (({_BY_WORD}) OR ({_BY_DAYS})) AND ({_CONTROLLED})"
)
# What is not there is neither true nor false: it is no report.
_WRONG = f"NEW.kind = 'report' AND json_valid(NEW.choices) AND NOT COALESCE(({_IS_REPORT}), 0)"
_TRIGGER = (
    f"CREATE TRIGGER saved_view_report BEFORE INSERT ON saved_view FOR EACH ROW WHEN {_WRONG} BEGIN"
    " SELECT RAISE(ABORT, 'a saved report holds choices of a report, and real days'); END"
)


def statements() -> tuple[str, ...]:
    """What is run to come to this revision's rules."""
    return (f"DROP TRIGGER {_DELETE}", _earlier().replace(_FILTER, _EITHER), _TRIGGER)


def before() -> tuple[str, ...]:
    """What is run to go back to the rules before."""
    return ("DROP TRIGGER saved_view_report", f"DROP TRIGGER {_DELETE}", _earlier())


def _earlier() -> str:
    return next(one for one in guards_savedviews.statements() if one.startswith(f"CREATE TRIGGER {_DELETE} "))
