"""Asking practitioners, what they answer, asking again on the day they named, and the gate that follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select

from portal import clock
from portal.access import Role
from portal.applications import services as applications
from portal.applications.models import Application
from portal.applications.rules import Progress, Section
from portal.audit.models import AuditLine
from portal.audit.rules import Outsider
from portal.database import session as database
from portal.messages.models import Message
from portal.recommendations import gates, queries, services
from portal.recommendations.models import RecommendationState
from portal.recommendations.rules import Answer, Answers, Cannot, NotYet, reasons_not_that_day
from portal.refusals import Refused
from portal.schemes.rules import Asks, Route
from portal.volunteers.journey import Stage
from portal.volunteers.rules import GateState
from tests.factories import ApplicationFactory, RecommendationFactory, UserFactory, VolunteerFactory

BY_LINK = Outsider("Practitioner by link")
YES = Answers(Answer.RECOMMEND, how_known="Her probation practitioner", how_long="A year", support="A quiet room")


def later(days=90):
    return clock.today() + timedelta(days=days)


def not_yet(day=None, **changes):
    given = {"kinds": (NotYet.SETTLING,), "words": "Give her the summer", "look_again_on": day or later()}
    return replace(YES, answer=Answer.NOT_YET, **(given | changes))


def worker(volunteer):
    return UserFactory(role=Role.COORDINATOR, area=volunteer.area)


def asked(**changes):
    volunteer = changes.pop("volunteer", None) or VolunteerFactory(stage=Stage.APPLIED)
    given = {"name": "Priya", "job": "", "organisation": "", "email": "Priya@example.org", "phone": ""}
    return services.name_practitioner(volunteer, **(given | changes), by=worker(volunteer))


def letters(session, *, to_address=None):
    return [
        each.template for each in session.scalars(select(Message).order_by(Message.id))
        if to_address in {None, each.to_address}
    ]  # fmt: skip


def came_back(session, made):
    """The newest letter to this practitioner was for an address where nobody is."""
    sent = select(Message).where(Message.to_address == made.email).order_by(Message.id.desc())
    services.mind_bounce(session.scalars(sent).first())


def gate(volunteer):
    return gates.gates([volunteer])[volunteer.id][0]


def applying(route=Route.PRACTITIONER, **prompted):
    told = {"practitioner_name": "Priya", "practitioner_email": "priya@example.org", "practitioner_job": "Key worker"}
    application = ApplicationFactory(
        volunteer=VolunteerFactory(stage=Stage.APPLYING, route=route), prompted=told | prompted
    )
    return application.volunteer


def submit(volunteer):
    """Send their application as it is."""
    application = database.scalars(select(Application).where(Application.volunteer_id == volunteer.id)).one()
    application.submitted_at = None
    application.sections_done = Progress(done=frozenset(Section)).text()
    volunteer.scheme.settings = replace(volunteer.scheme.settings, references_needed=0)
    database.flush()
    applications.submit(application, by=Outsider("Them"))


def test_the_practitioner_named_in_an_application_is_asked_when_it_is_sent(session):
    volunteer = applying()
    submit(volunteer)
    (made,) = queries.own_recommendations(volunteer)
    assert (made.name, made.job, made.state) == ("Priya", "Key worker", RecommendationState.REQUESTED)
    (letter,) = session.scalars(select(Message).where(Message.template == "recommendation_asked"))
    assert f"/recommend/{queries.token_of(made)}" in letter.body
    assert letter.to_address == "priya@example.org"


def test_a_way_in_that_asks_for_none_asks_nobody(session):
    volunteer = applying(Route.OPEN_WEB)
    submit(volunteer)
    assert queries.own_recommendations(volunteer) == []


@pytest.mark.parametrize("lacking", [{"practitioner_name": ""}, {"practitioner_email": "", "practitioner_phone": ""}])
def test_nobody_is_asked_whom_nobody_can_reach(session, lacking):
    volunteer = applying(**lacking)
    submit(volunteer)
    assert queries.own_recommendations(volunteer) == []


def test_applying_again_does_not_ask_the_same_practitioner_twice(session):
    volunteer = applying()
    submit(volunteer)
    services.answer(queries.own_recommendations(volunteer)[0], YES, by=BY_LINK)
    volunteer.stage = Stage.APPLYING
    submit(volunteer)
    (only,) = queries.own_recommendations(volunteer)
    assert only.state is RecommendationState.RECOMMENDED


def test_only_the_hash_of_the_links_secret_is_kept_and_a_chaser_sends_the_same_link(session):
    made = asked()
    token = queries.token_of(made)
    assert len(token) == 48
    assert made.token_hash == queries.hashed(token) != token
    assert queries.recommendation_by_link(token) is made
    services.chase(clock.now() + timedelta(days=7, hours=1))
    (letter,) = session.scalars(select(Message).where(Message.template == "recommendation_reminder"))
    assert f"/recommend/{token}" in letter.body


def test_the_practitioner_is_told_the_name_and_that_they_applied_and_nothing_more(session):
    volunteer = VolunteerFactory(
        stage=Stage.APPLIED, email="anwen@example.org", phone="+447700900123", access_needs="A ramp"
    )
    asked(volunteer=volunteer)
    (letter,) = session.scalars(select(Message))
    said = letter.subject + letter.body
    assert volunteer.name in said
    for secret in ("anwen@example.org", "7700900123", "ramp", volunteer.reference, volunteer.area.name):
        assert secret not in said


def test_a_new_address_kills_the_old_link(session):
    made = asked()
    old = queries.token_of(made)
    services.send_again(made, email="priya@new.example", phone="", by=worker(made.volunteer))
    assert queries.recommendation_by_link(old) is None
    assert queries.recommendation_by_link(queries.token_of(made)) is made
    assert letters(session, to_address="priya@new.example") == ["recommendation_asked"]


def test_a_yes_meets_the_gate_and_closes_the_link(session):
    made = asked()
    assert (gate(made.volunteer).state, gate(made.volunteer).owner) == (GateState.WAITING, "The practitioner")
    services.open_link(made, by=BY_LINK)
    services.answer(made, YES, by=BY_LINK)
    assert gate(made.volunteer).state is GateState.MET
    assert Answers.from_json(made.answers) == YES
    assert letters(session, to_address=made.email)[-1] == "recommendation_received"
    with pytest.raises(Refused, match="no longer works"):
        services.answer(made, YES, by=BY_LINK)


def test_not_yet_waits_until_its_day_and_the_applicant_hears_the_month_and_no_reason(session):
    made = asked()
    day = date(clock.today().year + 1, 3, 4) if clock.today().month > 4 else later()
    services.answer(made, not_yet(day), by=BY_LINK)
    found = gate(made.volunteer)
    assert (found.state, found.why) == (GateState.WAITING, f"not yet: we ask again on {day.day} {day:%B %Y}")
    (letter,) = session.scalars(select(Message).where(Message.template == "recommendation_not_yet"))
    assert f"look again in {day:%B %Y}" in letter.body
    for private in ("settling", "summer", f"{day.day} {day:%B}"):
        assert private not in letter.subject + letter.body


def test_on_the_day_they_are_asked_again_once_with_a_fresh_link_and_what_was_said_is_kept(session):
    made = asked()
    services.answer(made, not_yet(), by=BY_LINK)
    old, at = queries.token_of(made), clock.now()
    assert services.look_again(at + timedelta(days=88)) == 0
    assert services.look_again(at + timedelta(days=90)) == 1
    assert services.look_again(at + timedelta(days=90)) == 0
    assert (made.state, made.link_number, made.times_asked) == (RecommendationState.REQUESTED, 2, 2)
    assert queries.token_of(made) != old
    assert queries.recommendation_by_link(old) is None
    assert [Answers.from_json(each).words for each in made.earlier] == ["Give her the summer"]
    assert letters(session, to_address=made.email).count("recommendation_asked_again") == 1
    services.answer(made, not_yet(later(30)), by=BY_LINK)  # and again, as often as they say so
    assert services.look_again(at + timedelta(days=130)) == 1
    assert made.link_number == 3


@pytest.mark.parametrize("stage", [Stage.WITHDRAWN, Stage.DECLINED, Stage.LEFT])
def test_nobody_is_asked_again_about_somebody_who_has_stopped_until_they_come_back(session, stage):
    made = asked()
    services.answer(made, not_yet(), by=BY_LINK)
    made.volunteer.stage = stage
    session.flush()
    assert services.look_again(clock.now() + timedelta(days=91)) == 0
    made.volunteer.stage = Stage.APPLIED
    session.flush()
    assert services.look_again(clock.now() + timedelta(days=92)) == 1


def test_a_link_of_somebody_who_withdrew_takes_no_answer(session):
    made = asked()
    made.volunteer.stage = Stage.WITHDRAWN
    with pytest.raises(Refused, match="no longer works"):
        services.answer(made, YES, by=BY_LINK)


def test_somebody_who_cannot_answer_gives_no_reason_and_the_applicant_may_name_somebody_else(session):
    made = asked()
    services.answer(made, Answers(Answer.CANNOT, cannot_why=Cannot.CONFLICT), by=BY_LINK)
    assert gate(made.volunteer).why == "could not say: somebody else must be asked"
    (letter,) = session.scalars(select(Message).where(Message.template == "recommendation_cannot"))
    assert "conflict" not in letter.body.lower()
    other = asked(volunteer=made.volunteer, name="Olu", email="olu@example.org")
    services.answer(other, YES, by=BY_LINK)
    assert gate(made.volunteer).state is GateState.MET


def test_whoever_asks_to_be_rung_is_rung_before_the_gate_is_met(session):
    made = asked()
    services.answer(made, replace(YES, speak_first=True), by=BY_LINK)
    found = gate(made.volunteer)
    assert (found.state, found.owner) == (GateState.WAITING, "The coordinator")
    assert "rung" in found.why
    services.note_call(made, words="All is well", goes_on=True, by=worker(made.volunteer))
    assert gate(made.volunteer).state is GateState.MET
    with pytest.raises(Refused, match="rung them already"):
        services.note_call(made, words="Again", goes_on=True, by=worker(made.volunteer))


def test_a_call_after_which_it_cannot_go_on_leaves_the_gate_unmet(session):
    made = asked()
    services.answer(made, replace(YES, speak_first=True), by=BY_LINK)
    services.note_call(made, words="To be talked over", goes_on=False, by=worker(made.volunteer))
    assert gate(made.volunteer).state is GateState.REFUSED


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        (replace(YES, how_known=" "), "how you know them"),
        (replace(YES, how_long=""), "how long"),
        (replace(YES, answer=Answer.NOT_YET), "day when we should ask you again"),
    ],
)
def test_answers_that_are_not_whole_are_refused(session, answers, words):
    with pytest.raises(Refused, match=words):
        services.answer(asked(), answers, by=BY_LINK)


def test_the_day_to_ask_again_is_after_today_and_within_a_year():
    today = date(2026, 11, 22)
    assert reasons_not_that_day(today, today=today) == ["The day when we ask again must be in the future"]
    assert reasons_not_that_day(today + timedelta(days=1), today=today) == []
    assert reasons_not_that_day(date(2028, 1, 1), today=today) == ["The day when we ask again must be within a year"]


def test_each_chaser_goes_out_once_on_its_day_to_the_practitioner_and_two_days_later_to_the_applicant(session):
    made, start = asked(), clock.now()
    for hour in range(0, 40 * 24, 6):
        services.chase(start + timedelta(hours=hour))
    assert letters(session, to_address=made.email) == ["recommendation_asked", *["recommendation_reminder"] * 3]
    assert letters(session).count("recommendation_waiting") == 3


def test_nobody_is_chased_after_an_answer_a_bounce_or_the_end_of_the_link(session):
    answered, bounced = asked(), asked(email="gone@example.org")
    services.answer(answered, YES, by=BY_LINK)
    came_back(session, bounced)
    assert services.chase(clock.now() + timedelta(days=15)) == 0
    assert gate(bounced.volunteer).why == "the letter came back: another address is wanted"


def test_a_bounce_kills_the_link(session):
    made = asked()
    came_back(session, made)
    with pytest.raises(Refused, match="no longer works"):
        services.answer(made, YES, by=BY_LINK)


@pytest.mark.parametrize("other", [{"to_address": "other@example.org"}, {"template": "recommendation_received"}])
def test_what_comes_back_from_somebody_else_or_after_the_answer_kills_no_link(session, other):
    made = asked()
    (sent,) = session.scalars(select(Message).where(Message.to_address == made.email))
    for name, value in other.items():
        setattr(sent, name, value)
    services.mind_bounce(sent)
    assert made.bounced_at is None


def test_a_letter_to_the_address_before_says_nothing_of_the_new_one(session):
    made = asked()
    (first,) = session.scalars(select(Message).where(Message.to_address == made.email))
    with time_machine.travel(clock.now() + timedelta(minutes=5), tick=False):
        services.send_again(made, email=made.email, phone="", by=worker(made.volunteer))
    services.mind_bounce(first)
    assert made.bounced_at is None


def test_an_unanswered_link_ends_and_staff_are_told_to_ask(session):
    made = asked()
    assert services.expire(clock.now() + timedelta(days=41)) == 0
    assert services.expire(clock.now() + timedelta(days=42)) == 1
    assert (made.state, gate(made.volunteer).owner) == (RecommendationState.EXPIRED, "The coordinator")


def test_by_phone_names_who_wrote_it_down_and_works_when_the_link_is_too_old(session):
    made = asked(email="", phone="+441632960001")
    assert letters(session) == []
    assert gate(made.volunteer).why == "to be asked by phone"
    services.expire(clock.now() + timedelta(days=50))
    ringer = worker(made.volunteer)
    services.answer(made, replace(YES, by_phone_to=f"{ringer.name}, who spoke to Priya"), by=ringer)
    assert (made.state, made.recorded_by_id) == (RecommendationState.RECOMMENDED, ringer.id)
    assert letters(session) == []


def test_nobody_recommends_themselves(session):
    user = UserFactory()
    volunteer = VolunteerFactory(stage=Stage.APPLIED, user=user, email="me@example.org", phone="+447700900123")
    for own in ({"email": "Me@example.org"}, {"phone": "+447700900123", "email": ""}, {"name": volunteer.name}):
        with pytest.raises(Refused, match="applicant’s own"):
            asked(volunteer=volunteer, **own)
    with pytest.raises(Refused, match="another worker"):
        services.answer(asked(volunteer=volunteer), replace(YES, by_phone_to="Me"), by=user)


def test_the_same_practitioner_is_not_named_twice(session):
    made = asked()
    with pytest.raises(Refused, match="already"):
        asked(volunteer=made.volunteer, email="PRIYA@example.org")


def test_nothing_a_practitioner_said_is_in_the_record(session):
    made = asked()
    services.answer(made, not_yet(), by=BY_LINK)
    services.look_again(clock.now() + timedelta(days=90))
    session.commit()
    lines = [line for line in session.scalars(select(AuditLine)) if line.table_name == "recommendation"]
    assert lines
    assert "summer" not in str([(line.before, line.after) for line in lines])


def test_a_gate_makes_it_required_and_a_setting_optional(session):
    settings = VolunteerFactory().scheme.settings
    assert settings.asks_recommendation(Route.OPEN_WEB) is Asks.NO
    assert settings.asks_recommendation(Route.PRACTITIONER) is Asks.OPTIONAL
    strict = replace(settings, gates_by_route={"job_centre": ("recommendation", "dbs")})
    assert strict.asks_recommendation(Route.JOB_CENTRE) is Asks.REQUIRED


def test_the_gates_of_one_and_of_eighty_cost_one_query(session, count_queries):
    people = [RecommendationFactory(volunteer__stage=Stage.APPLIED).volunteer for _ in range(12)]
    with count_queries() as one:
        gates.gates(people[:1])
    with count_queries() as many:
        gates.gates(people)
    assert one.total == many.total == 1


def test_the_list_sorts_out_who_has_to_be_rung_who_is_waited_for_and_who_comes_later(session):
    volunteer = VolunteerFactory(stage=Stage.APPLIED)
    made = {key: asked(volunteer=volunteer, email=f"{key}@example.org") for key in ("call", "wait", "later", "back")}
    services.answer(made["call"], replace(YES, speak_first=True), by=BY_LINK)
    services.answer(made["later"], not_yet(), by=BY_LINK)
    came_back(session, made["back"])
    found = queries.sorted_out(queries.to_look_at(seen_by=worker(volunteer)))
    assert found.to_ring == [made["call"], made["back"]] or found.to_ring == [made["back"], made["call"]]
    assert (found.waiting, found.later) == ([made["wait"]], [made["later"]])
    assert queries.to_look_at(seen_by=UserFactory(role=Role.COORDINATOR)) == []


def test_nobody_waits_for_an_answer_about_somebody_with_a_place_but_what_was_said_is_still_looked_at(session):
    made = asked()
    volunteer = made.volunteer
    volunteer.stage = Stage.READY
    session.flush()
    assert queries.to_look_at(seen_by=worker(volunteer)) == []
    services.answer(made, replace(YES, speak_first=True), by=BY_LINK)
    assert queries.to_look_at(seen_by=worker(volunteer)) == [made]
