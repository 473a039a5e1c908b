"""Five hundred applications and a thousand references over forty days: each reminder once, none missed.

The worker is a process of its own that is killed ten times on the way. What it should have done is reckoned here
by itself, from the days of asking and answering alone.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import re
import signal
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from portal import clock
from portal.audit.rules import Outsider
from portal.database import db, session
from portal.locks.models import Once
from portal.messages.models import Message
from portal.references import services as references
from portal.references.models import Reference
from portal.references.rules import Answers, Grade, Recommends
from portal.reminders import services as reminders
from portal.volunteers.journey import Move, Stage
from portal.volunteers.models import Volunteer
from tests.databases import empty_database, portal_on
from tests.factories import ApplicationFactory, AreaFactory, RefereeFactory, VolunteerFactory
from tests.mail import DEADLINE
from tests.reminders.running import work

APPLICATIONS, EACH, DAYS, KILLS = 500, 2, 40, 10
BEGIN = date(2026, 3, 9)  # the clocks go forward on the way
HOURS = (9, 15)
REFEREE, APPLICANT = (7, 14, 28), (9, 16, 30)
GOOD = Answers(
    how_known="I was her key worker", how_long="Three years", reliable=Grade.VERY, honest=Grade.VERY,
    boundaries=Grade.MOSTLY, has_concern=False, concern="", recommends=Recommends.YES,
)  # fmt: skip
SOMEBODY = Outsider("Somebody")


@dataclass
class Life:
    """What will become of one reference: days are counted from the beginning, None is never."""

    number: int
    asked: int
    ends: int | None = None
    how: str = ""
    mended: int | None = None
    withdraws: int | None = None

    @property
    def is_by_phone(self) -> bool:
        """Some referees can only be rung."""
        return self.number % 20 == 7


def lives() -> list[Life]:
    """The fates of a thousand references, drawn by lot but the same at every run."""
    lot = random.Random(20260309)
    found = []
    for applicant in range(APPLICATIONS):
        asked = lot.randrange(10)
        withdraws = asked + lot.randrange(1, 30) if lot.random() < 0.1 else None
        for place in range(EACH):
            life = Life(applicant * EACH + place, asked, withdraws=withdraws)
            how = lot.choices(["answers", "declines", "bounces", "silent"], [45, 5, 10, 40])[0]
            if how != "silent" and not (how == "bounces" and life.is_by_phone):
                life.how, life.ends = how, asked + lot.randrange(30)
                if how == "bounces" and lot.random() < 0.6:
                    life.mended = life.ends + lot.randrange(1, 5)
            found.append(life)
    return found


def should_be(life: Life) -> list[tuple[int, str, int]]:
    """Which reminders there should be: round, to whom, day. Evenings end things, so that day's reminders have gone."""
    rounds = [(1, life.asked, life.ends)]
    if life.mended is not None and (life.withdraws is None or life.withdraws >= life.mended):
        rounds.append((2, life.mended, None))
    found = []
    for number, asked, ends in rounds:
        last = min(day for day in (ends, life.withdraws, DAYS - 1) if day is not None)
        to_referee = "ring" if life.is_by_phone else "referee"
        for who, steps in ((to_referee, REFEREE), ("applicant", APPLICANT)):
            found += [(number, who, asked + step) for step in steps if asked + step <= last]
    return found


