"""`make screenshots`: play the demonstration on a database of its own, and draw its main pages on a phone and a desk.

The pictures go to screenshots/; docs/picture.png, which the README shows, is the register on a phone. Needs Chromium.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
from collections.abc import Callable
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import flask_migrate
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select
from werkzeug.serving import make_server

from config import Settings
from portal import clock, create_app
from portal.access import Role
from portal.attendance.models import Mark
from portal.certification.models import Certificate
from portal.cohorts.models import CohortSession, Enrolment
from portal.database import session
from portal.volunteers.journey import Stage
from portal.volunteers.models import Volunteer

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "screenshots"
PICTURE = ROOT / "docs" / "picture.png"
PICTURE_AT_MOST = 150 * 1024
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
WIDTHS = {390: 844, 1280: 900}
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]


def main() -> None:
    """Play, serve, draw, and end."""
    if not Path(CHROMIUM).exists():
        sys.exit(
            "Chromium is needed to draw the pages: install it, or say where it is with CHROMIUM=/path make screenshots"
        )
    with tempfile.TemporaryDirectory(prefix="alongside-") as folder:
        app = create_app(
            Settings(
                demo=True, database_url=f"sqlite:///{folder}/demo.sqlite", queue_path=f"{folder}/queue.sqlite",
                files_url=f"file://{folder}/files", log_level="ERROR",
            )
        )  # fmt: skip
        with app.app_context():
            flask_migrate.upgrade()
        with clock.moved_to(last_evening()):  # the pictures show a course at the hour courses are held
            played = app.test_cli_runner().invoke(args=["demo"])
        if played.exit_code:
            sys.exit(f"the demonstration could not be played: {played.output}")
        _serve(app, draw)


def _serve(app: Flask, draw_at: Callable[[str, dict[str, tuple[Role | None, str]]], None]) -> None:
    """The portal on a free port while the pages are drawn."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        with app.app_context():
            chosen = pages()
        draw_at(f"http://127.0.0.1:{server.server_port}", chosen)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def last_evening() -> datetime:
    """Yesterday in London, twenty minutes to seven."""
    return datetime.combine(clock.today() - timedelta(days=1), time(18, 40), clock.LONDON)


def pages() -> dict[str, tuple[Role | None, str]]:
    """What is drawn: a name, who looks, and the path. Records are those of the demonstration that show most."""
    evening = last_evening().date()
    held = session.scalars(select(CohortSession).order_by(CohortSession.starts_at)).all()
    tonight = next(each for each in held if clock.in_london(each.starts_at).date() == evening)
    marked = session.scalars(select(Mark.session_id).order_by(Mark.id.desc())).first()
    learner = _first(Enrolment, Enrolment.cohort_id == tonight.cohort_id)
    course_id = tonight.cohort.course_version_id
    someone = _first(Volunteer, Volunteer.stage == Stage.OFFERED)
    certificate = session.scalars(select(Certificate).order_by(Certificate.id)).first()
    assert certificate is not None
    session.rollback()
    return {
        "front": (None, "/"),
        "area": (None, "/schemes/county-durham/darlington"),
        "home": (Role.COORDINATOR, "/start"),
        "people": (Role.COORDINATOR, "/people"),
        "person": (Role.COORDINATOR, f"/people/{someone.id}"),
        "board": (Role.COORDINATOR, "/readiness"),
        "register": (Role.TRAINER, f"/sessions/{marked}/register"),
        "register-tonight": (Role.TRAINER, f"/sessions/{tonight.id}/register"),
        "card": (Role.TRAINER, f"/sessions/{tonight.id}/people/{learner.id}"),
        "roll-call": (Role.TRAINER, f"/sessions/{marked}/roll-call"),
        "pack": (Role.TRAINER, f"/sessions/{tonight.id}/pack"),
        "catch-ups": (Role.TRAINER, "/catch-ups"),
        "cohort": (Role.COORDINATOR, f"/cohorts/{tonight.cohort_id}"),
        "courses": (Role.COORDINATOR, "/courses"),
        "course": (Role.COORDINATOR, f"/courses/{course_id}"),
        "figures": (Role.COORDINATOR, f"/cohorts/{tonight.cohort_id}/attendance"),
        "check": (None, f"/c/{certificate.check_code}"),
        "journey": (Role.VOLUNTEER, "/my"),
        "my-course": (Role.VOLUNTEER, "/my/course"),
    }


def _first(model: Any, condition: Any) -> Any:
    return session.scalars(select(model).where(condition).order_by(model.id)).first()


def draw(address: str, chosen: dict[str, tuple[Role | None, str]]) -> None:
    """Every page at every width, as long as it is; then the picture of the README."""
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, headless=True)
        for width, height in WIDTHS.items():
            for name, (role, path) in chosen.items():
                screen = _screen(chrome, address, width, height, role)
                answer = screen.goto(address + path, wait_until="load")
                if answer is None or answer.status != 200:
                    sys.exit(f"{name} answered {answer and answer.status}")
                screen.screenshot(path=FOLDER / f"{name}-{width}.png", full_page=height < 900 or name != "people")
                if name == "register" and width == min(WIDTHS):
                    screen.screenshot(path=PICTURE, full_page=False)
                screen.context.close()
        chrome.close()
    if PICTURE.stat().st_size > PICTURE_AT_MOST:
        sys.exit(f"{PICTURE.name} is {PICTURE.stat().st_size} bytes, more than the {PICTURE_AT_MOST} it may be")
    print(f"{2 * len(chosen)} pictures are in {FOLDER.name}/, and one in docs/")


def _screen(chrome: Browser, address: str, width: int, height: int, role: Role | None) -> Page:
    """A new window of this size, signed in by one click of the demonstration."""
    is_phone = width < 600
    screen = chrome.new_context(
        viewport={"width": width, "height": height}, locale="en-GB", has_touch=is_phone, is_mobile=is_phone
    ).new_page()
    if role is not None:
        screen.goto(f"{address}/sign-in", wait_until="load")
        with screen.expect_navigation():
            screen.locator(
                f'form:has([name="role"][value="{role.value}"]) button, button[name="role"][value="{role.value}"]'
            ).first.click()
    return screen


if __name__ == "__main__":
    main()
