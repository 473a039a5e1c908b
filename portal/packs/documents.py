"""The booklet of a course for a learner without internet: every date, every handout, and how to reach us."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from portal.documents import markdown, words
from portal.documents.flow import Sheet
from portal.documents.fonts import Weight
from portal.documents.tagging import one_at_a_time
from portal.web.text import phone

_USUAL, _LARGE = 13.5 / 10.5, 18 / 10.5
"""Letters of 13.5 and of 18 points: clear print, and large print as the RNIB asks for it."""
TO_BRING = (
    "this booklet",
    "a pen, and your glasses if you read with them",
    "your portfolio folder, once you have been given it",
    "anything that helps you learn: an overlay, headphones, somebody to sign",
)
CANNOT_COME = (
    "Tell us before the session if you can. Say your name and which session it is. You need not say why.",
    "You will not be in trouble. We will tell you what you missed and how to make it up.",
    "If you are late, come anyway. Ten minutes of a session are better than none.",
)


@dataclass(frozen=True)
class Meeting:
    """One session of the cohort with what is learned in it. Both times are in London."""

    number: int
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    is_for_everybody: bool
    is_cancelled: bool
    aims: tuple[str, ...]
    handout: str

    @property
    def day(self) -> str:
        """`Tuesday 24 November 2026`."""
        return f"{self.starts_at:%A} {words.day(self.starts_at.date())}"

    @property
    def time(self) -> str:
        """`18:00 to 20:00`."""
        return f"{self.starts_at:%H:%M} to {self.ends_at:%H:%M}"

    @property
    def remark(self) -> str:
        """What else is to be known of it, in a few words."""
        return "Cancelled" if self.is_cancelled else "Everybody must do this one" if self.is_for_everybody else ""


@dataclass(frozen=True)
class Booklet:
    """One learner's booklet. `version` is the version of the course that its group follows."""

    learner: str
    scheme: str
    phone: str
    email: str
    course: str
    version: int
    cohort: str
    place: str
    meetings: tuple[Meeting, ...]
    printed_on: date
    is_large: bool = False

    @property
    def title(self) -> str:
        """As the window and the foot of each page say it."""
        return f"Course booklet: {self.learner}"

    @property
    def to_ring(self) -> str:
        """The number to ring, as it is dialled; an e-mail address for a scheme without one."""
        return phone(self.phone) or self.email

    def render(self) -> bytes:
        """A4 pages as a tagged PDF. The same facts give the same bytes."""
        return Booklets(self.title, (self,)).render()


@dataclass(frozen=True)
class Booklets:
    """The booklets of a whole group in one file to print; each begins on a page of its own."""

    title: str
    booklets: tuple[Booklet, ...]

    @one_at_a_time
    def render(self) -> bytes:
        """A4 pages as a tagged PDF. Raises `ValueError` when there is no booklet."""
        first = next(iter(self.booklets), None)
        if first is None:
            raise ValueError("there is no booklet to print")
        scale = _LARGE if first.is_large else _USUAL
        sheet = Sheet(title=self.title, scheme=first.scheme, dated=first.printed_on, scale=scale)
        for booklet in self.booklets:
            if booklet is not first:
                sheet.begin_anew(booklet.title)
            _draw(sheet, booklet)
        return sheet.finish()


def _draw(sheet: Sheet, booklet: Booklet) -> None:
    sheet.heading(booklet.learner, 1)
    sheet.paragraph(f"{booklet.course}, with {booklet.cohort}", weight=Weight.STRONG)
    sheet.paragraph("This booklet has every date of your course and everything that is handed out in it.")
    if booklet.to_ring:
        sheet.paragraph(f"Ring us: {booklet.to_ring}", size=14, weight=Weight.STRONG)
    sheet.paragraph(f"{booklet.scheme}. Printed on {words.day(booklet.printed_on)}, from version {booklet.version}.")
    sheet.heading("If you cannot come")
    if booklet.to_ring:
        sheet.paragraph(f"Ring {booklet.to_ring}.", weight=Weight.STRONG)
    sheet.points(CANNOT_COME)
    sheet.heading("What to bring")
    sheet.points(TO_BRING)
    sheet.heading("Dates and places")
    if booklet.place:
        sheet.paragraph(f"We meet at {booklet.place}, unless another place stands beside the date.")
    _dates(sheet, booklet)
    for each in booklet.meetings:
        if each.aims or each.handout:
            _session(sheet, each)


def _dates(sheet: Sheet, booklet: Booklet) -> None:
    head, shares = ("Session", "When"), (0.52, 0.48)
    rows = []
    for each in booklet.meetings:
        place = each.place if each.place != booklet.place else ""
        when = "; ".join(part for part in (f"{each.day}, {each.time}", place) if part)
        what = f"{each.number}. {each.title}" + (f" ({each.remark})" if each.remark else "")
        rows.append((what, when))
    sheet.table(head, rows, shares)


def _session(sheet: Sheet, each: Meeting) -> None:
    sheet.heading(f"Session {each.number}: {each.title}")
    sheet.paragraph("Cancelled" if each.is_cancelled else f"{each.day}, {each.time}", weight=Weight.STRONG)
    if each.aims:
        sheet.paragraph("By the end you will be able to:")
        sheet.points([markdown.plain(aim) for aim in each.aims])
    if each.handout:
        markdown.draw(sheet, each.handout)
