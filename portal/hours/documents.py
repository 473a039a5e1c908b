"""The hours as files for a spreadsheet: a workbook with two sheets, or comma-separated text in pieces."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import xlsxwriter

from portal.audit.rules import as_csv
from portal.hours.rules import SESSIONS_HEAD, UNITS_HEAD, PersonHours, Sitting, session_rows, unit_rows

BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""With it, Excel reads the letters of Welsh and Polish names as they are."""
AS_TIME = "%Y-%m-%d %H:%M"


def csv_of_sessions(people: Iterable[PersonHours], sittings: dict[int, Sitting]) -> Iterator[str]:
    """Every person's sessions, a piece a person, so that a large group is never in memory as text."""
    yield BOM + as_csv(SESSIONS_HEAD, [])
    for person in people:
        yield _lines(session_rows(person, sittings))


def csv_of_units(people: Iterable[PersonHours]) -> Iterator[str]:
    """Every person's hours by unit, a piece a person."""
    yield BOM + as_csv(UNITS_HEAD, [])
    for person in people:
        yield _lines(unit_rows(person))


def _lines(rows: Iterable[Sequence[object]]) -> str:
    shown = [[cell.strftime(AS_TIME) if isinstance(cell, datetime) else cell for cell in row] for row in rows]
    return as_csv([str("" if cell is None else cell) for cell in shown[0]], shown[1:]) if shown else ""


@dataclass(frozen=True)
class HoursWorkbook:
    """A workbook: every session of every person, and their hours by unit against what the unit asks for."""

    people: Sequence[PersonHours]
    sittings: dict[int, Sitting]

    def render(self) -> bytes:
        """The bytes of an .xlsx file. Nothing in it is taken for a formula or a link, whatever people are called."""
        file = io.BytesIO()
        as_typed = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        with xlsxwriter.Workbook(file, {"constant_memory": True, **as_typed}) as book:
            bold, when = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
            sheets = (
                ("Sessions", SESSIONS_HEAD, (row for each in self.people for row in session_rows(each, self.sittings))),
                ("Hours by unit", UNITS_HEAD, (row for each in self.people for row in unit_rows(each))),
            )
            for name, head, rows in sheets:
                sheet = book.add_worksheet(name)
                sheet.freeze_panes(1, 1)
                sheet.set_column(0, len(head) - 1, 16)
                sheet.set_column(0, 0, 28)
                sheet.write_row(0, 0, head, bold)
                for number, row in enumerate(rows, start=1):
                    for column, cell in enumerate(row):
                        if isinstance(cell, datetime):
                            sheet.write_datetime(number, column, cell, when)
                        elif isinstance(cell, str):
                            sheet.write_string(number, column, cell)
                        elif cell is not None:
                            sheet.write_number(number, column, cell)
        return file.getvalue()
