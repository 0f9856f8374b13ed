"""Agreements: found, decoded and looked up. A mistake in a file is named by file, key and line."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import msgspec

from desktop.policy.agreements_checks import mistakes
from desktop.policy.agreements_format import Agreement, expand
from desktop.policy.agreements_kept import brought_up
from desktop.policy.agreements_lines import line_of, lines
from desktop.policy.agreements_moves import CannotMove, moved
from desktop.policy.agreements_parts import (
    ACCEPTED,
    CANT_TELL,
    CAP,
    CORRECTIONS_FIELD,
    DECISION_FIELD,
    DECLINED,
    EARLIER,
    NO_GROUND,
    REGISTER_FIELD,
    Answer,
    Ask,
    Because,
    Cap,
    Change,
    ClockRule,
    Criterion,
    ExtensionRule,
    Field,
    FieldKind,
    Gateway,
    Ground,
    Item,
    Marking,
    Option,
    Question,
    RequesterKind,
    Section,
    Test,
    Version,
    WaitingRule,
)
from desktop.policy.agreements_retention import RetentionRule
from desktop.policy.agreements_standing import StandardLine
from desktop.policy.agreements_statistics import LaterRule, Statistics, StatisticsRow
from resources import resource

__all__ = [
    "ACCEPTED",
    "CANT_TELL",
    "CAP",
    "CORRECTIONS_FIELD",
    "DECISION_FIELD",
    "DECLINED",
    "EARLIER",
    "NO_GROUND",
    "REGISTER_FIELD",
    "Agreement",
    "AgreementError",
    "Agreements",
    "Answer",
    "Ask",
    "Because",
    "Cap",
    "Change",
    "ClockRule",
    "Criterion",
    "ExtensionRule",
    "Field",
    "FieldKind",
    "Gateway",
    "Ground",
    "Item",
    "LaterRule",
    "Marking",
    "Option",
    "Question",
    "RequesterKind",
    "RetentionRule",
    "Section",
    "StandardLine",
    "Statistics",
    "StatisticsRow",
    "Test",
    "Version",
    "WaitingRule",
    "content_hash",
    "decode",
    "load_agreements",
    "read_agreement",
]

MOST_BYTES = 1_000_000
"""A file larger than this is no agreement, and is refused before it is parsed."""


class AgreementError(ValueError):
    """A mistake in an agreement's file. ``line`` is 0 and ``key`` empty where the whole file is at fault."""

    def __init__(self, file: str, key: str, line: int, message: str) -> None:
        self.file = file
        self.key = key
        self.line = line
        self.message = message
        where = f"{file}, line {line}" if line else file
        super().__init__(f"{where}: {key}: {message}" if key else f"{where}: {message}")


class Agreements:
    """Every agreement that the desk knows, in the order they were found."""

    def __init__(self, agreements: Iterable[Agreement], own: Mapping[str, str] | None = None) -> None:
        self._by_id: Mapping[str, Agreement] = {one.id: one for one in agreements}
        self.own = dict(own or {})
        """The hash of each text in the organisation's own files, by the agreement's id."""
        self.moved_by = 0
        """The number of the last change of policy in the store that is among them."""

    def put(self, agreement: Agreement, moved_by: int) -> None:
        """Takes in an agreement as a change of policy left it."""
        self._by_id = {**self._by_id, agreement.id: agreement}
        self.moved_by = max(self.moved_by, moved_by)

    def get(self, agreement_id: str) -> Agreement:
        """The agreement of this id. Raises KeyError."""
        return self._by_id[agreement_id]

    def has(self, agreement_id: str) -> bool:
        """Whether there is an agreement of this id."""
        return agreement_id in self._by_id

    def all(self) -> tuple[Agreement, ...]:
        """All of them."""
        return tuple(self._by_id.values())

    def version_on(self, agreement_id: str, received: date) -> Version | None:
        """The version in force on this day (a date in Europe/London), or None. Raises KeyError."""
        return self.get(agreement_id).version_on(received)


