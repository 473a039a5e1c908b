"""What was measured, as a table on the screen and as Markdown."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version

from rich.console import Console
from rich.table import Table

from bench.applicants import Sending
from bench.measure import Cold, MadeOf, Times
from bench.rows import Row
from bench.servers import THREADS, WORKERS
from bench.together import AIM_OPENS, AIM_SAVES, Together

PACKAGES = ("Flask", "SQLAlchemy", "psycopg", "Jinja2", "reportlab", "argon2-cffi", "gunicorn")
AIM_BYTES, AIM_REQUESTS = 60 * 1024, 6
MOODLE_BYTES, MOODLE_REQUESTS = "1,192 KiB", "21"


@dataclass(frozen=True)
class Line:
    """One row with what was measured."""

    row: Row
    portal: Times
    bare: Times
    made_of: MadeOf

    @property
    def is_reached(self) -> bool:
        """Whether the aim is."""
        return self.portal.rate >= self.row.aim if self.row.aims_at_rate else self.portal.alone <= self.row.aim

    @property
    def aim(self) -> str:
        """The aim in words, and whether it is reached."""
        aim = f"{self.row.aim:g} a second" if self.row.aims_at_rate else f"≤ {self.row.aim:g} ms"
        return f"{aim}: {'reached' if self.is_reached else 'missed'}"

    def cells(self) -> list[str]:
        """The line as texts, in the order of the headings."""
        return [
            self.row.name, f"{self.portal.alone:.1f} ms", f"{self.portal.rate:,.0f}", f"{self.portal.p50:.1f} ms",
            f"{self.portal.p95:.1f} ms", str(self.made_of.statements), f"{self.bare.alone:.1f} ms",
            f"{self.bare.rate:,.0f}", f"{self.portal.alone / self.bare.alone:.1f}", self.aim, self.row.moodle,
        ]  # fmt: skip

    def limits(self) -> list[str]:
        """Where the time goes, in the order of its own headings."""
        made = self.made_of
        parts = (made.database, made.processor, made.template)
        return [self.row.name, *(f"{each:.1f} ms" for each in parts), self.row.limit]


HEADINGS = (
    "Page", "p50, one visitor", "a second", "p50", "p95", "statements", "bare p50, one visitor", "bare a second",
    "ratio", "aim", "Moodle 4.5",
)  # fmt: skip
LIMITS = ("Page", "database", "processor", "of it the template", "what limits it")
METHOD = (
    f"gunicorn with {WORKERS} workers of {THREADS} threads each, production settings, over loopback, visitors and",
    "servers on the same cores. A scheme of 10,000 people; groups of 20. Each figure is the best of three short runs,",
    "first with one visitor, then with eight who ask again as soon as they are answered. *Bare* is Flask on the same",
    "gunicorn with SQL by hand over the same rows and one plain template (for the certificate a plain reportlab canvas",
    "with an embedded font, for the log-in one argon2id verification): the least that such an answer can cost. *Ratio*",
    "is the portal's p50 to that, for one visitor. Statements do not count BEGIN, COMMIT and the ping of the pool.",
    "Moodle 4.5 with Attendance and Custom certificate was measured on such a machine; its figures and the aims are",
    "those of the project's plan.",
)
SPENT = (
    "One visitor's answer as the portal spent it. *Database* is the time until every statement and the commit was",
    "answered; *processor* is what Python itself worked, writing statements and reading their rows included.",
)
HALL = (
    "The first person of each register belongs to every trainer, the others each to one. Every change that was",
    "accepted is looked for in the record, with the mark that its trainer saw; the marks of each person must follow",
    "each other without a gap to the one that is kept. Opening and saving take turns, and the trainers' own process",
    f"reads each page on the same cores; the aims for each alone, {AIM_OPENS} opens and {AIM_SAVES} saves a second,",
    "are held against the first two rows above.",
)
SENT = (
    "Each applicant presses the button at a moment of their own, whatever the answers before took, and a time counts",
    "from that moment. Afterwards every application must be there once: one move in the history, one copy of the",
    "answers, one letter.",
)
Memory = Sequence[tuple[float, float]]


def on_screen(
    lines: Sequence[Line], shared: Together, sent: Sending, cold: Cold, memory: Memory, bare_memory: Memory
) -> None:
    """Print the tables."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=220)
    for title, headings, rows in (
        ("One visitor, then eight at once", HEADINGS, [line.cells() for line in lines]),
        ("Where one visitor's time goes", LIMITS, [line.limits() for line in lines]),
    ):
        table = Table(title=title)
        for heading in headings:
            table.add_column(heading, justify="left" if heading in ("Page", "aim", LIMITS[-1]) else "right")
        for cells in rows:
            table.add_row(*cells)
        console.print(table)
    console.print(*shared.lines(), *sent.lines(), *_cold_and_memory(cold, memory, bare_memory), sep="\n")


def markdown(
    lines: Sequence[Line],
    shared: Together,
    sent: Sending,
    cold: Cold,
    memory: Memory,
    bare_memory: Memory,
    *,
    on: date,
    server: str,
) -> str:
    """The whole of RESULTS.md."""
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return "\n".join(
        [
            "# How quick the portal is", "",
            f"Written by `make bench` on {on.day} {on:%B %Y}: {os.cpu_count()} cores, Python "
            f"{platform.python_version()}, {server}, {versions}.", "", *METHOD, "",
            *_table(HEADINGS, [line.cells() for line in lines]), "",
            "## What limits each row", "", *SPENT, "", *_table(LIMITS, [line.limits() for line in lines]), "",
            "## Registers that trainers share", "", *HALL, "", *(f"- {each}" for each in shared.lines()), "",
            "## Applications that are sent", "", *SENT, "", *(f"- {each}" for each in sent.lines()), "",
            "## Bytes and memory", "", *(f"- {each}" for each in _cold_and_memory(cold, memory, bare_memory)), "",
        ]
    )  # fmt: skip


def _cold_and_memory(cold: Cold, memory: Memory, bare_memory: Memory) -> list[str]:
    is_reached = cold.whole <= AIM_BYTES and cold.requests <= AIM_REQUESTS
    return [
        f"A cold register page: {cold.whole / 1024:.1f} KiB over the wire (HTML {cold.html / 1024:.1f} KiB) in "
        f"{cold.requests} requests, heads included, compressed as served. Aim: at most 60 KiB and 6 requests, "
        f"{'reached' if is_reached else 'missed'}. Moodle: {MOODLE_BYTES} and {MOODLE_REQUESTS} requests. "
        "The small scripts that the register's own script imports come after the page and are not counted.",
        f"Memory of a worker at the end of the run: {_mebibytes(memory)}. Bare: {_mebibytes(bare_memory)}.",
    ]


def _mebibytes(memory: Memory) -> str:
    resident, proportional = (max(each) for each in zip(*memory, strict=True))
    return f"{resident:.0f} MiB resident, {proportional:.0f} MiB with shared pages counted once"


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [_cells(headings), _cells(["---"] * len(headings)), *(_cells(row) for row in rows)]


def _cells(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
