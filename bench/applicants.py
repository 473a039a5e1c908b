"""Fifty applicants a second press "send": whether one was lost or doubled, and how long they waited."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from statistics import quantiles
from typing import Any

from flask import Flask, g
from flask import session as browser
from flask_wtf.csrf import generate_csrf
from sqlalchemy import func, select

from bench.data import BENCH
from bench.servers import ROOT
from portal import clock
from portal.applications.models import Application, Referee, Relation, SentApplication
from portal.applications.queries import mark_of
from portal.applications.rules import Section, new_code, sections_text
from portal.database import db, keyring, session
from portal.messages.models import Message
from portal.schemes.models import Area
from portal.volunteers.journey import Stage
from portal.volunteers.models import ContactPreference, HistoryLine, Volunteer

RATE = 50
FOUND = 302


@dataclass(frozen=True)
class Sending:
    """What came of it."""

    seconds: float
    rate: int
    applicants: int
    milliseconds: list[float]
    wrong: list[str]
    lost: int
    """Answered as sent, and not there."""
    doubled: int
    """Sent more than once: a second move, a second copy of the answers, or a second letter."""

    def lines(self) -> list[str]:
        """In words."""
        times = quantiles(self.milliseconds, n=20, method="inclusive")
        return [
            f"{self.rate} applicants a second sent their applications for {self.applicants / self.rate:.0f} s, one in "
            f"ten by two taps at once, on PostgreSQL: p50 {times[9]:.0f} ms, p95 {times[18]:.0f} ms, the slowest "
            f"{max(self.milliseconds):.0f} ms; {self.applicants:,} applications, {self.lost} lost, {self.doubled} "
            f"doubled, {len(self.wrong)} wrong answers.",
        ]

    def check(self) -> None:
        """Raise when a promise was broken."""
        if self.lost or self.doubled or self.wrong:
            raise SystemExit("\n".join(["A promise to applicants was broken:", *self.lines(), *self.wrong[:3]]))


def sending(app: Flask, port: int, *, seconds: float, rate: int = RATE) -> Sending:
    """Prepare people who have only to press the button, let them, then hold the database to what they were answered."""
    count = max(20, round(seconds * rate))
    applicants = _prepare(app, count)
    plan = {"port": port, "rate": rate, "applicants": applicants}
    ran = subprocess.run(
        [sys.executable, "-m", "bench.sending"], input=json.dumps(plan), capture_output=True, text=True, check=False,
        cwd=ROOT, timeout=seconds + 120,
    )  # fmt: skip
    if ran.returncode:
        raise RuntimeError(f"the applicants could not go on:\n{ran.stderr[-2000:]}")
    said: dict[str, Any] = json.loads(ran.stdout)
    with app.app_context():
        found = _judged(said, [each["id"] for each in applicants], rate)
        session.remove()
        db.engine.dispose()
    return found


def _prepare(app: Flask, count: int) -> list[dict[str, Any]]:
    """People with every section done, and the cookie and token of a browser that has the last page open."""
    with app.test_request_context():
        area = session.scalars(select(Area).order_by(Area.id)).first()
        assert area is not None
        people = [_applicant(area, number) for number in range(count)]
        session.add_all(people)
        session.commit()
        ready = [_browser(app, each) for each in people]
        session.remove()
        db.engine.dispose()
    return ready


def _applicant(area: Area, number: int) -> Application:
    at = clock.now()
    email = f"applicant{number}@bench.example"
    volunteer = Volunteer(
        scheme=area.scheme, area=area, reference=f"B-{number:06}", name=f"Applicant {number}",
        sort_name=f"applicant {number}", email=email, stage=Stage.APPLYING, stage_since=at, created_at=at,
        availability=[],
    )  # fmt: skip
    volunteer.contact = ContactPreference()
    volunteer.history.append(HistoryLine(move="start", to_stage=Stage.APPLYING, at=at, by_name=BENCH.name))
    application = Application(
        volunteer=volunteer, return_code_hash=keyring.hash(new_code()), started_at=at, saved_at=at, is_adult=True,
        agrees_to_checks=True, why="I have been there. I would like to help.",
        sections_done=sections_text(list(Section)),
    )  # fmt: skip
    application.referees = [
        Referee(
            name=f"Referee {each} of {number}", relation=Relation.KEY_WORKER, email=f"r{each}-{email}", years_known=2
        )
        for each in (1, 2)
    ]
    return application


def _browser(app: Flask, application: Application) -> dict[str, Any]:
    browser.clear()
    token = generate_csrf()
    kept = {
        "application_id": application.id, "application_mark": mark_of(application), "csrf_token": browser["csrf_token"]
    }  # fmt: skip
    g.pop("csrf_token", None)
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    cookie = f"{app.config['SESSION_COOKIE_NAME']}={serializer.dumps(kept)}"
    return {"id": application.volunteer_id, "cookie": cookie, "token": token}


def _judged(said: dict[str, Any], ids: list[int], rate: int) -> Sending:
    answers: dict[int, list[tuple[int, str]]] = {}
    for number, status, where in said["statuses"]:
        answers.setdefault(number, []).append((status, where))
    wrong = [
        f"applicant {number} was answered {status} {where}"
        for number, given in answers.items()
        for status, where in given
        if status != FOUND or not where.endswith(("/application/sent", "/application"))
    ]
    sent = dict(
        session.execute(
            select(Application.volunteer_id, Application.times_sent).where(
                Application.volunteer_id.in_(ids), Application.submitted_at.is_not(None)
            )
        ).all()
    )
    moves = _count(HistoryLine.volunteer_id, HistoryLine.move == "submit", ids)
    letters = _count(Message.volunteer_id, Message.template.startswith("application_"), ids)
    copies = dict(
        session.execute(
            select(Application.volunteer_id, func.count())
            .join(SentApplication, SentApplication.application_id == Application.id)
            .where(Application.volunteer_id.in_(ids))
            .group_by(Application.volunteer_id)
        ).all()
    )
    return Sending(
        said["seconds"], rate, len(ids), said["milliseconds"], wrong,
        lost=sum(each not in sent or moves.get(each) is None or letters.get(each) is None for each in ids),
        doubled=sum(max(moves.get(each, 0), letters.get(each, 0), copies.get(each, 0)) > 1 for each in ids),
    )  # fmt: skip


def _count(column: Any, condition: Any, ids: list[int]) -> dict[int, int]:
    rows = session.execute(select(column, func.count()).where(column.in_(ids), condition).group_by(column))
    return {row[0]: row[1] for row in rows}
