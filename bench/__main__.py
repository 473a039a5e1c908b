"""`python -m bench`: start everything, measure each row, write RESULTS.md. `--row WORD` only shows some rows."""

from __future__ import annotations

import argparse
import base64
import secrets
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from flask import Flask
from rich.progress import track
from sqlalchemy import text

from bench import data, measure, report
from bench.applicants import sending
from bench.rows import ROWS, Row
from bench.servers import ROOT, Gunicorn, gunicorn, postgresql
from bench.together import together
from bench.visitors import ENCODINGS, Browser
from config import Settings
from portal import clock, create_app
from portal.database import db

RESULTS = ROOT / "bench" / "RESULTS.md"


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    people: int = 10_000
    visitors: int = 8
    runs: int = 3
    seconds: float = 1.0
    shared: int = 20
    """Registers that all trainers mark at once."""
    hall_seconds: float = 60.0
    sending_seconds: float = 30.0


SMALL = Size(people=180, visitors=4, runs=1, seconds=0.05, shared=2, hall_seconds=1.0, sending_seconds=0.5)


@dataclass(frozen=True)
class Stage:
    """Everything that runs while we measure."""

    app: Flask
    browser: Browser
    filled: data.Filled
    portal: Gunicorn
    bare: Gunicorn
    database: str


@contextmanager
def stage(size: Size) -> Iterator[Stage]:
    """PostgreSQL with the data, the portal and the bare application, in a temporary folder; all gone afterwards."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="alongside-bench-")))
        url = stack.enter_context(postgresql(folder))
        environ = production(url, folder)
        app = create_app(Settings.read(environ))
        with app.app_context():
            db.create_all()
            filled = data.fill(size.people, size.visitors, size.shared)
            server = str(db.session.scalar(text("SHOW server_version"))).split(" ")[0]
            db.session.remove()
            db.engine.dispose()
        portal = stack.enter_context(gunicorn("bench.portal_app:app", environ, folder / "portal.log"))
        bare = stack.enter_context(gunicorn("bench.bare_app:app", {"BARE_DATABASE_URL": url}, folder / "bare.log"))
        browser = Browser(portal.port, session_writer(app))
        yield Stage(app, browser, filled, portal, bare, f"PostgreSQL {server} as it comes")


def production(url: str, folder: Path) -> dict[str, str]:
    """The settings of a real service, with secrets made for this run."""
    return {
        "ALONGSIDE_ENV": "production", "DATABASE_URL": url, "SECRET_KEY": secrets.token_hex(32),
        "ENCRYPTION_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(), "DEMO": "0",
        "PUBLIC_URL": "https://portal.example", "SMTP_URL": "smtp://localhost:1", "LOG_LEVEL": "INFO",
        "QUEUE_PATH": str(folder / "queue.sqlite"), "REDIS_URL": "",
    }  # fmt: skip


def session_writer(app: Flask) -> Callable[[str], str]:
    """Writes the cookie of somebody who took every step of signing in just now, as the portal would."""

    def write(key: str) -> str:
        now = int(clock.now().timestamp())
        session = {"_user_id": key, "_fresh": True, "began": now, "seen": now, "two_steps": True}
        serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        return f"{app.config['SESSION_COOKIE_NAME']}={serializer.dumps(session)}"

    return write


def line(on: Stage, row: Row, size: Size) -> report.Line:
    """Measure one row: the portal, then the bare application."""
    asked = row.portal(on.browser, on.filled, size.visitors)
    try:
        made_of = measure.made_of(on.portal.port, asked, times=max(4, round(40 * size.seconds)))
        portal = measure.measured(on.portal.port, asked, runs=size.runs, seconds=size.seconds)
        bare = measure.measured(on.bare.port, row.bare(on.filled, size.visitors), runs=size.runs, seconds=size.seconds)
    except RuntimeError as error:
        logs = "\n".join(each.log.read_text()[-3000:] for each in (on.portal, on.bare))
        raise SystemExit(f"{row.name}: {error}\n{logs}") from error
    return report.Line(row, portal, bare, made_of)


def cold(on: Stage) -> measure.Cold:
    """The register page for a browser that was never here."""
    return measure.cold(on.browser, f"/sessions/{on.filled.registers[0]}/register", on.filled.trainer, ENCODINGS)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure the portal on PostgreSQL.")
    parser.add_argument("--row", default="", help="only rows whose name has this word; RESULTS.md stays as it is")
    parser.add_argument("--small", action="store_true", help="little data and one short run, to see that all works")
    parser.add_argument("--hall", type=float, help="seconds for which the trainers share registers")
    asked = parser.parse_args(arguments)
    size = SMALL if asked.small else Size()

    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped before it was done"))  # ends the servers too
    rows = [row for row in ROWS if asked.row.casefold() in row.name.casefold()]
    with stage(size) as on:
        if asked.hall:
            size = replace(size, hall_seconds=asked.hall)
        shared = together(on.app, on.portal.port, on.browser, on.filled, seconds=size.hall_seconds)
        sent = sending(on.app, on.portal.port, seconds=size.sending_seconds)
        lines = [line(on, row, size) for row in track(rows, description="Measuring", transient=True)]
        found = (lines, shared, sent, cold(on), on.portal.memory(), on.bare.memory())
        report.on_screen(*found)
        shared.check()
        sent.check()
        if not asked.row and not asked.small:
            RESULTS.write_text(report.markdown(*found, on=date.today(), server=on.database), encoding="utf-8")  # noqa: DTZ011


if __name__ == "__main__":
    main()
