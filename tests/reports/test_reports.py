"""Figures: what is counted, for whom small numbers are hidden, and the file."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from portal import clock
from portal.access import Role
from portal.certification.models import CertificateState
from portal.cohorts.models import EnrolmentState
from portal.enquiries.models import Outcome
from portal.reports import queries
from portal.reports.rules import HIDDEN, NOT_SUMMED, Figure, quarters, reasons_not_a_period, suppressed, total
from portal.volunteers.journey import Stage
from tests.factories import (
    AreaFactory,
    CertificateFactory,
    CohortFactory,
    DeclineFactory,
    EnquiryFactory,
    EnrolmentFactory,
    HistoryLineFactory,
    RoleHeldFactory,
    SchemeFactory,
    UserFactory,
    VolunteerFactory,
)

counts = st.lists(st.integers(0, 60), max_size=8)


@pytest.fixture
def area(session):
    return AreaFactory(scheme=SchemeFactory(), name="Darlington")


@pytest.mark.parametrize(("count", "words"), [(0, "0"), (1, HIDDEN), (4, HIDDEN), (5, "5"), (120, "120")])
def test_one_to_four_people_are_too_few_to_be_shown(count, words):
    assert suppressed(count) == words


@given(counts)
def test_a_sum_is_shown_to_a_funder_only_when_no_part_of_it_is_hidden(parts):
    said = total(parts, is_suppressed=True)
    assert (said == NOT_SUMMED) == any(suppressed(part) == HIDDEN for part in parts)
    assert total(parts, is_suppressed=False) == str(sum(parts))


def test_a_period_does_not_end_before_it_begins():
    day = date(2026, 11, 1)
    assert reasons_not_a_period(day, day) == reasons_not_a_period(None, day) == []
    assert reasons_not_a_period(day, date(2026, 10, 31)) == ["The last day must not be before the first"]


def figures(area, role=Role.COORDINATOR, **period):
    return queries.figures(seen_by=UserFactory(role=role, scheme=area.scheme), **period)


def test_people_are_counted_at_their_stage_in_their_area(area):
    other = AreaFactory(scheme=area.scheme)
    for place, stage in (
        (area, Stage.ACTIVE),
        (area, Stage.ACTIVE),
        (other, Stage.APPLIED),
        (AreaFactory(), Stage.LEFT),
    ):
        VolunteerFactory(area=place, stage=stage)
    found = figures(area)
    assert found.at_stage[area.id][Stage.ACTIVE] == 2
    assert found.at_stage[other.id][Stage.APPLIED] == 1
    assert {each.id for each in found.areas} == {area.id, other.id}
    assert sum(bar[1] for bar in found.stage_bars()) == 3


def test_a_period_counts_both_its_days_and_nobody_twice(area):
    begins, ends = date(2026, 3, 1), date(2026, 3, 31)
    for day in (date(2026, 2, 28), begins, ends, date(2026, 4, 1)):
        place = EnrolmentFactory(
            cohort=CohortFactory(area=area), joined_on=day, ended_on=day, state=EnrolmentState.COMPLETED
        )
        CertificateFactory(enrolment=place, issued_on=day)
        HistoryLineFactory(
            volunteer=place.volunteer, move="approve", from_stage=Stage.CERTIFIED, to_stage=Stage.ACTIVE,
            at=datetime(day.year, day.month, day.day, 0, 30, tzinfo=clock.LONDON),
        )  # fmt: skip
        said = datetime(day.year, day.month, day.day, 0, 30, tzinfo=clock.LONDON)
        EnquiryFactory(area=area, made_at=said, reply_by=day, answered_at=said, outcome=Outcome.APPLYING)
    found = figures(area, begins_on=begins, ends_on=ends)
    assert found.in_period[area.id] == dict.fromkeys(Figure, 2)


def test_of_the_hellos_of_a_period_it_is_said_how_many_were_answered_by_their_day_and_how_many_applied(area):
    day, later = date(2026, 5, 8), datetime(2026, 8, 20, 12, tzinfo=clock.LONDON)
    for made, answered, outcome in (
        (datetime(2026, 4, 1, 0, 10, tzinfo=clock.LONDON), datetime(2026, 5, 8, 23, 50, tzinfo=clock.LONDON),
         Outcome.NOT_NOW),
        (datetime(2026, 5, 1, 9, tzinfo=clock.LONDON), datetime(2026, 5, 9, 0, 10, tzinfo=clock.LONDON),
         Outcome.APPLYING),
        (datetime(2026, 6, 30, 23, 50, tzinfo=clock.LONDON), None, None),
        (datetime(2026, 7, 1, 0, 10, tzinfo=clock.LONDON), later, Outcome.APPLYING),
    ):  # fmt: skip
        EnquiryFactory(area=area, made_at=made, reply_by=day, answered_at=answered, outcome=outcome)
    EnquiryFactory(made_at=later)  # another scheme's
    spring = quarters(date(2026, 6, 30), how_many=1)[0]
    found = figures(area, begins_on=spring.begins_on, ends_on=spring.ends_on).in_period[area.id]
    assert [found[each] for each in (Figure.HELLOS, Figure.IN_TIME, Figure.APPLIED)] == [3, 1, 1]


def test_few_hellos_are_hidden_from_a_funder_like_few_people(area):
    EnquiryFactory.create_batch(4, area=area)
    row = next(row for row in figures(area, Role.FUNDER_READER).period_table().rows if row[0] == "Said hello")
    assert row[1:] == [HIDDEN, NOT_SUMMED]


def test_quarters_begin_with_the_one_of_today():
    assert [(each.begins_on, each.ends_on) for each in quarters(date(2026, 2, 28), how_many=2)] == [
        (date(2026, 1, 1), date(2026, 3, 31)), (date(2025, 10, 1), date(2025, 12, 31)),
    ]  # fmt: skip


def test_a_quarter_is_one_tap_away(browser, area):
    with time_machine.travel(datetime(2026, 11, 22, 12, tzinfo=UTC)):
        browser.sign_in_as(UserFactory(role=Role.COORDINATOR, scheme=area.scheme)).get("/reports")
        browser.click("July to September 2026")
    assert browser.sees("What happened: 1 July 2026 to 30 September 2026")


def test_a_certificate_counts_once_however_often_it_is_printed_anew_and_not_when_withdrawn(area):
    first = CertificateFactory(
        enrolment=EnrolmentFactory(cohort=CohortFactory(area=area)), state=CertificateState.REPLACED,
        ended_at=clock.now(), ended_because="A wrong name",
    )  # fmt: skip
    CertificateFactory(enrolment=first.enrolment, replaces_id=first.id)
    CertificateFactory(
        enrolment=EnrolmentFactory(cohort=first.enrolment.cohort), state=CertificateState.WITHDRAWN,
        ended_at=clock.now(), ended_because="By mistake",
    )  # fmt: skip
    assert figures(area).in_period[area.id][Figure.CERTIFIED] == 1


def test_figures_cost_the_same_for_one_and_for_eighty(area, count_queries, session):
    VolunteerFactory(area=area)
    user = UserFactory(role=Role.COORDINATOR, scheme=area.scheme)

    def cost():
        with count_queries() as counted:
            queries.figures(seen_by=user)
        return counted.total

    cost()  # reads the roles of whoever looks
    for_one = cost()
    for stage in (*Stage, *Stage):
        EnrolmentFactory(volunteer=VolunteerFactory(area=area, stage=stage), cohort=CohortFactory(area=area))
        EnquiryFactory(area=area, answered_at=clock.now(), outcome=Outcome.NOT_NOW)
    assert cost() == for_one == 7


def test_only_somebody_who_is_a_funder_and_nothing_else_has_small_numbers_hidden(area):
    assert figures(area, Role.FUNDER_READER).is_suppressed
    assert not figures(area).is_suppressed
    both = UserFactory(role=Role.FUNDER_READER, scheme=area.scheme)
    RoleHeldFactory(user=both, role=Role.APPROVER, scheme=area.scheme)
    assert not queries.figures(seen_by=both).is_suppressed


def test_a_funder_has_small_numbers_hidden_whatever_else_they_are_elsewhere(area):
    own = AreaFactory()
    for each in (area, own):
        VolunteerFactory(area=each, stage=Stage.ACTIVE)
    funder = UserFactory(role=Role.FUNDER_READER, scheme=area.scheme)
    RoleHeldFactory(user=funder, role=Role.VOLUNTEER, scheme=area.scheme, area=area)
    RoleHeldFactory(user=funder, role=Role.COORDINATOR, scheme=own.scheme, area=own)
    found = queries.figures(seen_by=funder)
    row = next(row for row in found.stage_table().rows if row[0] == "Active")
    said = dict(zip(found.areas, row[1:], strict=False))
    assert (said[area], said[own], row[-1]) == (HIDDEN, "1", NOT_SUMMED)
    assert ("Active", 0, NOT_SUMMED) in found.stage_bars()


def test_a_coordinator_sees_pictures_tables_and_what_each_figure_counts(browser, area):
    for _ in range(3):
        VolunteerFactory(area=area, stage=Stage.ACTIVE)
    browser.sign_in_as(UserFactory(role=Role.COORDINATOR, scheme=area.scheme)).get("/reports")
    assert browser.sees("People at each stage, all areas", "Darlington", "Active 3 3", "Certified:")
    assert "<svg" in browser.html


def test_a_funder_cannot_work_out_a_small_number_from_page_or_file(browser, area):
    other = AreaFactory(scheme=area.scheme)
    for _ in range(3):
        VolunteerFactory(area=area, stage=Stage.ACTIVE)
    for _ in range(7):
        VolunteerFactory(area=other, stage=Stage.ACTIVE)
    browser.sign_in_as(UserFactory(role=Role.FUNDER_READER, scheme=area.scheme)).get("/reports")
    assert browser.sees("Fewer than 5", "Not shown", "7")
    assert not browser.sees("Active 10")
    browser.click("Download for a spreadsheet")
    active = next(row for row in csv.reader(io.StringIO(browser.body.decode("utf-8-sig"))) if row[0] == "Active")
    assert sorted(active[1:4]) == ["7", "Fewer than 5", "Not shown"]


def test_the_file_carries_the_period_and_takes_no_area_for_a_formula(browser, area, session):
    area.name = "=1+1"
    session.commit()
    browser.sign_in_as(UserFactory(role=Role.COORDINATOR, scheme=area.scheme)).get("/reports")
    browser.fill({"From": date(2026, 3, 1), "To": date(2026, 3, 31)}).submit("Show")
    assert browser.sees("What happened: 1 March 2026 to 31 March 2026")
    browser.click("Download for a spreadsheet")
    text = browser.body.decode("utf-8-sig")
    assert "'=1+1" in text.splitlines()[0]
    assert "1 March 2026 to 31 March 2026" in text


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("begins_on=31&begins_on=2&begins_on=2026", "The first day must be a real date, like 27 3 1985"),
        (
            "begins_on=2&begins_on=2&begins_on=2026&ends_on=1&ends_on=2&ends_on=2026",
            "The last day must not be before the first",
        ),
        ("ends_on=x", "The last day must include a month and year"),
    ],
)
@pytest.mark.parametrize("path", ["/reports", "/reports/figures.csv"])
def test_a_period_that_is_none_is_said_at_the_field(browser, area, query, error, path):
    browser.sign_in_as(UserFactory(role=Role.COORDINATOR, scheme=area.scheme)).get(f"{path}?{query}", status=422)
    assert browser.errors == [error]


def test_before_there_is_an_area_the_page_says_so(browser):
    browser.sign_in_as(UserFactory(role=Role.APPROVER, scheme=SchemeFactory())).get("/reports")
    assert browser.sees("There are no areas yet")


def test_why_a_place_was_not_offered_is_read_inside_the_scheme_only(browser, session, area):
    DeclineFactory(volunteer=VolunteerFactory(area=area), kind="full", told_at=clock.now())
    DeclineFactory(volunteer=VolunteerFactory(area=area), kind="not_yet")  # nobody has told them
    worker, funder = (UserFactory(role=role, scheme=area.scheme) for role in (Role.COORDINATOR, Role.FUNDER_READER))
    session.commit()
    browser.sign_in_as(worker).get("/reports")
    assert browser.sees("Why a place was not offered", "There is no place")
    assert not browser.sees("The time is not right")
    assert not browser.get("/reports?ends_on=1&ends_on=1&ends_on=2020").sees("There is no place")
    assert not browser.sign_in_as(funder).get("/reports").sees("Why a place was not offered")
