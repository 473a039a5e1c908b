"""How long each step really took: which days count, who is left out, and what is not said."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import clock
from portal.public.queries import days_to_each_step
from portal.public.rules import FEWEST, Moved, days_taken, how_long, timeline, two_quarters_before
from tests.factories import AreaFactory, HistoryLineFactory, SchemeFactory, VolunteerFactory

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SENT = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("today", "begins_on", "ends_on"),
    [
        (date(2026, 11, 22), date(2026, 4, 1), date(2026, 9, 30)),
        (date(2026, 1, 1), date(2025, 7, 1), date(2025, 12, 31)),
        (date(2026, 3, 31), date(2025, 7, 1), date(2025, 12, 31)),
        (date(2026, 4, 1), date(2025, 10, 1), date(2026, 3, 31)),
        (date(2026, 7, 5), date(2026, 1, 1), date(2026, 6, 30)),
    ],
)
def test_the_last_two_whole_quarters(today, begins_on, ends_on):
    assert two_quarters_before(today) == (begins_on, ends_on)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_two_quarters_are_half_a_year_and_over_before_today(today):
    begins_on, ends_on = two_quarters_before(today)
    assert begins_on.day == 1
    assert begins_on.month in {1, 4, 7, 10}
    assert 180 < (ends_on - begins_on).days + 1 < 186
    assert ends_on < today <= ends_on + timedelta(days=92)


def lines(*moves: tuple[str, int], person: int = 1, area: int = 1) -> list[Moved]:
    return [Moved(person, area, move, SENT + timedelta(days=after)) for move, after in moves]


def taken(history: list[Moved]) -> dict[str, list[int]]:
    found = days_taken(history, begins_on=date(2026, 4, 1), ends_on=date(2026, 9, 30))
    return {step: [days for _, days in each] for step, each in found.items()}


def test_days_count_from_sending():
    found = taken(lines(("start", -3), ("submit", 0), ("invite", 4), ("offer", 11), ("confirm", 40), ("enrol", 60)))
    assert found == {"invite": [4], "offer": [11], "confirm": [40], "enrol": [60]}


def test_a_step_outside_the_quarters_is_not_counted():
    assert taken(lines(("submit", 0), ("invite", 4), ("offer", 200)))["offer"] == []
    assert taken(lines(("submit", -70), ("invite", -65), ("offer", 3))) == {
        "invite": [], "offer": [73], "confirm": [], "enrol": [],
    }  # fmt: skip


@pytest.mark.parametrize("away", ["withdraw", "decline", "join"])
def test_who_stopped_or_took_a_break_on_the_way_is_left_out(away):
    back = {"withdraw": "come_back", "decline": "reapply", "join": "part"}[away]
    found = taken(lines(("submit", 0), ("invite", 4), (away, 6), (back, 30), ("offer", 50)))
    assert found["invite"] == [4]
    assert found["offer"] == []


def test_who_applies_again_starts_a_new_count():
    found = taken(lines(("submit", 0), ("decline", 2), ("reapply", 20), ("submit", 21), ("invite", 26)))
    assert found["invite"] == [5]


def test_a_place_given_twice_is_counted_once():
    found = taken(lines(("submit", 0), ("enrol", 40), ("unenrol", 45), ("enrol", 90)))
    assert found["enrol"] == [40]


def test_the_middle_is_said_with_the_people_it_rests_on():
    steps = timeline({"invite": [(1, days) for days in (2, 3, 4, 9, 30)], "offer": [], "confirm": [], "enrol": []})
    assert (steps[0].days, steps[0].people, steps[0].in_words) == (4, 5, "4 days")


def test_under_five_people_nothing_is_said():
    steps = timeline({step: [(1, 3)] * (FEWEST - 1) for step in ("invite", "offer", "confirm", "enrol")})
    assert [step.days for step in steps] == [None] * 4
    assert {step.in_words for step in steps} == {""}


def test_an_area_with_too_few_people_shows_the_whole_scheme_and_says_so():
    invited = [(1, 2)] * 5 + [(2, 20)] * 4 + [(1, 2)]
    found = {"invite": invited, "offer": [], "confirm": [], "enrol": []}
    assert (timeline(found, area_id=1)[0].days, timeline(found, area_id=1)[0].is_whole) == (2, False)
    assert (timeline(found, area_id=2)[0].people, timeline(found, area_id=2)[0].is_whole) == (10, True)


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "the same day"), (1, "1 day"), (14, "14 days"), (15, "2 weeks"), (45, "6 weeks"), (95, "3 months")],
)
def test_days_are_said_as_people_say_them(days, words):
    assert how_long(days) == words


def _came(area, days, *, sent=datetime(2026, 6, 1, 9, tzinfo=UTC)):
    volunteer = VolunteerFactory(area=area)
    for move, after in (("submit", 0), ("invite", days), ("offer", days + 7)):
        HistoryLineFactory(volunteer=volunteer, move=move, at=sent + timedelta(days=after))


def test_the_pages_say_what_was_counted_and_cost_the_same_for_five_and_for_fifty(browser, session, count_queries):
    area = AreaFactory(slug="darlington", scheme=SchemeFactory(slug="bridgeway"))
    elsewhere = AreaFactory()
    for days in (3, 5, 6, 8, 20):
        _came(area, days)
        _came(elsewhere, 100)
    with clock.moved_to(NOW), count_queries() as few:
        found = days_to_each_step(area.scheme_id)
    assert sorted(days for _, days in found["invite"]) == [3, 5, 6, 8, 20]
    for days in range(45):
        _came(area, days)
    with clock.moved_to(NOW), count_queries() as many:
        days_to_each_step(area.scheme_id)
    assert few.total == many.total == 1


def test_a_page_says_it_in_words(browser, session, monkeypatch):
    today = clock.today()
    begins_on, _ = two_quarters_before(today)
    area = AreaFactory(slug="darlington", scheme=SchemeFactory(slug="bridgeway"))
    assert browser.get("/schemes/bridgeway/darlington").text.count("Not enough people yet to say") == 4
    for _ in range(5):
        _came(area, 6, sent=datetime(begins_on.year, begins_on.month, 2, 9, tzinfo=UTC))
    browser.get("/schemes/bridgeway/darlington")
    assert browser.sees("We ask you to come and talk with us 6 days 5 people", "We leave out people who stopped")
    assert browser.text.count("Not enough people yet to say") == 2
    assert browser.get("/schemes/bridgeway").sees("We offer you a place 13 days 5 people")
