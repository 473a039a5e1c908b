"""PDFs that a screen reader can read: the structure tree is written in the same pass as the page.

reportlab knows pages but not tags, so this canvas marks what is drawn and adds the tree, the language, the
title and the claim of conformance (PDF/UA-1, ISO 14289-1) as objects of reportlab's own document: the file is
written once and never parsed again.
"""

import io
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import wraps
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from reportlab import rl_config
from reportlab.lib.colors import Color
from reportlab.lib.rl_accel import escapePDF
from reportlab.pdfbase.pdfdoc import (
    PDFArray,
    PDFDictionary,
    PDFName,
    PDFObject,
    PDFObjectReference,
    PDFStream,
    PDFString,
)
from reportlab.pdfgen.canvas import Canvas

from portal.documents import fonts
from portal.documents.fonts import Line, Weight

rl_config.useA85 = 0  # armour for seven-bit mail makes pages larger and slower
# reportlab keeps which letters a document uses in the font itself, which all threads share: two threads that draw at
# the same moment lose each other's letters, or embed a font twice.
_drawing = threading.RLock()


def one_at_a_time(render: Callable[[Any], bytes]) -> Callable[[Any], bytes]:
    """Let a document be drawn from its first letter to its last before another thread draws."""

    @wraps(render)
    def alone(document: Any) -> bytes:
        with _drawing:
            return render(document)

    return alone


_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>
"""


class _Mark(NamedTuple):
    """A stretch of a page that belongs to a node."""

    page: int
    number: int

    def said(self, document: Any) -> str:
        return f"<</Type/MCR/Pg {_page(document, self.page)}/MCID {self.number}>>"


class _Annotation(NamedTuple):
    """A link's clickable area, which a node holds beside its words."""

    page: int
    area: PDFDictionary

    def said(self, document: Any) -> str:
        return f"<</Type/OBJR/Pg {_page(document, self.page)}/Obj {_refer(document, self.area)}>>"


class Element(PDFObject):
    """One node of the structure tree: a heading, a paragraph, a table cell, a picture."""

    __RefOnly__ = 1

    def __init__(self, tag: str, parent: PDFObject, *, alt: str | None = None, attributes: str = "") -> None:
        self.tag, self.parent, self.alt, self.attributes = tag, parent, alt, attributes
        self.kids: list[Element | _Mark | _Annotation] = []
        self._heard = ""
        self._differs = False

    def hear(self, line: Line, *, more: bool) -> None:
        """Remember the words as they are read, for when the letters drawn are not those."""
        self._differs |= line.spoken is not None
        self._heard += (line.spoken or "".join(run.letters for run in line.runs)) + " " * more

    def format(self, document: Any) -> bytes:
        """The node as PDF writes it."""
        parts = [f"/Type/StructElem/S/{self.tag}/P {_refer(document, self.parent)}"]
        if self.alt is not None:
            parts.append(f"/Alt{_text(self.alt)}")
        if self._differs:
            parts.append(f"/ActualText{_text(self._heard)}")
        if self.attributes:
            parts.append(f"/A<<{self.attributes}>>")
        kids = (_refer(document, kid) if isinstance(kid, Element) else kid.said(document) for kid in self.kids)
        return f"<<{''.join(parts)}/K[{' '.join(kids)}]>>".encode("ascii")


class _Tree(PDFObject):
    """The root, with the list that leads from marked content back to its node."""

    __RefOnly__ = 1

    def __init__(self) -> None:
        self.document = Element("Document", self)
        self.parents: list[Element | list[Element]] = []

    def format(self, document: Any) -> bytes:
        """The root as PDF writes it."""
        numbers = []
        for key, owner in enumerate(self.parents):
            if isinstance(owner, Element):
                numbers.append(f"{key} {_refer(document, owner)}")
            else:
                numbers.append(f"{key}[{' '.join(_refer(document, each) for each in owner)}]")
        return (
            f"<</Type/StructTreeRoot/K[{_refer(document, self.document)}]"
            f"/ParentTreeNextKey {len(self.parents)}/ParentTree<</Nums[{' '.join(numbers)}]>>>>"
        ).encode("ascii")


