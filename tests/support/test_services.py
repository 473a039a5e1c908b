"""What trainers may know, the learner's own say, and two people who must not share a group."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from portal import clock
from portal.access import Role
from portal.audit.models import Action, AuditLine
from portal.refusals import Refused
from portal.support import queries, services
from portal.support.models import LearnerPlan
from portal.support.rules import Needs
from portal.support.services import Agreed, PlanRefused
from tests.factories import (
    AreaFactory,
    KeptApartFactory,
    LearnerPlanFactory,
    SchemeFactory,
    UserFactory,
    VolunteerFactory,
)


@pytest.fixture
def area(session):
    return AreaFactory()


@pytest.fixture
def coordinator(area):
    return UserFactory(role=Role.COORDINATOR, area=area)


def agreed(**given):
    facts = {
        "support_needs": "A seat near the door", "adjustments": "", "access_arrangements": "",
        "may_trainers_see": False, "agreed_on": None, "agreed_with_id": None, "review_on": None,
    }  # fmt: skip
    return Agreed(**facts | given)


def test_trainers_know_a_plan_only_of_those_who_agreed(area):
    seen = LearnerPlanFactory(volunteer__area=area).volunteer
    hidden = LearnerPlanFactory(volunteer__area=area, may_trainers_see=False).volunteer
    nothing = VolunteerFactory(area=area)
    assert queries.needs_of([seen.id, hidden.id, nothing.id]) == {
        seen.id: Needs("A seat near the door.", "Large print.", "A step-free way in.")
    }


def test_what_an_applicant_agreed_to_share_is_known_before_there_is_a_plan(area):
    shares = VolunteerFactory(area=area, access_needs="Captions", may_share_access_needs=True)
    keeps = VolunteerFactory(area=area, access_needs="Captions", may_share_access_needs=False)
    assert queries.needs_of([shares.id, keeps.id]) == {shares.id: Needs("Captions")}


def test_what_the_learner_told_us_since_stands_beside_the_plan_and_not_twice(area):
    person = VolunteerFactory(area=area, access_needs="Captions", may_share_access_needs=True)
    plan = LearnerPlanFactory(
        volunteer=person, support_needs="A break each hour", adjustments="", access_arrangements=""
    )
    assert queries.needs_of([person.id])[person.id].support_needs == "A break each hour\n\nCaptions"
    plan.support_needs = "Captions, and a break each hour"
    assert queries.needs_of([person.id])[person.id].support_needs == "Captions, and a break each hour"


def test_a_plan_that_trainers_may_not_see_hides_what_was_shared_before(area):
    person = VolunteerFactory(area=area, access_needs="Captions", may_share_access_needs=True)
    LearnerPlanFactory(volunteer=person, may_trainers_see=False)
    assert queries.needs_of([person.id]) == {}


def test_a_group_of_eighty_costs_one_statement_like_one_person(area, count_queries):
    ids = [LearnerPlanFactory(volunteer__area=area).volunteer_id for _ in range(5)]
    for some in (ids[:1], ids, [*ids, *range(10_000, 10_075)]):
        with count_queries() as counted:
            queries.needs_of(some)
        assert counted.total == 1


def test_a_plan_is_kept_encrypted_and_out_of_the_record(session, area, coordinator):
    person = VolunteerFactory(area=area)
    services.save_plan(person, None, agreed(support_needs="Sit near the door"), by=coordinator)
    session.commit()
    (raw,) = session.execute(text("SELECT support_needs FROM learner_plan")).one()
    assert b"door" not in bytes(raw)
    lines = session.scalars(select(AuditLine).where(AuditLine.table_name == "learner_plan")).all()
    assert [line.action for line in lines] == [Action.ADDED]
    assert "door" not in str(lines[0].after)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"agreed_on": clock.today() + timedelta(days=1), "agreed_with_id": 0}, "agreed_on"),
        ({"agreed_on": clock.today()}, "agreed_with"),
        ({"agreed_with_id": 0}, "agreed_on"),
        ({"review_on": clock.today() - timedelta(days=1)}, "review_on"),
        ({"may_trainers_see": True}, "may_trainers_see"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused_at_its_field(session, area, coordinator, wrong, field):
    wrong = {name: coordinator.id if value == 0 else value for name, value in wrong.items()}
    with pytest.raises(PlanRefused) as refused:
        services.save_plan(VolunteerFactory(area=area), None, agreed(**wrong), by=coordinator)
    assert field in [name for name, _ in refused.value.at]
    assert session.scalar(select(func.count()).select_from(LearnerPlan)) == 0


def test_only_somebody_who_works_there_can_have_gone_through_it(area, coordinator):
    stranger = UserFactory(role=Role.COORDINATOR)
    with pytest.raises(PlanRefused, match="works with this person"):
        services.save_plan(
            VolunteerFactory(area=area), None, agreed(agreed_on=clock.today(), agreed_with_id=stranger.id),
            by=coordinator,
        )  # fmt: skip


def test_a_day_to_look_again_that_has_come_may_stay_while_something_else_changes(area, coordinator):
    plan = LearnerPlanFactory(volunteer__area=area, review_on=clock.today() - timedelta(days=3))
    kept = agreed(review_on=plan.review_on, adjustments="More time", may_trainers_see=True)
    assert services.save_plan(plan.volunteer, plan, kept, by=coordinator).adjustments == "More time"


def test_plans_whose_day_has_come_and_wishes_of_learners_are_listed(area, coordinator):
    today = clock.today()
    due = LearnerPlanFactory(volunteer__area=area, review_on=today)
    LearnerPlanFactory(volunteer__area=area, review_on=today + timedelta(days=1))
    LearnerPlanFactory(review_on=today)
    wish = VolunteerFactory(area=area, user=UserFactory())
    services.comment(wish, words="The print is too small", asks_for_change=True, by=wish.user)
    rows = queries.plans_to_review(seen_by=coordinator)
    assert [row.volunteer_id for row in rows] == [wish.id, due.volunteer_id]


def test_saving_the_plan_answers_the_wish_of_the_learner(area, coordinator):
    person = VolunteerFactory(area=area, user=UserFactory(), access_needs="Captions")
    plan = services.comment(person, words="Please make it bigger", asks_for_change=True, by=person.user)
    assert (plan.support_needs, plan.comment) == ("Captions", "Please make it bigger")
    services.save_plan(person, plan, agreed(), by=coordinator)
    assert queries.plans_to_review(seen_by=coordinator) == []
    assert plan.comment == "Please make it bigger"


def test_a_wish_without_words_is_refused(area):
    person = VolunteerFactory(area=area, user=UserFactory())
    with pytest.raises(Refused, match="Say what you would like"):
        services.comment(person, words=" ", asks_for_change=True, by=person.user)


def test_taking_the_say_back_closes_everything_at_once_and_giving_it_opens_it(area):
    person = VolunteerFactory(area=area, user=UserFactory(), access_needs="Captions", may_share_access_needs=True)
    LearnerPlanFactory(volunteer=person)
    services.say_who_may_see(person, may_trainers_see=False, by=person.user)
    assert queries.needs_of([person.id]) == {}
    services.say_who_may_see(person, may_trainers_see=True, by=person.user)
    assert queries.needs_of([person.id])[person.id].adjustments == "Large print."


def test_two_people_are_kept_apart_whichever_is_named_first(session, area, coordinator):
    one, other = VolunteerFactory(area=area), VolunteerFactory(area=area)
    pair = services.keep_apart(other, one, because="A matter between families", by=coordinator)
    assert (pair.one_id, pair.other_id) == (one.id, other.id)
    for first, second in ((one, other), (other, one)):
        with pytest.raises(Refused, match="already down"):
            services.keep_apart(first, second, because="Again", by=coordinator)
    assert [each.id for each in queries.pairs_among([other.id, one.id])] == [pair.id]
    assert queries.pairs_among([one.id]) == []


def test_nobody_is_kept_apart_from_themselves_or_from_somebody_elsewhere_or_without_a_reason(area, coordinator):
    one, other = VolunteerFactory(area=area), VolunteerFactory(area=area)
    with pytest.raises(Refused, match="themselves"):
        services.keep_apart(one, one, because="A reason", by=coordinator)
    with pytest.raises(Refused, match="another scheme"):
        services.keep_apart(one, VolunteerFactory(), because="A reason", by=coordinator)
    with pytest.raises(Refused, match="Say why"):
        services.keep_apart(one, other, because="  ", by=coordinator)


def test_once_it_has_ended_they_may_share_a_group_and_be_kept_apart_again(area, coordinator):
    pair = KeptApartFactory(one__area=area)
    services.end(pair, by=coordinator)
    assert pair.ended_by_id == coordinator.id
    assert queries.pairs_among([pair.one_id, pair.other_id]) == []
    with pytest.raises(Refused, match="ended already"):
        services.end(pair, by=coordinator)
    assert services.keep_apart(pair.one, pair.other, because="It began again", by=coordinator).ended_at is None


def test_why_is_encrypted_and_reading_it_is_on_the_record_of_both(session, area, coordinator):
    pair = KeptApartFactory(one__area=area)
    (raw,) = session.execute(text("SELECT because FROM kept_apart")).one()
    assert b"families" not in bytes(raw)
    with pytest.raises(Refused, match="Say what you need"):
        services.open_reason(pair, purpose=" ", by=coordinator)
    services.open_reason(pair, purpose="To plan groups", by=coordinator)
    session.commit()
    lines = session.scalars(select(AuditLine).where(AuditLine.action == Action.SEEN)).all()
    assert [(line.volunteer_id, line.purpose) for line in lines] == [
        (pair.one_id, "To plan groups"),
        (pair.other_id, "To plan groups"),
    ]
    assert "families" not in str([(line.before, line.after) for line in session.scalars(select(AuditLine))])


def test_a_pair_is_seen_from_either_side_and_by_no_other_area(area):
    scheme = SchemeFactory()
    here, there, elsewhere = (AreaFactory(scheme=scheme) for _ in range(3))
    one = VolunteerFactory(area=here)
    pair = KeptApartFactory(one=one, other=VolunteerFactory(area=there))
    seen = [
        queries.pair(pair.id, seen_by=UserFactory(role=Role.COORDINATOR, area=place)) is not None
        for place in (here, there, elsewhere)
    ]
    assert seen == [True, True, False]
