"""The certificate a new peer mentor is given, and the CV evidence she chooses to show."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from reportlab.lib.colors import Color
from reportlab.lib.pagesizes import A4, landscape

from portal.documents import fonts, letterhead, qr, words
from portal.documents.flow import Sheet
from portal.documents.fonts import Weight
from portal.documents.letterhead import GREEN, INK, QUIET, RED, SLATE
from portal.documents.tagging import TaggedCanvas, one_at_a_time

# Only the awarding organisation issues the regulated award: a scheme must not seem to.
NOT_THE_AWARD = (
    "This certificate records training completed with the scheme named on it. "
    "It is not a regulated qualification: those are awarded, and certificated, by an awarding organisation."
)

_WIDE, _HIGH = landscape(A4)
_MIDDLE = _WIDE / 2
_MEASURE = _WIDE - 190.0  # how wide the words may run
_CEILING, _FLOOR = _HIGH - 98.0, 150.0  # between the mark and the foot
_QR_SIDE = 92.0
_LEADING = 1.22
_SIGNED = ((11.0, 2), (8.5, 3), (6.5, 5), (4.0, 9))  # sizes for a signatory, and the lines each may take
_SCALES = tuple(0.93**n for n in range(20))


class _Piece:
    """Lines that belong together in the middle of the certificate: a heading or a paragraph."""

    def __init__(self, tag: str, text: str, *sizes: float, colour: Color = INK, weight: Weight = Weight.TEXT) -> None:
        self.tag, self.colour, self.weight = tag, colour, weight
        self.size, self.lines = fonts.fit(text, weight, sizes, _MEASURE, most=3)
        self.height = len(self.lines) * self.size * _LEADING


@dataclass(frozen=True)
class Certificate:
    """The certificate of completion of training. Its facts are frozen when it is issued.

    `state` is empty while the certificate is good, else says what became of it: "Withdrawn on 3 May 2027".
    """

    number: str
    check_url: str
    mentor: str
    romanised: str | None
    scheme: str
    course_title: str
    cohort: str
    starts_on: date
    ends_on: date
    hours_attended_minutes: int
    course_minutes: int
    units: tuple[tuple[str, str], ...]
    issued_on: date
    signed_by: str
    state: str = ""

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> "Certificate":
        """The certificate whose facts were frozen: `of(facts())` is the same certificate, to the byte."""
        days = {name: date.fromisoformat(facts[name]) for name in ("starts_on", "ends_on", "issued_on")}
        units = tuple((code, title) for code, title in facts["units"])
        return cls(**{**facts, **days, "units": units})

    def facts(self) -> dict[str, Any]:
        """The facts as JSON keeps them."""
        return {name: fact.isoformat() if isinstance(fact, date) else fact for name, fact in vars(self).items()}

    @one_at_a_time
    def render(self) -> bytes:
        """One landscape A4 page as a tagged PDF. The same facts give the same bytes."""
        title = f"Certificate of completion of training: {self.mentor} ({self.number})"
        canvas = TaggedCanvas(title=title, author=self.scheme, dated=self.issued_on, pagesize=(_WIDE, _HIGH))
        letterhead.frame(canvas, inset=17, weight=5, colour=SLATE)
        letterhead.mark(canvas, centre=_MIDDLE, y=_HIGH - 84, width=82)
        self._draw_middle(canvas)
        self._draw_signature(canvas)
        self._draw_check(canvas)
        _draw_centred(canvas, _Piece("P", NOT_THE_AWARD, 7.5, colour=QUIET), 53)
        return canvas.finish()

    def _draw_middle(self, canvas: TaggedCanvas) -> None:
        """Who did what: set smaller, when the facts are long, until it fits between the mark and the foot."""
        for scale in _SCALES:
            pieces, units = self._pieces(scale), _Units(self.units, scale)
            free = _CEILING - _FLOOR - sum(piece.height for piece in pieces) - units.height
            if free >= 0:
                break
        # What is left over goes between the pieces, so that a short certificate is not a crowd above a void.
        gap = min(max(0.0, free) / (len(pieces) + 2), 9.0)
        y = _CEILING - max(0.0, free - gap * len(pieces)) * 0.35
        for piece in pieces:
            y = _draw_centred(canvas, piece, y) - gap
        units.draw(canvas, y)

    def _pieces(self, scale: float) -> list[_Piece]:
        name, beneath = fonts.as_printed(self.mentor, self.romanised)
        when = words.days(self.starts_on, self.ends_on)
        attended = words.hours_of(self.hours_attended_minutes, self.course_minutes)
        strong = Weight.STRONG

        def sizes(*points: float) -> tuple[float, ...]:
            return tuple(each * scale for each in points)

        pieces = [
            _Piece("H1", "Certificate of completion of training", *sizes(31), colour=SLATE, weight=strong),
            _Piece("P", "This certifies that", *sizes(13)),
            _Piece("H2", name, *sizes(36, 30, 26, 22, 18), weight=strong),
            _Piece("P", f"completed the training course of {self.scheme}", *sizes(13, 11)),
            _Piece("P", self.course_title, *sizes(19, 16, 14), colour=GREEN, weight=strong),
            _Piece("P", f"{self.cohort} · {when} · {attended} attended", *sizes(12, 10)),
        ]
        if beneath:
            pieces.insert(3, _Piece("P", beneath, *sizes(14, 12), colour=QUIET))
        if self.state:
            pieces.insert(0, _Piece("P", self.state, *sizes(15, 12), colour=RED, weight=strong))
        return pieces

    def _draw_check(self, canvas: TaggedCanvas) -> None:
        left, foot = 38.0, 52.0
        alt = f"QR code that leads to the page where this certificate can be checked: {self.check_url}"
        qr.draw(canvas, self.check_url, x=left, y=foot, side=_QR_SIDE, colour=INK, alt=alt)
        x, y = left + _QR_SIDE + 2, foot + 62.0
        with canvas.marked("P"):
            canvas.say("Certificate number", x, y, size=8.5, colour=QUIET, more=True)
            canvas.say(self.number, x, y - 14, size=12, colour=INK, weight=Weight.STRONG)
        with canvas.marked("P"):
            canvas.say("Check that it is valid:", x, y - 33, size=8.5, colour=QUIET)
        seen = fonts.wrap(self.check_url.removeprefix("https://"), Weight.TEXT, 8.5, 215)
        with canvas.element("P"), canvas.element("Link"):
            with canvas.content():
                for n, line in enumerate(seen[:2]):
                    canvas.say(line, x, y - 45 - 10 * n, size=8.5, colour=GREEN)
            canvas.link(self.check_url, "Check this certificate", (x, y - 48 - 10 * len(seen[1:2]), x + 215, y - 37))

    def _draw_signature(self, canvas: TaggedCanvas) -> None:
        right, wide, y = _WIDE - 56.0, 215.0, 122.0
        left = right - wide
        for size, most in _SIGNED:
            lines = fonts.wrap(self.signed_by, Weight.STRONG, size, wide)
            if len(lines) <= most:
                break
        letterhead.rule(canvas, left, y, wide, colour=SLATE, weight=0.8)
        y -= 3
        with canvas.marked("P"):
            for n, line in enumerate(lines, start=1):
                y -= size * _LEADING
                more = n < len(lines)
                canvas.say(line, left, y, size=size, colour=INK, weight=Weight.STRONG, more=more)
        with canvas.marked("P"):
            canvas.say(f"Issued on {words.day(self.issued_on)}", left, y - 15, size=9, colour=QUIET)


def _draw_centred(canvas: TaggedCanvas, piece: _Piece, y: float) -> float:
    """Draw a piece with its top at y; gives the y beneath it."""
    with canvas.marked(piece.tag):
        for n, line in enumerate(piece.lines, start=1):
            y -= piece.size * _LEADING
            canvas.say(
                line,
                _MIDDLE,
                y + piece.size * 0.28,
                size=piece.size,
                colour=piece.colour,
                weight=piece.weight,
                align=0.5,
                more=n < len(piece.lines),
            )
    return y


class _Units:
    """The units studied, code and title, in two columns that stand in the middle of the page."""

    def __init__(self, units: tuple[tuple[str, str], ...], scale: float) -> None:
        self._size, self._line = 10.5 * scale, 16.0 * scale
        self._rows = [units[n : n + 2] for n in range(0, len(units), 2)]
        self._codes = max((self._wide(code, Weight.STRONG) for code, _ in units), default=0.0) + 7
        titles = max((self._wide(title, Weight.TEXT) for _, title in units), default=0.0)
        self._titles = min(titles, (_MEASURE - 30) / 2 - self._codes)
        self.height = len(self._rows) * self._line + (8 * scale if units else 0)

    def _wide(self, text: str, weight: Weight) -> float:
        return fonts.set_line(text, weight).width(self._size)

    def draw(self, canvas: TaggedCanvas, y: float) -> None:
        """Draw the list with its top at y."""
        if not self._rows:
            return
        column = self._codes + self._titles + 30
        left = _MIDDLE - (len(self._rows[0]) * column - 30) / 2
        with canvas.element("L", attributes="/O/List/ListNumbering/Decimal"):
            for row in self._rows:
                y -= self._line
                for n, (code, title) in enumerate(row):
                    x = left + n * column
                    with canvas.element("LI"):
                        with canvas.marked("Lbl"):
                            canvas.say(code, x, y, size=self._size, colour=GREEN, weight=Weight.STRONG)
                        # A long title takes a smaller letter: a second line would run into the next unit.
                        size = self._size * min(1.0, self._titles / max(1.0, self._wide(title, Weight.TEXT)))
                        with canvas.marked("LBody"):
                            canvas.say(title, x + self._codes, y, size=size, colour=INK)


@dataclass(frozen=True)
class Skill:
    """Something a mentor can do, and the sentence that shows it."""

    name: str
    evidence_sentence: str


@dataclass(frozen=True)
class CvEvidence:
    """What a mentor may show an employer: only what she ticked.

    A field that is None or empty was not chosen and leaves no trace. There is no field for checks,
    disclosures or the people she supports, so none of them can be printed.
    """

    mentor: str
    romanised: str | None
    scheme: str
    prepared_on: date
    contact: str | None = None
    hours_minutes: int | None = None
    attendance_percent: int | None = None
    sessions_attended: int | None = None
    units: tuple[tuple[str, str], ...] = ()
    skills: tuple[Skill, ...] = ()
    roles: tuple[str, ...] = ()
    dates: tuple[tuple[str, date, date | None], ...] = ()
    certificate_number: str | None = None
    check_url: str | None = None
    own_words: str | None = None
    strengths: str | None = None

    @one_at_a_time
    def render(self) -> bytes:
        """Portrait A4 pages as a tagged PDF. The same facts give the same bytes."""
        name, beneath = fonts.as_printed(self.mentor, self.romanised)
        sheet = Sheet(title=f"CV evidence: {self.mentor}", scheme=self.scheme, dated=self.prepared_on)
        sheet.heading(name, level=1)
        if beneath:
            sheet.paragraph(beneath, size=12, colour=QUIET)
        sheet.paragraph(f"Evidence of training and volunteering with {self.scheme}", size=12, colour=QUIET)
        if self.contact:
            sheet.paragraph(self.contact)
        if self.own_words:
            sheet.heading("In my own words")
            for each in filter(None, (part.strip() for part in self.own_words.split("\n"))):
                sheet.paragraph(each)
        if self.strengths:
            sheet.heading("What others saw")
            for each in filter(None, (part.strip() for part in self.strengths.split("\n"))):
                sheet.paragraph(each)
        self._say_figures(sheet)
        if self.units:
            sheet.heading("Units studied")
            sheet.table(("Unit", "Title"), self.units, (0.18, 0.82))
        if self.skills:
            sheet.heading("Skills, with evidence")
            for skill in self.skills:
                sheet.heading(skill.name, level=3)
                sheet.paragraph(skill.evidence_sentence)
        if self.roles:
            sheet.heading("Roles")
            sheet.points(self.roles)
        if self.dates:
            sheet.heading("Dates")
            sheet.table(("What", "From", "To"), [_dated_row(*each) for each in self.dates], (0.5, 0.25, 0.25))
        self._say_certificate(sheet)
        sheet.paragraph(
            f"Prepared on {words.day(self.prepared_on)} for the mentor, who chose what is shown.",
            size=9,
            colour=QUIET,
        )
        return sheet.finish()

    def _say_figures(self, sheet: Sheet) -> None:
        figures = []
        if self.hours_minutes is not None:
            figures.append(("Training hours attended", words.hours(self.hours_minutes)))
        if self.attendance_percent is not None:
            figures.append(("Attendance", f"{self.attendance_percent}%"))
        if self.sessions_attended is not None:
            figures.append(("Sessions attended", str(self.sessions_attended)))
        if figures:
            sheet.heading("Training")
            sheet.facts(figures)

    def _say_certificate(self, sheet: Sheet) -> None:
        if not self.certificate_number:
            return
        sheet.heading("Certificate of completion of training")
        sheet.facts([("Certificate number", self.certificate_number)])
        if self.check_url:
            sheet.link(f"Check that it is valid: {self.check_url.removeprefix('https://')}", self.check_url)
        sheet.paragraph(NOT_THE_AWARD, size=9, colour=QUIET)


def _dated_row(what: str, start: date, end: date | None) -> tuple[str, str, str]:
    return what, words.day(start), words.day(end) if end else "now"
