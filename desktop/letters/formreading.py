"""Reads back what somebody wrote into a request form: values alone, within limits; nothing in the file is run."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from desktop.letters.formwords import MARK

MOST_BYTES = 10 * 1024 * 1024
MOST_FIELDS = 2_000
LONGEST = 10_000
_DEEPEST = 20


class NotAForm(ValueError):
    """This file cannot be read as a completed request form, and why, in words fit to show."""


def read_form(content: bytes) -> tuple[str, dict[str, str]]:
    """Which form it is, and each field's value by its name: text, an option's id, or "Yes" for a box that is ticked.

    Raises NotAForm.
    """
    if len(content) > MOST_BYTES:
        raise NotAForm("The file is larger than a request form can be.")
    if not content.lstrip()[:5].startswith(b"%PDF-"):
        raise NotAForm("This is not a PDF file. Choose the completed form as it was sent.")
    import pikepdf

    # What is wrong with the file is said to whoever chose it; nothing of it goes to a log.
    logging.getLogger("pikepdf").setLevel(logging.CRITICAL + 1)
    try:
        with pikepdf.open(BytesIO(content), suppress_warnings=True) as pdf:
            form = pdf.Root.get("/AcroForm")
            if form is None or "/Fields" not in form:
                raise NotAForm("There are no fields in it: it was printed or scanned. Type it in, or attach the file.")
            if "/XFA" in form:
                raise NotAForm("It is a form of another kind (XFA), and not one of the desk’s. Type it in.")
            values = dict(_values(form["/Fields"]))
    except NotAForm:
        raise
    except pikepdf.PasswordError as error:
        raise NotAForm("It is locked with a password. Ask for the form without one.") from error
    except Exception as error:
        raise NotAForm("The file is damaged: it cannot be read. Ask for it again.") from error
    mark = values.pop(MARK, "")
    if not mark:
        raise NotAForm("It is not one of the desk’s request forms. Type it in, or attach the file.")
    return mark, values


def _values(fields: Any) -> Iterator[tuple[str, str]]:
    """Names and values, without following what goes in a circle."""
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
        said = _said(field.get("/V"))
        if name and said:
            yield name, said


def _some(things: Any) -> list[Any]:
    return [things[at] for at in range(min(len(things), MOST_FIELDS + 1))]


def _said(value: Any) -> str:
    """A value as text; "" for what is empty, off, or of a kind that no field of ours has."""
    import pikepdf

    if isinstance(value, pikepdf.Name):
        text = str(value).lstrip("/")
        return "" if text == "Off" else text
    if isinstance(value, pikepdf.String):
        return str(value)[: LONGEST + 1].replace("\r\n", "\n").replace("\r", "\n").strip()
    return ""
