"""Documents that people give us: opened to see that nothing in them acts by itself, hides, or fetches."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

import pikepdf

from portal.files.rules import DOCX, MEGABYTE, ODP, ODT, PPTX, Kind

AGAIN = "Open it, save or print it as a new PDF, and choose that one"
MOST_PARTS = 5_000
MOST_UNPACKED = 300 * MEGABYTE
MOST_OBJECTS = 500_000
# What makes a PDF do something by itself, and how people call it.
_ACTS = {
    "/JavaScript": "scripts", "/JS": "scripts", "/Launch": "an action that starts a program",
    "/ImportData": "an action that fetches data", "/SubmitForm": "a form that sends data away",
    "/GoToE": "a link into a file inside it", "/Rendition": "a film or sound", "/Movie": "a film or sound",
    "/RichMedia": "a film or sound", "/Sound": "a film or sound", "/3D": "a film or sound",
    "/XFA": "a form with scripts", "/EmbeddedFiles": "another file inside it", "/EF": "another file inside it",
    "/FileAttachment": "another file inside it", "/EmbeddedFile": "another file inside it",
}  # fmt: skip
_SAID_BY = ("/S", "/Subtype", "/Type")
_MAIN = {
    DOCX: b"wordprocessingml.document.main+xml",
    PPTX: b"presentationml.presentation.main+xml",
}
# The heading of a stream of objects, or of their table, up to where its content begins.
_FOLDED = re.compile(
    rb"<<(?:(?!endobj|stream).){0,2000}?/(?:ObjStm|XRef)\b(?:(?!endobj|stream).){0,2000}?stream\r?\n", re.S
)
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_FETCHED = re.compile(rb"""<(?!(?:\w+:)?a[\s>])[^<>]*\bxlink:href\s*=\s*["']\s*(?:[a-z][a-z0-9+.-]+:|//|\\\\)""", re.I)


def reasons_not_to_keep_pdf(content: bytes) -> list[str]:
    """Why a PDF cannot be kept: locked, broken, or with something in it that acts. An empty list means it can."""
    if _unfolds_too_far(content):
        return [f"The PDF unfolds to far more than it seems. {AGAIN}"]
    try:
        with pikepdf.open(io.BytesIO(content), attempt_recovery=False) as pdf:
            if pdf.is_encrypted:
                return [f"The PDF is protected. {AGAIN}"]
            if not len(pdf.pages):
                return ["The PDF has no pages"]
            found = dict.fromkeys(_active_parts(pdf))
    except pikepdf.PasswordError:
        return [f"The PDF needs a password. {AGAIN}, without a password"]
    except (pikepdf.PdfError, ValueError, RuntimeError, KeyError, OverflowError, UnicodeError, RecursionError):
        return [f"The PDF is damaged and cannot be opened. {AGAIN}"]
    return [f"The PDF has {words} in it. {AGAIN}" for words in found]


def _unfolds_too_far(content: bytes) -> bool:
    """Whether the parts that a reader must unfold to find its way are a trap; pictures are unfolded by nobody here."""
    left = MOST_UNPACKED // 4
    for found in _FOLDED.finditer(content):
        if found[0].count(b"Decode") > found[0].count(b"DecodeParms") + 1:
            return True  # folded more than once
        try:
            left -= len(zlib.decompressobj().decompress(content[found.end() :], left + 1))
        except zlib.error:
            continue  # not folded, or not readable: the next step says so
        if left <= 0:
            return True
    return False


def _active_parts(pdf: pikepdf.Pdf) -> Iterator[str]:
    seen = 0
    for whole in pdf.objects:
        waiting = [whole]
        while waiting:
            seen += 1
            if seen > MOST_OBJECTS:
                raise pikepdf.PdfError("more objects than any document of ours")
            thing = waiting.pop()
            if isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
                for key, value in dict(thing.stream_dict if isinstance(thing, pikepdf.Stream) else thing).items():
                    if key in _ACTS and value is not None:
                        yield _ACTS[key]
                    if key in _SAID_BY and isinstance(value, pikepdf.Name) and str(value) in _ACTS:
                        yield _ACTS[str(value)]
                    waiting += _inside(value)
            elif isinstance(thing, pikepdf.Array):
                for value in thing:
                    waiting += _inside(value)