def content_hash(text: str) -> str:
    """SHA-256 of a file's text: what a case is pinned to."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def decode(text: str, name: str, *, kept: bool = False) -> Agreement:
    """The agreement that this text says. Raises AgreementError, naming ``name``, the key and the line.

    ``kept``: the store has had this text since it was taken in, perhaps by a program of before. It was checked then, by
    what an agreement had to say on that day.
    """
    # Some editors put a mark before the first character (byte order mark, U+FEFF).
    text = text.removeprefix("\ufeff")
    if len(text) > MOST_BYTES:
        raise AgreementError(name, "", 0, f"the file is longer than {MOST_BYTES:,} characters.")
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(text, name, error) from error
    except RecursionError as error:
        raise AgreementError(name, "", 0, "the file is nested too deeply.") from error
    try:
        agreement = msgspec.convert(brought_up(raw) if kept else raw, Agreement)
    except msgspec.ValidationError as error:
        raise _typed_error(lines(text), name, error) from error
    for mistake in () if kept else mistakes(agreement):
        raise AgreementError(name, _dotted(mistake.path), line_of(lines(text), mistake.path), mistake.message)
    try:
        agreement = moved(agreement)
    except CannotMove as error:
        raise AgreementError(name, "changes", line_of(lines(text), ("changes",)), str(error)) from error
    return expand(msgspec.structs.replace(agreement, content_hash=content_hash(text), text=text))


def read_agreement(path: Path) -> Agreement:
    """The agreement in this file. Raises AgreementError, also where the file cannot be read as text."""
    try:
        return decode(_text(path.read_bytes(), path.name), path.name)
    except OSError as error:
        raise AgreementError(path.name, "", 0, f"the file cannot be read: {error.strerror}.") from error


def load_agreements(extra: Path | None = None) -> Agreements:
    """The shipped agreements, then an organisation's own from ``extra``. A second file with one id is an error."""
    found: dict[str, Agreement] = {}
    for shipped in sorted(resource("agreements").iterdir(), key=lambda one: one.name):
        if shipped.name.endswith(".toml"):
            _add(found, decode(_text(shipped.read_bytes(), shipped.name), shipped.name), shipped.name, "")
    own: dict[str, str] = {}
    if extra is not None and extra.is_dir():
        for path in sorted(extra.glob("*.toml")):
            agreement = read_agreement(path)
            _add(found, agreement, path.name, path.read_text("utf-8"))
            own[agreement.id] = agreement.content_hash
    return Agreements(found.values(), own)


def _add(found: dict[str, Agreement], agreement: Agreement, name: str, text: str) -> None:
    if agreement.id in found:
        line = line_of(lines(text), ("id",))
        raise AgreementError(name, "id", line, f"there already is an agreement with the id “{agreement.id}”.")
    found[agreement.id] = agreement


def _text(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise AgreementError(name, "", line, "the file is not UTF-8 text.") from error


def _syntax_error(text: str, name: str, error: tomllib.TOMLDecodeError) -> AgreementError:
    message, _, where = str(error).rpartition(" (at ")
    number = where.removeprefix("line ").partition(",")[0]
    # "at end of document" carries no number: the last line is where to look.
    line = int(number) if number.isdigit() else text.count("\n") + 1
    return AgreementError(name, "", line, f"this is not TOML: {message or error}.")


def _typed_error(positions: Mapping[tuple[str | int, ...], int], name: str, error: Exception) -> AgreementError:
    message, _, where = str(error).partition(" - at `$")
    path = _path(where.rstrip("`"))
    if message.startswith("Object contains unknown field `"):
        key = message.split("`")[1]
        path, message = (*path, key), "the format has no such key."
    elif message.startswith("Object missing required field `"):
        key = message.split("`")[1]
        return AgreementError(name, _dotted((*path, key)), line_of(positions, path), "this key is missing.")
    else:
        message = f"{message[:1].lower()}{message[1:]}."
    return AgreementError(name, _dotted(path), line_of(positions, path), message)


def _path(where: str) -> tuple[str | int, ...]:
    """A path such as ".sections[2].fields[0].kind" in its parts. "[...]" stands for any key of a table."""
    parts: list[str | int] = []
    for piece in where.replace("[", ".[").split("."):
        if piece.startswith("[") and piece.rstrip("]")[1:].isdigit():
            parts.append(int(piece.rstrip("]")[1:]))
        elif piece and not piece.startswith("[") and piece != "]":
            parts.append(piece)
    return tuple(parts)


def _dotted(path: tuple[str | int, ...]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")
