"""What a measurement says, in one line: ours, the floor beside it, and whether it is within its limit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One measurement beside its limit."""

    what: str
    ours: float
    floor: float
    unit: str
    limit: float
    is_ratio: bool = True

    def text(self) -> str:
        """As printed."""
        found = self.ours / self.floor if self.is_ratio else self.ours - self.floor
        shown = f"{found:.2f} x" if self.is_ratio else f"{found:.0f} {self.unit}"
        limit = f"{self.limit:g} x" if self.is_ratio else f"{self.limit:g} {self.unit}"
        word = "within" if found <= self.limit else "OVER"
        return f"{self.what:<58}{self.ours:8.1f} {self.floor:8.1f} {self.unit:<4}{shown:>10}  {word} {limit}"