class House:
    """The scheme, its people, and the worker that is killed."""

    def __init__(self, app: Any, url: str, queue_path: str) -> None:
        self.app, self.url, self.queue_path = app, url, queue_path
        self.nursery = multiprocessing.get_context("forkserver")
        self.nursery.set_forkserver_preload(["tests.reminders.running"])  # ten births are quicker so
        self.people: list[int] = []
        self.start()

    def start(self) -> None:
        """A new worker."""
        self.orders, theirs = self.nursery.Pipe()
        self.process = self.nursery.Process(target=work, args=(self.url, self.queue_path, theirs))
        self.process.start()
        theirs.close()
        assert self.orders.poll(DEADLINE), "the worker did not start"
        self.orders.recv()

    def work(self, day: int, hour: int, *, killed_after: float | None = None) -> bool:
        """Let the worker do what is due at this hour; whether it was killed in the midst of it."""
        local = datetime.combine(BEGIN + timedelta(days=day), datetime.min.time(), ZoneInfo("Europe/London"))
        self.orders.send(local.replace(hour=hour).astimezone(UTC).timestamp())
        if killed_after is None:
            assert self.orders.poll(DEADLINE), "the worker did not answer"
            assert self.orders.recv() == 2
            return False
        is_done = self.orders.poll(killed_after)
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.join(DEADLINE)
        assert self.process.exitcode == -signal.SIGKILL
        self.process.close()
        self.start()
        return not is_done

    def end(self) -> None:
        """Send the last worker home."""
        self.orders.send(0)
        self.process.join(DEADLINE)
        if self.process.is_alive():
            self.process.kill()

    def open(self, chosen: list[Life]) -> None:
        """Everybody has applied and been offered a place; nobody has been asked about them yet."""
        with self.app.app_context():
            area = AreaFactory()
            for applicant in range(APPLICATIONS):
                person = VolunteerFactory(area=area, stage=Stage.OFFERED, email=f"applicant-{applicant}@example.org")
                application = ApplicationFactory(volunteer=person, submitted_at=None)
                for life in chosen[applicant * EACH : applicant * EACH + EACH]:
                    reach = {"email": "", "phone": "+441914980000"} if life.is_by_phone else {"email": address(life, 1)}
                    RefereeFactory(application=application, name=f"Referee {life.number}.", **reach)
                self.people.append(person.id)
            session.commit()

    def evening(self, day: int, chosen: list[Life]) -> None:
        """What people do on this day, after the last reminders."""
        at = datetime.combine(BEGIN + timedelta(days=day), datetime.min.time(), clock.LONDON).replace(
            hour=20, minute=30
        )
        with self.app.app_context(), clock.moved_to(at):
            for applicant in range(APPLICATIONS):
                theirs = chosen[applicant * EACH : applicant * EACH + EACH]
                if not any(day in (each.asked, each.ends, each.mended, each.withdraws) for each in theirs):
                    continue
                person = session.get_one(Volunteer, self.people[applicant])
                if theirs[0].asked == day:
                    assert len(references.request_all(person, by=SOMEBODY)) == EACH
                found = session.scalars(select(Reference).where(Reference.volunteer_id == person.id))
                by_name = {each.referee.name: each for each in found}
                for life in theirs:
                    self._happen(by_name[f"Referee {life.number}."], life, day)
                if theirs[0].withdraws == day:
                    person.make(Move.WITHDRAW, by=SOMEBODY)
            session.commit()

    def _happen(self, reference: Reference, life: Life, day: int) -> None:
        if life.withdraws is not None and life.withdraws < day:
            return
        if life.ends == day:
            if life.how == "answers":
                references.answer(reference, GOOD, by=SOMEBODY)
            elif life.how == "declines":
                references.decline_to_give(reference, by=SOMEBODY)
            else:
                reminders.came_back(reference)
        if life.mended == day:
            references.send_again(reference, email=address(life, 2), by=SOMEBODY)


def address(life: Life, number: int) -> str:
    """A referee's first or second address."""
    return f"referee-{life.number}-{number}@example.org"


@pytest.fixture
def house(database_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    server = request.getfixturevalue("postgresql_url") if database_name == "postgresql" else None
    with empty_database(server, tmp_path / "house.sqlite") as url, portal_on(url, tmp_path) as app:
        with app.app_context():
            db.create_all()
        made = House(app, url, str(tmp_path / "queue.sqlite"))
        yield made
        made.end()


def test_each_reminder_goes_once_and_none_is_missed_though_the_worker_is_killed_ten_times(
    house: House, record_property: Any
) -> None:
    chosen, lot = lives(), random.Random(11)
    house.open(chosen)
    kill_on = set(lot.sample(range(9, 38), KILLS))
    longest, in_the_midst = 0.0, 0
    for day in range(DAYS):
        for hour in HOURS:
            began = time.monotonic()
            if hour == HOURS[0] and day in kill_on:
                in_the_midst += house.work(day, hour, killed_after=lot.uniform(0, 0.6) * longest)
                continue
            house.work(day, hour)
            longest = max(longest, time.monotonic() - began)
        house.evening(day, chosen)
    record_property("longest run in seconds", round(longest, 2))
    assert in_the_midst, "no kill has met the worker at its work"

    expected: Counter[tuple[str, str, date]] = Counter()
    for life in chosen:
        for number, who, day in should_be(life):
            to = f"Referee {life.number}." if who == "applicant" else address(life, number)
            expected["rung" if who == "ring" else who, to, BEGIN + timedelta(days=day)] += 1
    found: Counter[tuple[str, str, date]] = Counter()
    with house.app.app_context():
        for message in session.scalars(select(Message).where(Message.template == "reference_reminded")):
            found["referee", message.to_address, clock.in_london(message.queued_at).date()] += 1
        for message in session.scalars(select(Message).where(Message.template == "reference_nudged")):
            named = re.search(r"Referee \d+\.", message.body or "")
            assert named
            found["applicant", named[0], clock.in_london(message.queued_at).date()] += 1
        numbers = {each.id: int(each.referee.name[8:-1]) for each in session.scalars(select(Reference))}
        for rung in session.scalars(select(Once).where(Once.key.contains(":ring:"))):
            number = numbers[int(rung.key.split(":")[1])]
            found["rung", address(Life(number, 0), 1), clock.in_london(rung.at).date()] += 1
    assert len(expected) > 2500
    assert found - expected == Counter(), "sent twice, too late, or for nothing"
    assert expected - found == Counter(), "missed"
    assert set(expected.values()) == {1}
