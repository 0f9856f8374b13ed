"""Makes a drawn letter accessible and archival in one file: PDF/A-2a (ISO 19005-2) and PDF/UA-1 (ISO 14289-1).

The pages come from ReportLab with their marks in them; here they get the tree of structure that the marks belong to,
the description of the document, the meaning of its colours, and an empty field for the organisation's signature.
"""

from __future__ import annotations

import io
import re
import zlib
from base64 import a85encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from xml.sax.saxutils import escape

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, String

from desktop.letters.tagging import Content, Element, Tags
from resources import resource

LANGUAGE = "en-GB"
SIGNATURE_FIELD = "Signature1"
_IDENTITY = re.compile(rb"/ID\s*\[\s*<([0-9A-Fa-f]+)>")
_NO_CHARACTER = re.compile(rb"<[0-9A-Fa-f]+> <0000>\n")


@dataclass(frozen=True, slots=True)
class About:
    """All that a letter's file says of itself."""

    title: str
    organisation: str
    dated: date
    identity: bytes
    """What the file is known by. Anybody can read it, so it is no plain hash of what nobody may know."""
    signed: bool
    """Whether it has a field for a signature."""


def archival(drawn: bytes, tags: Tags, about: About, meanwhile: Callable[[], None] = lambda: None) -> bytes:
    """The finished file. The same pages, tree and description give the same bytes. `meanwhile` is called again and
    again, and stops it by raising.
    """
    with Pdf.open(io.BytesIO(drawn)) as pdf:
        root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        parents = _tree(pdf, root, tags, meanwhile)
        form = _signature_field(pdf, root, len(tags.pages)) if about.signed else None
        if form is not None:
            parents.append(form)
        root.ParentTree = pdf.make_indirect(
            Dictionary(Nums=Array([each for n, entry in enumerate(parents) for each in (n, entry)]))
        )
        root.ParentTreeNextKey = len(parents)
        _pages(pdf)
        _fonts(pdf)
        _describe(pdf, root, about)
        _end_streams(pdf, meanwhile)
        out = io.BytesIO()
        pdf.save(
            out,
            force_version="1.7",
            deterministic_id=True,
            fix_metadata_version=False,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            progress=lambda _percent: meanwhile(),
        )
    return out.getvalue()


def identity_of(pdf: bytes) -> str:
    """What a finished file is known by (``About.identity``), in hex, whether or not it was signed since; "" if it does
    not say.
    """
    found = _IDENTITY.findall(pdf)
    return found[-1].decode().lower() if found else ""


def _tree(pdf: Pdf, root: Object, tags: Tags, meanwhile: Callable[[], None]) -> list[Object]:
    """Writes the elements under the root; returns, for each page, the elements of its marks in their order."""
    made: dict[int, Object] = {}
    root.K = _element(pdf, tags.document, root, made, meanwhile)
    return [pdf.make_indirect(Array([made[id(element)] for element in marks])) for marks in tags.pages]


def _element(
    pdf: Pdf, element: Element, parent: Object, made: dict[int, Object], meanwhile: Callable[[], None]
) -> Object:
    meanwhile()
    written = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name(f"/{element.kind}"), P=parent))
    made[id(element)] = written
    if element.alt:
        written.Alt = String(element.alt)
    if element.language:
        written.Lang = String(element.language)
    if attributes := _attributes(element):
        written.A = attributes
    kids: list[Object] = []
    for kid in element.kids:
        if isinstance(kid, Content):
            kids.append(Dictionary(Type=Name.MCR, Pg=pdf.pages[kid.page].obj, MCID=kid.mcid))
        else:
            kids.append(_element(pdf, kid, written, made, meanwhile))
    written.K = Array(kids)
    return written


def _attributes(element: Element) -> Object | None:
    if element.kind == "L":
        return Dictionary(O=Name.List, ListNumbering=Name.Disc)
    if element.scope:
        found = Dictionary(O=Name.Table, Scope=Name(f"/{element.scope}"))
        if element.columns > 1:
            found.ColSpan = element.columns
        return found
    if element.box:
        return Dictionary(O=Name.Layout, Placement=Name.Block, BBox=Array([round(at, 2) for at in element.box]))
    return None


