"""The register on paper, for a night without internet; typed in later."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.documents.flow import Sheet
from portal.documents.tagging import one_at_a_time

HEAD = ("Name", "Present", "Late: minutes", "Told us", "Did not tell us", "Left early: minutes", "Signed")
SHARES = (0.28, 0.1, 0.1, 0.1, 0.12, 0.12, 0.18)
ROW = 26.0  # points: room for a pen
SPARE_ROWS = 3
HOW = (
    "Put one cross in each row. Write minutes where they are asked for. Do not write why somebody is away: "
    "that is typed in later. Tonight's roll-call: everybody with a cross under Present or Late."
)
KEEP = "Type this register in as soon as you can, then shred it. A lost sheet is told to the coordinator the same day."


@dataclass(frozen=True)
class Page:
    """One session. `names` are those expected, in the order of the register."""

    cohort: str
    number: int
    title: str
    when: str
    where: str
    trainers: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class PaperRegister:
    """Registers to be filled in with a pen, a session a page and more when the group is large."""

    scheme: str
    title: str
    printed_on: date
    pages: tuple[Page, ...]

    @one_at_a_time
    def render(self) -> bytes:
        """A tagged PDF."""
        sheet = Sheet(title=self.title, scheme=self.scheme, dated=self.printed_on)
        for n, each in enumerate(self.pages):
            if n:
                sheet.new_page()
            _session(sheet, each)
        return sheet.finish()


def _session(sheet: Sheet, page: Page) -> None:
    sheet.heading(f"{page.cohort}: session {page.number}", 1)
    facts = (("Session", page.title), ("When", page.when), ("Where", page.where), ("Trainers", page.trainers))
    sheet.facts([fact for fact in facts if fact[1]], share=0.16)
    sheet.paragraph(HOW)
    sheet.table(HEAD, _rows(page.names), SHARES, row=ROW)
    sheet.paragraph(f"Trainer's signature: ______________________     Time the room was left: __________     {KEEP}")


def _rows(names: Sequence[str]) -> list[tuple[str, ...]]:
    """A row a person, and some for somebody who is not on the list yet."""
    return [(name, *[""] * (len(HEAD) - 1)) for name in (*names, *[""] * SPARE_ROWS)]
