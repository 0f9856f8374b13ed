"""Reads back what somebody wrote into a request form: values alone, within limits; nothing in the file is run."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from desktop.letters.formwords import MARK

MOST_BYTES = 10 * 1024 * 1024
MOST_FIELDS = 2_000
LONGEST = 10_000
_DEEPEST = 20
_DAMAGED = "The file is damaged or not whole, so answers may be missing from it. Ask for it again."


class NotAForm(ValueError):
    """This file cannot be read as a completed request form, and why, in words fit to show."""


@dataclass(frozen=True, slots=True)
class FilledForm:
    """A whole form as it came."""

    mark: str
    """Which form it is, as the desk wrote it into the blank one."""
    values: Mapping[str, str]
    """Each field's value by its name: text, an option's id, or "Yes" for a box that is ticked; "" for nothing."""
    unreadable: tuple[str, ...]
    """The names of fields that have a value of a kind that no field of ours has."""


def read_form(content: bytes) -> FilledForm:
    """What a completed form says. Raises NotAForm, also for one that is not whole: a reader of PDF would mend it
    without a word, and leave out answers.
    """
    if len(content) > MOST_BYTES:
        raise NotAForm("The file is larger than a request form can be.")
    if not content.lstrip()[:5].startswith(b"%PDF-"):
        raise NotAForm("This is not a PDF file. Choose the completed form as it was sent.")
    # Every file, and every part that a reader adds when it saves, ends so (ISO 32000-1, 7.5.5 and 7.5.6).
    if not content.rstrip(b"\0\t\n\f\r ").endswith(b"%%EOF"):
        raise NotAForm(_DAMAGED)
    import pikepdf

    # What is wrong with the file is said to whoever chose it; nothing of it goes to a log.
    logging.getLogger("pikepdf").setLevel(logging.CRITICAL + 1)
    try:
        with pikepdf.open(BytesIO(content), suppress_warnings=True, attempt_recovery=False) as pdf:
            form = pdf.Root.get("/AcroForm")
            if form is None or "/Fields" not in form:
                raise NotAForm("There are no fields in it: it was printed or scanned. Type it in, or attach the file.")
            if "/XFA" in form:
                raise NotAForm("It is a form of another kind (XFA), and not one of the desk’s. Type it in.")
            found = _filled(form["/Fields"])
            if pdf.get_warnings():
                raise NotAForm(_DAMAGED)
    except NotAForm:
        raise
    except pikepdf.PasswordError as error:
        raise NotAForm("It is locked with a password. Ask for the form without one.") from error
    except Exception as error:
        raise NotAForm(_DAMAGED) from error
    if not found.mark:
        raise NotAForm("It is not one of the desk’s request forms. Type it in, or attach the file.")
    return found


def _filled(fields: Any) -> FilledForm:
    values: dict[str, str] = {}
    unreadable: list[str] = []
    for name, said in _values(fields):
        if said is None:
            unreadable.append(name)
        elif said or name not in values:
            values[name] = said
    return FilledForm(values.pop(MARK, ""), values, tuple(unreadable))


def _values(fields: Any) -> Iterator[tuple[str, str | None]]:
    """Names and values (see ``_said``), without following what goes in a circle."""
    seen: set[tuple[int, int]] = set()
    waiting: list[tuple[Any, str, int]] = [(one, "", 0) for one in _some(fields)]
    count = 0
    while waiting:
        field, above, depth = waiting.pop(0)
        count += 1
        if count > MOST_FIELDS:
            raise NotAForm("It has far more fields than a request form.")
        key = getattr(field, "objgen", (0, 0))
        if depth > _DEEPEST or (key != (0, 0) and key in seen) or not hasattr(field, "get"):
            continue
        seen.add(key)
        title = field.get("/T")
        name = f"{above}.{title}" if above and title is not None else str(title) if title is not None else above
        kids = field.get("/Kids")
        if kids is not None:
            waiting += [(one, name, depth + 1) for one in _some(kids)]
        if name:
            yield name, _said(field.get("/V"))


def _some(things: Any) -> list[Any]:
    return [things[at] for at in range(min(len(things), MOST_FIELDS + 1))]


def _said(value: Any) -> str | None:
    """A value as text; "" for what is empty or off, None for what is of a kind that no field of ours has."""
    import pikepdf

    if value is None:
        return ""
    if isinstance(value, pikepdf.Name):
        text = str(value).lstrip("/")
        return "" if text == "Off" else text
    if isinstance(value, pikepdf.String):
        return str(value)[: LONGEST + 1].replace("\r\n", "\n").replace("\r", "\n").strip()
    return None
