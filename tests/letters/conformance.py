"""Whether a letter is what it says it is: PDF/A-2a, PDF/UA-1, and what validators of those leave unseen."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import page
import pikepdf

_DRAWS = frozenset("S s f F f* B B* b b* sh Do Tj TJ ' \" EI INLINE IMAGE".split())
"""The operators that leave something on a page."""
_WITHIN = ("/Span", "/ReversedChars")
"""Marks that stand within others."""
_PROFILES = ("2a", "ua1")


def problems(pdf: bytes) -> list[str]:
    """What is wrong with a letter's file; [] where nothing is."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        own = [*_marks(document), *_tree(document), *_metadata(document), *_pages(document)]
    return [*own, *validated(pdf)]


def validated(pdf: bytes) -> list[str]:
    """What the validator says, by profile."""
    found = []
    for profile in _PROFILES:
        report = page.validate_pdf_bytes(pdf, profile=profile)
        found += [f"{profile}: {failure.rule_id} {failure.message}" for failure in report.failures]
    return found


@lru_cache(maxsize=1)
def structure(pdf: bytes, folder: Path) -> str:
    """The document as a screen reader goes through it: poppler's reading of the tree with its text, which takes
    seconds for a long table.
    """
    file = folder / "letter.pdf"
    file.write_bytes(pdf)
    done = subprocess.run(["pdfinfo", "-struct-text", str(file)], capture_output=True, text=True, check=True)
    return done.stdout


def read_aloud(pdf: bytes, folder: Path) -> str:
    """All the text in the order of the tree, in one line."""
    pieces = re.findall(r'^\s*"(.*)"$', structure(pdf, folder), flags=re.MULTILINE)
    return " ".join(" ".join(pieces).split())


def _marks(document: Any) -> Iterator[str]:
    """Everything drawn is marked, as real content or as an artifact, and no mark stands in another of them."""
    for number, sheet in enumerate(document.pages, start=1):
        depth: list[str] = []
        seen: list[int] = []
        for operands, operator in _steps(sheet):
            name = str(operator)
            if name in ("BDC", "BMC"):
                outer = [one for one in depth if one not in _WITHIN]
                if outer and str(operands[0]) not in _WITHIN:
                    yield f"page {number}: {operands[0]} stands in {outer[-1]}"
                depth.append(str(operands[0]))
                mcid = operands[1].get("/MCID") if name == "BDC" and len(operands) > 1 else None
                if mcid is not None:
                    seen.append(int(mcid))
            elif name == "EMC":
                if not depth:
                    yield f"page {number}: a mark ends that did not begin"
                else:
                    depth.pop()
            elif name in _DRAWS and not depth:
                yield f"page {number}: {name} draws what is not marked"
        if depth:
            yield f"page {number}: {depth} does not end"
        if seen != list(range(len(seen))):
            yield f"page {number}: marks are numbered {seen}"


def _steps(sheet: Any) -> Iterator[tuple[Any, Any]]:
    for step in pikepdf.parse_content_stream(sheet):
        yield step.operands, step.operator


def _tree(document: Any) -> Iterator[str]:
    """Each mark belongs to the one element that claims it, and the tree of parents says the same."""
    root = document.Root.get("/StructTreeRoot")
    if root is None:
        yield "there is no tree"
        return
    nums = list(root.ParentTree.Nums)
    parents = {int(nums[n]): nums[n + 1] for n in range(0, len(nums), 2)}
    claimed: dict[tuple[int, int], tuple[int, int]] = {}
    places = {sheet.obj.objgen: n for n, sheet in enumerate(document.pages)}
    for element in elements(root.K):
        if element.S == "/Figure" and not str(element.get("/Alt", "")).strip():
            yield "a picture does not say what it shows"
        if element.S == "/TH" and "/Scope" not in element.get("/A", {}):
            yield "a head cell does not say what it is the head of"
        for kid in _kids(element):
            if kid.get("/Type") == "/MCR":
                place = (places[kid.Pg.objgen], int(kid.MCID))
                if place in claimed:
                    yield f"two elements claim mark {place}"
                claimed[place] = element.objgen
    for n, sheet in enumerate(document.pages):
        if sheet.obj.get("/StructParents") != n:
            yield f"page {n + 1} does not say where its marks belong"
            continue
        listed = [one.objgen for one in parents.get(n, [])]
        marks = [
            int(operands[1].MCID)
            for operands, operator in _steps(sheet)
            if str(operator) == "BDC" and "/MCID" in operands[1]
        ]
        if listed != [claimed.get((n, mcid)) for mcid in range(len(marks))]:
            yield f"page {n + 1}: the tree of parents does not fit the marks"
    if {place for place in claimed if place[0] >= len(document.pages)}:
        yield "a mark is on no page"


def elements(top: Any) -> Iterator[Any]:
    """An element of the tree and all that stand under it."""
    waiting = [top]
    while waiting:
        element = waiting.pop()
        yield element
        waiting += [kid for kid in _kids(element) if kid.get("/Type") == "/StructElem"]


def _kids(element: Any) -> list[Any]:
    kids = element.get("/K", [])
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def _metadata(document: pikepdf.Pdf) -> Iterator[str]:
    """ISO 19005-2, 6.6.3: the two descriptions of the document say the same, and there is nothing more in either."""
    info = {str(key): str(value) for key, value in document.docinfo.items()}
    if set(info) != {"/Title", "/Author", "/CreationDate", "/ModDate"}:
        yield f"the document says of itself {sorted(info)}"
        return
    with document.open_metadata(update_docinfo=False, set_pikepdf_as_editor=False) as xmp:
        day = str(xmp.get("xmp:CreateDate", ""))
        equal = {
            "/Title": xmp.get("dc:title"),
            "/Author": "; ".join(xmp.get("dc:creator") or []),
            "/CreationDate": f"D:{re.sub('[^0-9]', '', day)}Z",
            "/ModDate": f"D:{re.sub('[^0-9]', '', str(xmp.get('xmp:ModifyDate', '')))}Z",
        }
    yield from (f"{key} is {info[key]!r}, and in XMP {value!r}" for key, value in equal.items() if info[key] != value)


def _pages(document: Any) -> Iterator[str]:
    if document.Root.get("/ViewerPreferences", {}).get("/DisplayDocTitle") is not True:
        yield "the window would show the file's name"
    for number, sheet in enumerate(document.pages, start=1):
        if sheet.obj.get("/Tabs") != "/S":
            yield f"page {number}: the Tab key does not follow the tree"
        if "/Trans" in sheet.obj:
            yield f"page {number}: has a transition"
