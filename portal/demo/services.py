"""The rehearsal from the first beat to the last."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from portal import clock
from portal.demo.evenings.services import around
from portal.demo.hellos.services import go_around
from portal.demo.mentoring.services import go_active
from portal.demo.opening.services import Stage, set_the_stage
from portal.demo.recruiting.services import CONFIRMED_AFTER, recruit
from portal.demo.rules import Part, cast
from portal.demo.training.services import run_course, runs

# how many days before today people of this part first opened the application: at least, and up to how many more
APPLIED_AGO = {
    Part.APPLYING: (1, 20), Part.APPLIED: (2, 12), Part.INTERVIEWING: (14, 8), Part.OFFERED: (24, 12),
    Part.READY: (CONFIRMED_AFTER + 12, 30), Part.DECLINED: (40, 80), Part.WITHDRAWN: (40, 80),
}  # fmt: skip


def rehearse() -> Iterator[tuple[int, int]]:
    """Play the whole scheme; after each beat, (beats played, beats planned so far). The caller commits."""
    stage = set_the_stage(clock.now())
    today = stage.today
    stage.at(today - timedelta(days=729), 9, 0, lambda: cast_the_parts(stage, today))
    yield from stage.play()


def cast_the_parts(stage: Stage, today: date) -> None:
    """Everybody is given the day on which they first open the application."""
    people = cast()
    for who in people:
        if who.part in APPLIED_AGO:
            least, more = APPLIED_AGO[who.part]
            recruit(stage, who, today - timedelta(days=least) - stage.soon(more))
    courses = runs(today, clock.in_london(stage.now), people)
    for run in courses.values():
        run_course(stage, run)
    around(stage, courses["learning"])
    go_around(stage, next(who for who in people if who.part is Part.APPLIED))
    finished = courses["finished"]
    stage.at(finished.starts_on, 12, 0, lambda: go_active(stage, finished))
