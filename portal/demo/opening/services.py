"""The rehearsal: a whole scheme's two years, beat by beat in the order of time, through the services of the portal."""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from portal import clock
from portal.access import Role
from portal.accounts import services as accounts
from portal.accounts.models import User
from portal.accounts.rules import DEMO_EMAILS
from portal.agreements import services as agreements
from portal.agreements.models import Agreement, AgreementKind
from portal.audit.rules import WORKER, Actor
from portal.audit.services import acting
from portal.checks import services as checks
from portal.checks.models import Eligibility, Level, Workforce
from portal.demo.rules import AREAS, DOMAIN, SECOND_TRAINER, STAFF
from portal.schemes import services as schemes
from portal.schemes.models import Area, Scheme

AGREEMENT = """\
This is what we expect of each other. It is not a contract, and nobody has to be perfect.

What you can expect from us: a proper welcome, training, a named person to ring, your travel paid back, insurance, \
and a debrief whenever something was hard.

What we hope for from you: come when you said you would, or tell us. Keep what people tell you to yourself, unless \
somebody may be harmed: then tell us the same day. Stay within the role. Look after yourself first.

If something goes wrong between us, we talk. You may stop at any time and need give no reason."""

CONFIDENTIALITY = """\
What people tell you stays with you. You do not write it on social media, and you do not tell it to your family.

There is one exception: somebody may be harmed. Then you tell your supervisor the same day, and you tell the person \
that you will.

Keep no names in your own phone or diary. We show you how to note what you need to."""
CONDUCT = """\
Be kind, be honest, be on time, or tell us. Treat everybody as you would like to be treated.

No lending, no gifts worth more than a cup of tea, no visits to somebody’s home on your own, no personal numbers.

If you are not sure, ask. Nobody gets into trouble for asking."""
AGREEMENTS = {
    AgreementKind.VOLUNTEER: AGREEMENT,
    AgreementKind.CONFIDENTIALITY: CONFIDENTIALITY,
    AgreementKind.CONDUCT: CONDUCT,
}


@dataclass(order=True)
class Beat:
    """One thing that happens at one instant."""

    at: datetime
    number: int
    play: Callable[[], None] = field(compare=False)


@dataclass
class Stage:
    """What stands on the stage: the scheme, its people and its papers, as the rehearsal goes on."""

    now: datetime  # the instant at which the newcomer comes in: nothing happens after it
    chance: random.Random
    scheme: Scheme = field(init=False)
    areas: dict[str, Area] = field(default_factory=dict)
    staff: dict[Role, User] = field(default_factory=dict)
    second_trainer: User = field(init=False)
    agreements: list[Agreement] = field(default_factory=list)
    eligibility: Eligibility = field(init=False)
    things: dict[str, Any] = field(default_factory=dict)
    _beats: list[Beat] = field(default_factory=list)
    _planned: int = 0

    @property
    def today(self) -> date:
        """The newcomer's day, in London."""
        return clock.in_london(self.now).date()

    def at(self, day: date, hour: int, minute: int, play: Callable[[], None], *, by: Actor = WORKER) -> None:
        """Plan a beat for an hour of a London day. Nothing is planned for the future: it has not happened."""
        instant = datetime.combine(day, time(hour, minute), clock.LONDON)
        self.at_instant(instant, play, by=by)

    def at_instant(self, instant: datetime, play: Callable[[], None], *, by: Actor = WORKER) -> None:
        """Plan a beat for an instant."""
        if instant > self.now:
            return

        def acted() -> None:
            acting(by)
            play()

        self._planned += 1
        heapq.heappush(self._beats, Beat(instant, self._planned, acted))

    def soon(self, days: int, least: int = 0) -> timedelta:
        """A few days, by chance, at least so many."""
        return timedelta(days=least + self.chance.randrange(days + 1))

    def play(self) -> Iterator[tuple[int, int]]:
        """Play every beat in the order of time; after each, (played, planned so far). Beats may plan others."""
        played = 0
        while self._beats:
            beat = heapq.heappop(self._beats)
            with clock.moved_to(beat.at):
                beat.play()
                yield played, self._planned
            played += 1


def set_the_stage(now: datetime) -> Stage:
    """An empty stage, with the opening of the scheme planned two years back."""
    stage = Stage(now=now, chance=random.Random(2016))  # noqa: S311 - the same dice every time is the point
    opening = stage.today - timedelta(days=730)
    stage.at(opening, 9, 0, lambda: open_scheme(stage))
    stage.at(opening, 10, 0, lambda: settle_papers(stage))
    return stage


def open_scheme(stage: Stage) -> None:
    """The organisation, its three towns and everybody who works for it."""
    stage.scheme = schemes.open_scheme(
        name="County Durham Peer Mentors", slug="county-durham", by=WORKER,
        strapline="People who have been there, beside people who are there now",
        about=(
            "Our mentors are volunteers who have been through hard times themselves: crime, addiction, prison, illness "
            "or loss. They are trained and supported, work in pairs, and give two or three hours a week."
        ),
        about_convictions=(
            "A past conviction is not a bar. We look at each person by themselves, and two people decide together. "
            "We ask about the past only after we have offered you a place, and very few people ever see the answer."
        ),
        about_independence=(
            "We are not the police and not probation. We do not look anything up in their systems, and we do not pass "
            "on what you tell us unless somebody may be harmed."
        ),
        phone="0191 498 0000", email=f"hello@{DOMAIN}",
    )  # fmt: skip
    for slug, name, about in AREAS:
        stage.areas[slug] = schemes.add_area(stage.scheme, name=name, slug=slug, about=about, by=WORKER)
    for role, name in STAFF.items():
        stage.staff[role] = engage(stage, DEMO_EMAILS[role], name, role)
    stage.second_trainer = engage(stage, f"second-trainer@{DOMAIN}", SECOND_TRAINER, Role.TRAINER)
    darlington = accounts.open_account(email=f"darlington@{DOMAIN}", name="Dev Malhotra", by=WORKER)
    accounts.give_role(darlington, Role.COORDINATOR, scheme=stage.scheme, area=stage.areas["darlington"], by=WORKER)


def engage(stage: Stage, email: str, name: str, role: Role) -> User:
    """Somebody starts to work for the scheme."""
    user = accounts.open_account(email=email, name=name, by=WORKER)
    accounts.give_role(user, role, scheme=stage.scheme, by=WORKER)
    return user


def settle_papers(stage: Stage) -> None:
    """What every volunteer agrees to, and which check the role may have."""
    for kind, text in AGREEMENTS.items():
        stage.agreements.append(
            agreements.publish(stage.scheme, kind=kind, title=kind.words, text=text, by=stage.staff[Role.SCHEME_ADMIN])
        )
    stage.eligibility = checks.decide_eligibility(
        stage.scheme, role_title="Peer mentor", level=Level.ENHANCED, workforce=Workforce.ADULT,
        relied_on="Advice and guidance, every week, for adults who receive support because of their circumstances.",
        by=stage.staff[Role.SAFEGUARDING_LEAD],
    )  # fmt: skip