class TaggedCanvas(Canvas):
    """A reportlab canvas on which everything drawn is either content with a tag or page furniture."""

    # reportlab's own, which its type stubs leave out
    _doc: Any
    _code: list[str]
    _pagesize: tuple[float, float]
    _addAnnotation: Callable[[PDFDictionary], None]  # noqa: N815

    def __init__(
        self, *, title: str, author: str, dated: date, pagesize: tuple[float, float], language: str = "en-GB"
    ) -> None:
        fonts.register()
        super().__init__(
            io.BytesIO(),
            pagesize=pagesize,
            pageCompression=1,
            invariant=1,  # the same facts give the same bytes
            pdfVersion=(1, 7),
            lang=language,
            initialFontName=Weight.TEXT.latin,  # type: ignore[arg-type] # the stub says float
        )
        self._tree = _Tree()
        self._path = [self._tree.document]
        self._start_marks()
        title, author = fonts.clean(title), fonts.clean(author)
        self.setTitle(title)
        self.setAuthor(author)
        self.setSubject(title)
        self.setCreator("Alongside")
        self.setDateFormatter(lambda *_: f"D:{dated:%Y%m%d}000000Z")
        self.setViewerPreference("DisplayDocTitle", "true")
        catalog = self._doc.Catalog
        catalog.StructTreeRoot = self._tree
        catalog.MarkInfo = PDFDictionary({"Marked": "true"})
        xmp = _XMP.format(title=escape(title), author=escape(author), language=language)
        about = PDFDictionary({"Type": PDFName("Metadata"), "Subtype": PDFName("XML")})
        catalog.Metadata = PDFStream(about, xmp.encode())

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the page in points."""
        width, height = self._pagesize
        return width, height

    @contextmanager
    def element(self, tag: str, *, alt: str | None = None, attributes: str = "") -> Iterator[Element]:
        """Open a node of the tree; what is opened inside becomes its children."""
        node = Element(tag, self._path[-1], alt=alt, attributes=attributes)
        self._path[-1].kids.append(node)
        self._path.append(node)
        yield node
        self._path.pop()

    @contextmanager
    def content(self) -> Iterator[None]:
        """What is drawn inside belongs to the node that is open; call it again after a page break."""
        node, number = self._path[-1], len(self._marks)
        node.kids.append(_Mark(self.getPageNumber(), number))
        self._marks.append(node)
        self.write(f"/{node.tag} <</MCID {number}>> BDC")
        yield
        self.write("EMC")

    @contextmanager
    def marked(self, tag: str, *, alt: str | None = None, attributes: str = "") -> Iterator[None]:
        """A node and its content in one."""
        with self.element(tag, alt=alt, attributes=attributes), self.content():
            yield

    @contextmanager
    def figure(self, alt: str, box: tuple[float, float, float, float]) -> Iterator[None]:
        """A picture, with the words for who cannot see it and the box it fills."""
        corners = " ".join(f"{corner:.2f}" for corner in box)
        with self.marked("Figure", alt=alt, attributes=f"/O/Layout/Placement/Block/BBox[{corners}]"):
            yield

    @contextmanager
    def furniture(self) -> Iterator[None]:
        """Rules, frames, page numbers: seen, never read aloud."""
        self.write("/Artifact BMC")
        path, self._path = self._path, []
        yield
        self._path = path
        self.write("EMC")

    def write(self, *operators: str) -> None:
        """Write page operators as they are."""
        self._code.extend(operators)

    def say(
        self,
        text: str,
        x: float,
        y: float,
        *,
        size: float,
        colour: Color,
        weight: Weight = Weight.TEXT,
        align: float = 0,
        more: bool = False,
    ) -> float:
        """Draw one line with its baseline at y and give its width.

        `align` is how much of it lies left of x (0, ½ or 1). `more` says that the same sentence goes on
        below, so that a reader hears a space between the lines.
        """
        line = fonts.set_line(text, weight)
        width = line.width(size)
        x -= width * align
        if self._path:  # no node is open while furniture is drawn
            self._path[-1].hear(line, more=more)
        if more:
            line = fonts.followed_by_space(line)
        self.setFillColor(colour)
        for right, name, letters in line.strokes(size):
            font = fonts.register()[name]
            shown = [
                f"{font.getSubsetInternalName(subset, self._doc)} {size:.4g} Tf ({escapePDF(codes)}) Tj"
                for subset, codes in font.splitString(letters, self._doc)
            ]
            self.write(f"BT 1 0 0 1 {x + right:.2f} {y:.2f} Tm {' '.join(shown)} ET")
        return width

    def link(self, url: str, alt: str, box: tuple[float, float, float, float]) -> None:
        """Make a box of the page lead to a web address; call it inside an open `Link` element."""
        area = PDFDictionary(
            {
                "Type": PDFName("Annot"),
                "Subtype": PDFName("Link"),
                "Rect": PDFArray(box),
                "Border": PDFArray([0, 0, 0]),
                "F": 4,  # printed with the page
                "Contents": _text(alt),
                "StructParent": len(self._tree.parents),
                "A": PDFDictionary({"S": PDFName("URI"), "URI": PDFString(url)}),
            }
        )
        node = self._path[-1]
        node.kids.append(_Annotation(self.getPageNumber(), area))
        self._tree.parents.append(node)
        self._addAnnotation(area)

    def showPage(self) -> None:  # noqa: N802 - reportlab's name
        """End the page: tie it to the tree, and let the Tab key follow the tree."""
        super().showPage()
        page = self._doc.Pages.pages[-1]
        page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
        page.StructParents = self._key
        page.Tabs = PDFName("S")
        self._start_marks()

    def finish(self) -> bytes:
        """The whole file."""
        self.showPage()
        with _drawing:
            return bytes(self._doc.GetPDFData(self))

    def _start_marks(self) -> None:
        self._key = len(self._tree.parents)
        self._marks: list[Element] = []
        self._tree.parents.append(self._marks)


def _text(words: str) -> str:
    return f"<FEFF{words.encode('utf-16-be').hex().upper()}>"


def _refer(document: Any, thing: PDFObject) -> str:
    reference: bytes = document.Reference(thing).format(document)
    return reference.decode("ascii")


def _page(document: Any, number: int) -> str:
    reference: bytes = PDFObjectReference(f"Page{number}").format(document)
    return reference.decode("ascii")