def _pages(pdf: Pdf) -> None:
    for number, page in enumerate(pdf.pages):
        page.obj.StructParents = number
        page.obj.Tabs = Name.S
        if "/Trans" in page.obj:
            del page.obj.Trans  # An empty transition, which ReportLab gives each page and which is no valid one.


def _fonts(pdf: Pdf) -> None:
    """Takes out what maps a code to no character: ISO 19005-2, 6.2.11.7.2."""
    seen: set[tuple[int, int]] = set()
    for page in pdf.pages:
        for font in page.resources.get("/Font", {}).values():
            if font.objgen not in seen and "/ToUnicode" in font:
                seen.add(font.objgen)
                _write(font.ToUnicode, _without_nothing(font.ToUnicode.read_bytes()))


def _without_nothing(cmap: bytes) -> bytes:
    """The map without those entries; each group says anew how many it has."""

    def group(found: re.Match[bytes]) -> bytes:
        kept = _NO_CHARACTER.sub(b"", found[2])
        return b"%d beginbfchar\n%sendbfchar" % (kept.count(b"\n"), kept) if kept else b""

    return re.sub(rb"(\d+) beginbfchar\n(.*?)endbfchar", group, cmap, flags=re.DOTALL)


def _write(stream: Object, data: bytes) -> None:
    stream.write(zlib.compress(data), filter=Name.FlateDecode)


def _end_streams(pdf: Pdf, meanwhile: Callable[[], None]) -> None:
    """Lets no stream end in what could be taken for the end of a line before "endstream": ISO 19005-2, 6.1.7.1."""
    for one in pdf.objects:
        meanwhile()
        if isinstance(one, pikepdf.Stream) and (raw := one.read_raw_bytes())[-1:] in (b"\r", b"\n"):
            filters = one.get("/Filter", Array([]))
            listed = list(filters) if isinstance(filters, Array) else [filters]
            one.write(a85encode(raw) + b"~>", filter=Array([Name.ASCII85Decode, *listed]))


def _describe(pdf: Pdf, root: Object, about: About) -> None:
    catalog = pdf.Root
    catalog.StructTreeRoot = root
    catalog.MarkInfo = Dictionary(Marked=True)
    catalog.Lang = String(LANGUAGE)
    catalog.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    profile = pdf.make_stream(b"", N=3)
    _write(profile, resource("letters", "sRGB.icc").read_bytes())
    colours = Dictionary(Type=Name.OutputIntent, S=Name.GTS_PDFA1, DestOutputProfile=profile)
    colours.OutputConditionIdentifier = String("sRGB IEC61966-2.1")
    catalog.OutputIntents = Array([colours])
    catalog.Metadata = pdf.make_stream(_xmp(about), Type=Name.Metadata, Subtype=Name.XML)
    made = f"D:{about.dated:%Y%m%d}000000Z"
    del pdf.docinfo
    pdf.docinfo = pdf.make_indirect(
        Dictionary(Title=about.title, Author=about.organisation, CreationDate=made, ModDate=made)
    )
    pdf.trailer.ID = Array([String(about.identity), String(about.identity)])


@cache
def _template() -> str:
    return resource("letters", "xmp.xml").read_text(encoding="utf-8")


def _xmp(about: About) -> bytes:
    """ISO 19005-2, 6.6: the description as XMP, equal to the older dictionary, in a stream that is not compressed."""
    return (
        _template()
        .replace("{title}", escape(about.title))
        .replace("{organisation}", escape(about.organisation))
        .replace("{language}", LANGUAGE)
        .replace("{dated}", f"{about.dated.isoformat()}T00:00:00Z")
        .strip()
        .encode()
    )


def _signature_field(pdf: Pdf, root: Object, key: int) -> Object:
    """An empty field for the organisation's signature, which shows nothing on the page; returns its element.

    ISO 14289-1, 7.18.1: an annotation that is not hidden stands in the tree, as a form's field in a Form element.
    """
    field = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Sig,
            T=String(SIGNATURE_FIELD),
            TU=String("Signature of the organisation"),
            F=132,
            Rect=Array([0, 0, 0, 0]),
            P=pdf.pages[0].obj,
            StructParent=key,
        )
    )
    pdf.pages[0].obj.Annots = Array([field])
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]))
    document = root.K
    form = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Form, P=document, Pg=pdf.pages[0].obj))
    form.K = Dictionary(Type=Name.OBJR, Obj=field)
    document.K.append(form)
    return form
