"""Files as people give them to us, good and bad, made here so that each holds what its test is about."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

import pikepdf
from PIL import Image

W = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
P = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
TYPES = '<Types><Override PartName="/x" ContentType="{}"/></Types>'
RELATION = '<Relationships><Relationship Id="r1" Type="http://x/{}" Target="{}" TargetMode="External"/></Relationships>'


def pdf(change: Callable[[pikepdf.Pdf], None] | None = None, **save: object) -> bytes:
    """One empty page, with something done to it."""
    whole = pikepdf.new()
    whole.add_blank_page()
    if change:
        change(whole)
    kept = io.BytesIO()
    whole.save(kept, **({"static_id": True} | save))
    return kept.getvalue()


def zipped(parts: Mapping[str, str | bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these parts, in their order."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", how) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return kept.getvalue()


def docx(**parts: str | bytes) -> bytes:
    """A Word file; `parts` are more of its parts, `/` written as `__`."""
    more = {name.replace("__", "/"): content for name, content in parts.items()}
    return zipped({"[Content_Types].xml": TYPES.format(W), "word/document.xml": "<document/>"} | more)


def pptx() -> bytes:
    """A PowerPoint file."""
    return zipped({"[Content_Types].xml": TYPES.format(P), "ppt/presentation.xml": "<presentation/>"})


def odf(kind: str = "text", **parts: str | bytes) -> bytes:
    """An OpenDocument file; `parts` as for `docx`."""
    more = {name.replace("__", "/"): content for name, content in parts.items()}
    said = {"mimetype": f"application/vnd.oasis.opendocument.{kind}", "content.xml": "<office:document-content/>"}
    return zipped(said | more)


def picture(form: str = "PNG", size: tuple[int, int] = (40, 20), mode: str = "RGB", **save: object) -> bytes:
    """A picture of one colour."""
    kept = io.BytesIO()
    Image.new(mode, size).save(kept, form, **save)
    return kept.getvalue()