def _inside(value: object) -> list[pikepdf.Object]:
    """What stands in this very place; what is only pointed at is an object of its own and comes by itself."""
    is_nested = isinstance(value, (pikepdf.Dictionary, pikepdf.Array))
    return [value] if isinstance(value, pikepdf.Object) and is_nested and not value.is_indirect else []


def reasons_not_to_keep_office(content: bytes, kind: Kind) -> list[str]:
    """Why a Word, PowerPoint or OpenDocument file cannot be kept. An empty list means it can."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            if reasons := _tricks(parts, content):
                return reasons
            return _in_open_document(parts, kind) if kind in (ODT, ODP) else _in_office(parts, kind)
    # encrypted parts are a RuntimeError, unknown ways of compressing a NotImplementedError
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, ValueError, OSError, EOFError, KeyError):
        return [f"The {kind.words} file is damaged and cannot be opened. Open it and save it again"]


def _tricks(parts: zipfile.ZipFile, content: bytes) -> list[str]:
    """What no office program writes: parts that unfold to a thousand times their size, or lead out of the file."""
    entries = parts.infolist()
    names = [each.filename for each in entries]
    if any(each.flag_bits & 1 for each in entries):
        return ["The file needs a password. Save it without a password and choose that one"]
    if len(names) > MOST_PARTS or sum(each.file_size for each in entries) > MOST_UNPACKED:
        return ["The file unfolds to far more than it seems. Save it again, with smaller pictures"]
    is_odd = len({name.casefold() for name in names}) < len(names) or any(
        name.startswith("/") or "\\" in name or ".." in name.split("/") or ":" in name for name in names
    )
    overlaps = sum(each.compress_size for each in entries) > len(content)
    if is_odd or overlaps or parts.comment or any(each.file_size > MEGABYTE and _is_bomb(each) for each in entries):
        return ["The file is put together in a way no office program does. Open it and save it again"]
    for each in entries:
        # read to its end: each part must be what its heading says, to the byte
        with parts.open(each) as part:
            while part.read(MEGABYTE):
                pass
    return []


def _is_bomb(entry: zipfile.ZipInfo) -> bool:
    return entry.file_size > 1_000 * max(entry.compress_size, 1)


def _in_office(parts: zipfile.ZipFile, kind: Kind) -> list[str]:
    names = [name.casefold() for name in parts.namelist()]
    types = parts.read("[Content_Types].xml")
    if b"macroenabled" in types.lower() or any(name.endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
        return [f"The file has macros in it. Save it as {kind.words} without macros"]
    if _MAIN[kind] not in types:
        return [f"The file is not a {kind.words} inside. Open it and save it again as {kind.words}"]
    if any("/activex/" in name or "/embeddings/" in name for name in names):
        return ["The file has another file or a control inside it. Take it out, or save the whole as PDF"]
    for name in parts.namelist():
        text = parts.read(name) if name.casefold().endswith((".rels", ".xml")) else b""
        if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
            return ["The file is put together in a way no office program does. Open it and save it again"]
        for relation in _RELATION.findall(text) if name.casefold().endswith(".rels") else []:
            if re.search(rb"""TargetMode\s*=\s*["']External""", relation, re.I) and b"/hyperlink" not in relation:
                return ["The file fetches something from another place when it is opened. Save it as PDF instead"]
    return []


def _in_open_document(parts: zipfile.ZipFile, kind: Kind) -> list[str]:
    names = [name.casefold() for name in parts.namelist()]
    if any(name.startswith(("basic/", "scripts/", "dialogs/")) and not name.endswith("/") for name in names):
        return [f"The file has macros in it. Save it as {kind.words} without macros"]
    if any(re.match(r"object \d+|objectreplacements/", name) and name.endswith(".bin") for name in names):
        return ["The file has another file inside it. Take it out, or save the whole as PDF"]
    for name in parts.namelist():
        text = parts.read(name) if name.casefold().endswith(".xml") else b""
        if b"encryption-data" in text and name.casefold() == "meta-inf/manifest.xml":
            return ["The file needs a password. Save it without a password and choose that one"]
        if b"<!ENTITY" in text:
            return ["The file is put together in a way no office program does. Open it and save it again"]
        if b"script:event-listener" in text or b"<script:" in text:
            return [f"The file has macros in it. Save it as {kind.words} without macros"]
        if name.casefold() in {"content.xml", "styles.xml"} and _FETCHED.search(text):
            return ["The file fetches something from another place when it is opened. Save it as PDF instead"]
    return []
