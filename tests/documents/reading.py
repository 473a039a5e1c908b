"""A PDF read back: its text, its tree of tags, and where its letters lie."""

import io
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader


def opened(pdf: bytes) -> PdfReader:
    """The file, refused when it is not quite right."""
    return PdfReader(io.BytesIO(pdf), strict=True)


def text(pdf: bytes) -> str:
    """All its words, line breaks taken for spaces."""
    return " ".join(" ".join(page.extract_text() for page in opened(pdf).pages).split())


def nodes(pdf: bytes) -> Iterator[Any]:
    """Every node of the tree, in reading order."""
    yield from _below(opened(pdf).root_object["/StructTreeRoot"])


def tags(pdf: bytes) -> list[str]:
    """The tags in reading order."""
    return [node["/S"][1:] for node in nodes(pdf)]


def _below(node: Any) -> Iterator[Any]:
    for kid in (each.get_object() for each in node.get("/K", [])):
        if "/S" in kid:
            yield kid
            yield from _below(kid)


def marks(node: Any) -> list[Any]:
    """The stretches of page that belong to a node itself."""
    kids = (kid.get_object() for kid in node["/K"])
    return [kid for kid in kids if kid.get("/Type") == "/MCR"]


def held_by(pdf: bytes) -> dict[tuple[int, int], str]:
    """The tag each mark leads back to by way of the page's key and the mark's number, as a reader does."""
    root = opened(pdf).root_object["/StructTreeRoot"]
    numbers = root["/ParentTree"]["/Nums"]
    owners = dict(zip(numbers[::2], numbers[1::2], strict=True))
    held = {}
    for page_number, page in enumerate(opened(pdf).pages):
        for mark, owner in enumerate(owners[page["/StructParents"]].get_object()):
            held[page_number, mark] = owner.get_object()["/S"][1:]
    return held
