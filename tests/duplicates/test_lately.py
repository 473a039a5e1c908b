"""A start page hears of people who came lately and may be on the list already, and does not wait for it."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from sqlalchemy import insert

from portal import clock
from portal.access import Role
from portal.duplicates import queries
from portal.schemes.rules import Route
from portal.volunteers.journey import Stage
from portal.volunteers.models import Volunteer
from tests.factories import AreaFactory, UserFactory, VolunteerFactory

FIRST = ("John", "Mary", "Ann", "Mohammed", "Sam", "Alex", "Priya", "Tess", "Ken", "Olu", "Wei", "Aisha", "Liam", "Zoe")
ENDS = ("ley", "well", "by", "ton", "wick", "worth", "ford", "man", "son", "house", "field", "more")
BEGINS = ("Ash", "Black", "Cart", "Dal", "Eck", "Farn", "Good", "Hart", "Ives", "Jack", "Kit", "Long", "Mar", "Nor")
PEOPLE = 5_000


@pytest.fixture
def area(session):
    return AreaFactory(name="Quayside")


@pytest.fixture
def staff(area):
    return UserFactory(role=Role.COORDINATOR, scheme=area.scheme)


def of_old(area, **more):
    return VolunteerFactory(area=area, stage_since=clock.now() - timedelta(days=400), stage=Stage.ACTIVE, **more)


@pytest.mark.parametrize(
    ("had", "has"),
    [
        ({"phone": "+447700900982"}, {"phone": "+447700900982"}),
        ({"email": "jon@example.org"}, {"email": "jon@example.org"}),
        (
            {"name": "John Smith", "sort_name": "john smith", "postcode_area": "DL1"},
            {"name": "Jon Smith", "sort_name": "jon smith", "postcode_area": "DL1"},
        ),
    ],
)
def test_somebody_who_came_lately_is_held_against_everybody(area, staff, had, has):
    before, now = of_old(area, **had), VolunteerFactory(area=area, stage=Stage.APPLYING, **has)
    found = queries.lately_perhaps_the_same(seen_by=staff)
    assert [(each.one_id, each.other_id) for each in found] == [(before.id, now.id)]
    assert found == queries.perhaps_the_same(seen_by=staff)


def test_people_of_old_are_on_the_list_only(area, staff):
    of_old(area, phone="+447700900982")
    of_old(area, phone="+447700900982")
    assert queries.lately_perhaps_the_same(seen_by=staff) == []
    assert len(queries.perhaps_the_same(seen_by=staff)) == 1


def test_whom_they_may_not_see_is_not_spoken_of(area):
    of_old(area, phone="+447700900982")
    elsewhere = AreaFactory(scheme=area.scheme)
    VolunteerFactory(area=elsewhere, phone="+447700900982")
    assert queries.lately_perhaps_the_same(seen_by=UserFactory(role=Role.COORDINATOR, area=elsewhere)) == []


def test_among_five_thousand_people_a_start_page_does_not_wait(area, staff, session):
    at = clock.now()
    names = [f"{FIRST[n % 14]} {BEGINS[n // 14 % 14]}{ENDS[n // 196 % 12]}" for n in range(PEOPLE)]
    session.execute(
        insert(Volunteer),
        [
            {
                "scheme_id": area.scheme_id, "area_id": area.id, "reference": f"V{n:05}", "name": name,
                "sort_name": name.lower(), "phone": f"+4477009{n:05}", "email": f"p{n}@example.org",
                "postcode_area": f"DL{n % 17}", "stage": Stage.ACTIVE if n % 10 else Stage.APPLIED, "version": 1,
                "stage_since": at - timedelta(days=n % 700), "created_at": at, "route": Route.OPEN_WEB,
                "links_number": 1,
            }
            for n, name in enumerate(names)
        ],
    )  # fmt: skip
    queries.lately_perhaps_the_same(seen_by=staff)
    took = []
    for _ in range(5):
        began = time.process_time()
        queries.lately_perhaps_the_same(seen_by=staff)
        took.append(time.process_time() - began)
    assert min(took) < 0.1, f"{min(took) * 1000:.0f} ms of our processor"  # half of it on a machine with nothing else
