"""Portrait pages under our letterhead, down which headings, paragraphs, lists and tables flow."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import accumulate

from reportlab.lib.colors import Color
from reportlab.lib.pagesizes import A4

from portal.documents import fonts, letterhead
from portal.documents.fonts import Weight
from portal.documents.letterhead import GREEN, INK, QUIET, SLATE, TINT
from portal.documents.tagging import TaggedCanvas

LEFT, RIGHT = 62.0, A4[0] - 62.0
WIDTH = RIGHT - LEFT
_TOP, _FOOT = A4[1] - 62.0, 84.0
_LEADING = 1.45
_PAD = 6.0
_CELL = 9.5  # a table's letters are a little smaller than a paragraph's
_TALLEST = 40
_HEADINGS = {1: (25.0, SLATE, 0.0, 8.0), 2: (14.5, SLATE, 20.0, 7.0), 3: (11.0, INK, 9.0, 2.0)}

Cells = list[list[str]]
Rich = tuple[tuple[str, Weight], ...]
"""A line, or a word, whose parts are of different weights; a part that ends in a space is followed by one."""


class Sheet:
    """Words in, pages out. `y` is where the next thing's top will be, in points from the foot of the page.

    `scale` makes every letter larger, for large print: 1 is for a paragraph of 10.5 points. What `is_filled_in` with
    a pen has its air in the boxes: less of it above headings, and pages used down to their foot.
    """

    def __init__(self, *, title: str, scheme: str, dated: date, scale: float = 1.0, is_filled_in: bool = False) -> None:
        self.canvas = TaggedCanvas(title=title, author=scheme, dated=dated, pagesize=A4)
        self._title, self._scheme = title, scheme
        self._pages = 0
        self.scale = scale
        self._foot, self._top, self._air = (57.0, _TOP - 2, 0.55) if is_filled_in else (_FOOT, _TOP - 10, 1.0)
        self._cell_size = _CELL if scale == 1 else 10.5 * scale  # large print is large in tables too
        self._begin_page()

    def begin_anew(self, title: str) -> None:
        """A new page for somebody else's copy: its pages are counted from 1, under a title of its own."""
        self.canvas.showPage()
        self._title, self._pages = title, 0
        self._begin_page()

    def heading(self, text: str, level: int = 2) -> None:
        """A heading; it never stands alone at the foot of a page."""
        size, colour, above, below = _HEADINGS[level]
        # A heading grows less than the text: at twice its size a line would hold three words.
        size *= max(1.0, (1 + self.scale) / 2) if level == 1 else self.scale
        lines = fonts.wrap(text, Weight.STRONG, size, WIDTH)
        if self.y < _TOP - 1:
            self.y -= above * self._air
        self.need(len(lines) * size * 1.2 + below + 60)
        with self.canvas.element(f"H{level}"):
            self._lines(lines, size=size, colour=colour, weight=Weight.STRONG, leading=1.2)
        self.y -= below * self._air

    def paragraph(self, text: str, *, size: float = 10.5, colour: Color = INK, weight: Weight = Weight.TEXT) -> None:
        """A paragraph, which may run on to the next page."""
        size *= self.scale
        with self.canvas.element("P"):
            self._lines(fonts.wrap(text, weight, size, WIDTH), size=size, colour=colour, weight=weight)
        self.y -= 4 * self.scale

    def link(self, text: str, url: str, *, size: float = 10.5) -> None:
        """A paragraph that leads to a web address."""
        size *= self.scale
        lines = fonts.wrap(text, Weight.TEXT, size, WIDTH)
        self.need(len(lines) * size * _LEADING)
        top = self.y
        with self.canvas.element("P"), self.canvas.element("Link"):
            self._lines(lines, size=size, colour=GREEN)
            self.canvas.link(url, text, (LEFT, self.y, RIGHT, top))
        self.y -= 4

    def points(self, points: Sequence[str], *, size: float = 10.5) -> None:
        """A list with a dot before each point."""
        size *= self.scale
        with self.canvas.element("L", attributes="/O/List/ListNumbering/Disc"):
            for point in points:
                self.need(size * _LEADING)
                with self.canvas.element("LI"):
                    with self.canvas.marked("Lbl"):
                        self.canvas.say("•", LEFT, self._baseline(size), size=size, colour=GREEN, weight=Weight.STRONG)
                    with self.canvas.element("LBody"):
                        lines = fonts.wrap(point, Weight.TEXT, size, WIDTH - 14 * self.scale)
                        self._lines(lines, size=size, colour=INK, left=LEFT + 14 * self.scale)
        self.y -= 4

    def facts(self, rows: Sequence[tuple[str, str]], *, share: float = 0.34) -> None:
        """A table of what is known, each row headed by its name."""
        shares = (share, 1 - share)
        with self.canvas.element("Table"):
            for row in rows:
                for cells in self._cells(row, shares, heads=1):
                    self.need(self._height(cells))
                    self._row(cells, shares, heads=1)
        self.y -= 6

    def table(
        self, head: Sequence[str], rows: Sequence[Sequence[str]], shares: Sequence[float], *, row: float = 0.0
    ) -> None:
        """A table under a row of column heads, which is drawn again on each page and read once.

        Give `row`, the least height of a row in points, for a table to be filled in with a pen: it is then ruled.
        """
        heads = next(self._cells(head, shares, heads=len(head)))
        with self.canvas.element("Table"):
            self.need(self._height(heads) + 60)
            self._row(heads, shares, heads=len(head))
            for each in rows:
                for cells in self._cells(each, shares, heads=0):
                    if self.need(max(self._height(cells), row)):
                        with self.canvas.furniture():
                            self._head_again(heads, shares)
                    self._row(cells, shares, heads=0, least=row)
        self.y -= 6

    def rich(self, words: Sequence[Rich], *, size: float = 10.5, left: float = 0.0) -> None:
        """Words of several weights as lines of the open node, `left` points in from the margin at scale 1."""
        size, left = size * self.scale, left * self.scale
        lines = fonts.wrap_rich(words, size, WIDTH - left)
        self._lines(lines, size=size, colour=INK, left=LEFT + left)

    def bullet(self, label: str, *, size: float = 10.5, left: float = 0.0) -> None:
        """What stands before a point of a list, on the line that comes next; with room for that line."""
        size = size * self.scale
        self.need(size * _LEADING)
        with self.canvas.marked("Lbl"):
            at = LEFT + left * self.scale
            self.canvas.say(label, at, self._baseline(size), size=size, colour=GREEN, weight=Weight.STRONG)

    def space(self, points: float) -> None:
        """Leave this much free, at scale 1."""
        self.y -= points * self.scale

    def new_page(self) -> None:
        """Whatever comes next stands on a page of its own."""
        self.canvas.showPage()
        self._begin_page()

    def need(self, height: float) -> bool:
        """Start a new page unless this much is left on this one; says whether it did."""
        if self.y - height >= self._foot or self.y >= _TOP - 1:
            return False
        self.new_page()
        return True

    def finish(self) -> bytes:
        """The whole file."""
        return self.canvas.finish()

    def _lines(
        self,
        lines: Sequence[str | Rich],
        *,
        size: float,
        colour: Color,
        weight: Weight = Weight.TEXT,
        leading: float = _LEADING,
        left: float = LEFT,
    ) -> None:
        """Draw lines into the open node; a line that starts a page is marked on that page."""
        waiting = list(lines)
        while waiting:
            self.need(size * leading)
            room = max(1, int((self.y - self._foot) / (size * leading)))
            here, waiting = waiting[:room], waiting[room:]
            with self.canvas.content():
                for n, line in enumerate(here, start=1):
                    at, more = self._baseline(size, leading), bool(here[n:] or waiting)
                    if isinstance(line, str):
                        self.canvas.say(line, left, at, size=size, colour=colour, weight=weight, more=more)
                    else:
                        self._say_rich(line, left, at, size=size, colour=colour, more=more)
                    self.y -= size * leading

    def _say_rich(self, line: Rich, x: float, y: float, *, size: float, colour: Color, more: bool) -> None:
        for n, (words, weight) in enumerate(line, start=1):
            is_followed = words.endswith(" ") or (more and n == len(line))
            x += self.canvas.say(words, x, y, size=size, colour=colour, weight=weight, more=is_followed)
            x += fonts.space(size) if words.endswith(" ") else 0

    def _baseline(self, size: float, leading: float = _LEADING) -> float:
        return self.y - size * (leading + 0.72) / 2

    def _row(self, cells: Cells, shares: Sequence[float], *, heads: int, least: float = 0.0) -> None:
        """One row; the first `heads` cells are headings: of columns if all are, else of the row."""
        all_heads = heads == len(cells)
        if all_heads:
            with self.canvas.furniture():
                self._shade(cells)
        scope = f"/O/Table/Scope/{'Column' if all_heads else 'Row'}"
        with self.canvas.element("TR"):
            for column, (lines, x) in enumerate(zip(cells, _lefts(shares), strict=True)):
                is_head = column < heads
                with self.canvas.marked("TH" if is_head else "TD", attributes=scope if is_head else ""):
                    self._cell(lines, x, is_head=is_head)
        top = self.y
        self.y -= max(self._height(cells), least)
        letterhead.rule(self.canvas, LEFT, self.y, WIDTH)
        if least:
            with self.canvas.furniture():
                for x in (*_lefts(shares), RIGHT):
                    self.canvas.line(x, top, x, self.y)

    def _head_again(self, cells: Cells, shares: Sequence[float]) -> None:
        self._shade(cells)
        for lines, x in zip(cells, _lefts(shares), strict=True):
            self._cell(lines, x, is_head=True)
        self.y -= self._height(cells)

    def _shade(self, cells: Cells) -> None:
        self.canvas.setFillColor(TINT)
        self.canvas.rect(LEFT, self.y - self._height(cells), WIDTH, self._height(cells), stroke=0, fill=1)

    def _cells(self, row: Sequence[str], shares: Sequence[float], heads: int) -> Iterator[Cells]:
        """The row's words wrapped to its columns; a row taller than a page comes in several parts."""
        size, tallest = self._cell_size, int(_TALLEST / self.scale)
        wrapped = [
            fonts.wrap(words, Weight.STRONG if n < heads else Weight.TEXT, size, share * WIDTH - 2 * _PAD)
            for n, (words, share) in enumerate(zip(row, shares, strict=True))
        ]
        for first in range(0, max(map(len, wrapped)), tallest):
            yield [lines[first : first + tallest] for lines in wrapped]

    def _height(self, cells: Cells) -> float:
        return max(map(len, cells)) * self._cell_size * 1.35 + 2 * _PAD

    def _cell(self, lines: Sequence[str], x: float, *, is_head: bool) -> None:
        size = self._cell_size
        y = self.y - _PAD - size * 1.02
        for n, line in enumerate(lines, start=1):
            colour, weight = (SLATE, Weight.STRONG) if is_head else (INK, Weight.TEXT)
            self.canvas.say(line, x + _PAD, y, size=size, colour=colour, weight=weight, more=n < len(lines))
            y -= size * 1.35

    def _begin_page(self) -> None:
        self._pages += 1
        canvas = self.canvas
        letterhead.mark(canvas, centre=LEFT + 17, y=A4[1] - 46, width=34, alt=None)
        foot = 52
        letterhead.rule(canvas, LEFT, foot, WIDTH)
        with canvas.furniture():
            small = 8.5 * self.scale
            scheme, title = (
                fonts.wrap(words, Weight.TEXT, small, WIDTH * 0.62)[0] for words in (self._scheme, self._title)
            )
            canvas.say(scheme, RIGHT, A4[1] - 45, size=small + 0.5, colour=QUIET, align=1)
            canvas.say(title, LEFT, foot - 5.5 - small, size=small, colour=QUIET)
            canvas.say(f"Page {self._pages}", RIGHT, foot - 5.5 - small, size=small, colour=QUIET, align=1)
        self.y = self._top


def _lefts(shares: Sequence[float]) -> Iterator[float]:
    return (LEFT + WIDTH * before for before in accumulate(shares[:-1], initial=0.0))
