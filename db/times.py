"""Moments in the store: aware datetimes in UTC, kept as text that sorts, such as 2017-06-12T08:20:00.000000Z."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.types import TypeDecorator


def moment_text(at: datetime) -> str:
    """The stored text of an aware moment. Raises ValueError for a naive one."""
    if at.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Moment(TypeDecorator[datetime]):
    """A column of aware moments."""

    impl = String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Any) -> str | None:
        """To the stored text."""
        return None if value is None else moment_text(value)

    def process_result_value(self, value: str | None, _dialect: Any) -> datetime | None:
        """From the stored text."""
        return None if value is None else datetime.fromisoformat(value)
