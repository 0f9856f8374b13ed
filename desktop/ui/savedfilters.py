"""Saved filters of the register: what the chip of them says and does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from db.records_views import RegisterFilter
from desktop.casework.desk import Desk
from desktop.casework.savedfilters import (
    SaveFilter,
    delete_filter,
    rename_filter,
    save_filter,
    saved_filters,
    why_not_save,
)
from desktop.ui.savedviews import Sort


def filters(words: Callable[[RegisterFilter], str]) -> Sort[RegisterFilter]:
    """Those of the register. `words`: what a filter shows, in words."""
    return Sort(
        one="filter",
        these="these filters",
        none="Save those of the register to have one here.",
        gone="The requester that it names is on record no more.",
        nothing="Nothing is filtered.",
        words=words,
        same=_same,
        saved=saved_filters,
        why_not=why_not_save,
        save=_save,
        rename=rename_filter,
        delete=delete_filter,
    )


def _same(one: RegisterFilter, other: RegisterFilter) -> bool:
    """Whether two show the same cases, whatever their order."""
    return replace(one, sort=other.sort, descending=other.descending) == other


def _save(desk: Desk, name: str, wanted: RegisterFilter, everyones: bool) -> int:
    return save_filter(desk, SaveFilter(name=name, wanted=wanted, everyones=everyones))
