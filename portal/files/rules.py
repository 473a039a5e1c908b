"""What a file may be: told by its content, agreed with its name, and kept without what could harm who opens it."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from dataclasses import dataclass

import puremagic
from PIL import Image, ImageOps, UnidentifiedImageError

from portal.refusals import Refused

MEGABYTE = 1024 * 1024
MOST_BYTES = 20 * MEGABYTE
"""A slide deck with pictures, or an application scanned at 300 dots an inch; more does not open on a phone."""
MOST_PIXELS = 60_000_000
"""A phone's largest photographs have 50 million; a few kilobytes can unfold to billions."""
LONGEST_NAME = 120
ALLOWED = "PDF, Word (DOCX), PowerPoint (PPTX), OpenDocument (ODT, ODP), PNG or JPEG"
_TOO_MANY_PIXELS = "The picture is too large to open. Make it smaller, or take it again"
_OLD = {
    "doc": "DOCX", "dot": "DOCX", "ppt": "PPTX", "pps": "PPTX", "rtf": "DOCX", "pages": "PDF", "key": "PDF",
    "docm": "DOCX", "dotm": "DOCX", "pptm": "PPTX", "ppsm": "PPTX", "heic": "JPEG", "heif": "JPEG",
}  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """A kind of file we take. `endings` are the ends of names that agree with it, the usual one first."""

    media_type: str
    words: str
    endings: tuple[str, ...]


PDF = Kind("application/pdf", "PDF", ("pdf",))
PNG = Kind("image/png", "PNG", ("png",))
JPEG = Kind("image/jpeg", "JPEG", ("jpg", "jpeg", "jpe", "jfif"))
_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
DOCX = Kind(f"{_OFFICE}.wordprocessingml.document", "DOCX", ("docx",))
PPTX = Kind(f"{_OFFICE}.presentationml.presentation", "PPTX", ("pptx",))
ODT = Kind(f"{_OPEN}.text", "ODT", ("odt",))
ODP = Kind(f"{_OPEN}.presentation", "ODP", ("odp",))
KINDS = (PDF, DOCX, PPTX, ODT, ODP, PNG, JPEG)


@dataclass(frozen=True)
class Examined:
    """A file that was looked at and may be kept: its name for people, its kind, and the bytes to keep."""

    name: str
    kind: Kind
    content: bytes


def kind_of(name: str, content: bytes, kinds: tuple[Kind, ...] = KINDS) -> Kind:
    """What the file is by its content, which its name must agree with. Raises `Refused`, in words for who gave it."""
    ending = _ending(name)
    if ending in _OLD:
        raise Refused(f"This kind of file ({ending.upper()}) cannot be kept. Save it as {_OLD[ending]} and choose that")
    kind = _told_by_content(content)
    if kind is None or kind not in kinds:
        raise Refused(f"The file must be {listed(kinds)}")
    if ending not in kind.endings:
        raise Refused(
            f"The name ends in “.{ending[:20]}”, but inside it is {_a(kind.words)} file. Save it again as {kind.words}"
            if ending
            else f"The name must end in “.{kind.endings[0]}”: inside it is {_a(kind.words)} file"
        )
    return kind


def reasons_before_looking(name: str, size: int, most: int = MOST_BYTES) -> list[str]:
    """Why a file need not even be opened. An empty list means that it is looked at."""
    if not name.strip():
        return ["Choose a file"]
    if not size:
        return ["The file is empty. Choose it again"]
    if size > most:
        return [f"The file is too large. It must be {size_words(most)} or smaller"]
    return []


def size_words(size: int) -> str:
    """How large a file is, as people say it: "340 KB", "2.5 MB"."""
    if size < 1024:
        return f"{size} bytes" if size != 1 else "1 byte"
    if size < MEGABYTE:
        return f"{size // 1024} KB"
    return f"{size / MEGABYTE:.1f} MB".replace(".0 ", " ")


def safe_name(name: str, kind: Kind) -> str:
    """The name a file is offered under: its last part, in letters that no system trips over, with its true ending."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    stem = name.rpartition(".")[0] or name
    # Control and direction marks could make "gpj.exe" look like "exe.jpg"; the others mean something to a system.
    kept = "".join(c for c in stem if not unicodedata.category(c).startswith(("C", "Z")) or c == " ")
    kept = "".join("-" if c in '<>:"/|?*%;' else c for c in kept)
    kept = " ".join(kept.split()).strip(". -")[: LONGEST_NAME - 6].rstrip(". -")
    return f"{kept or 'file'}.{kind.endings[0]}"


def _ending(name: str) -> str:
    return name.rpartition(".")[2].strip().lower() if "." in name else ""


def _told_by_content(content: bytes) -> Kind | None:
    try:
        told = {match.mime_type for match in puremagic.magic_string(content)}
    except (puremagic.PureError, ValueError):
        return None
    for kind in (PDF, PNG, JPEG):
        if kind.media_type in told:
            return kind
    return _told_by_parts(content) if content.startswith(b"PK\x03\x04") else None


def _told_by_parts(content: bytes) -> Kind | None:
    """What an office file is stands inside it: every one of them begins as any zip does."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            names = set(parts.namelist())
            if "mimetype" in names and parts.getinfo("mimetype").file_size < 200:
                said = parts.read("mimetype").decode("ascii", "replace").strip()
                return next((kind for kind in (ODT, ODP) if kind.media_type == said), None)
    # encrypted parts are a RuntimeError, unknown ways of compressing a NotImplementedError
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, ValueError, OSError, EOFError):
        return None
    if "[Content_Types].xml" not in names:
        return None
    return DOCX if "word/document.xml" in names else PPTX if "ppt/presentation.xml" in names else None


def drawn_anew(content: bytes) -> bytes:
    """The same picture without anything else that was in its file: no place, no device, nothing hidden behind it.

    Raises `Refused` for one that is damaged, or that would unfold to more than `MOST_PIXELS`.
    """
    kept = io.BytesIO()
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as picture:
            width, height = picture.size
            if width * height > MOST_PIXELS:
                raise Refused(_TOO_MANY_PIXELS)
            form = picture.format
            plain = _plain(ImageOps.exif_transpose(picture), "RGB" if form == "JPEG" else "RGBA")
        plain.save(kept, form, **({"quality": 88} if form == "JPEG" else {}))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused(_TOO_MANY_PIXELS) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, OverflowError, MemoryError):
        raise Refused("The picture is damaged and cannot be opened. Save it again, or take it again") from None
    return kept.getvalue()


def _plain(picture: Image.Image, usual: str) -> Image.Image:
    """The points of the picture and nothing else: Pillow would write comments and profiles into the new file."""
    simple = ("RGB", "L") if usual == "RGB" else ("RGB", "RGBA", "L", "LA")
    if picture.mode not in simple or "transparency" in picture.info:
        picture = picture.convert(usual)
    picture.info = {}
    return picture


def listed(kinds: tuple[Kind, ...]) -> str:
    """The kinds as a sentence names them."""
    if kinds == KINDS:
        return ALLOWED
    *first, last = [kind.words for kind in kinds]
    return f"{', '.join(first)} or {last}" if first else last


def _a(words: str) -> str:
    return f"an {words}" if words.startswith(("O",)) else f"a {words}"
