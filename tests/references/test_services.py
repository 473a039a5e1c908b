"""Asking, answering, checking and doubting references; their links; their gate."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.access import Role
from portal.applications.models import Relation
from portal.audit.models import AuditLine
from portal.audit.rules import Outsider
from portal.messages.models import Message
from portal.references import gates, services
from portal.references.models import ReferenceState
from portal.references.rules import Answers, Grade, Recommends
from portal.refusals import Refused
from portal.volunteers.journey import Stage
from portal.volunteers.rules import GateState
from tests.factories import ApplicationFactory, RefereeFactory, ReferenceFactory, UserFactory, VolunteerFactory

BY_LINK = Outsider("Referee by link")
GOOD = Answers(
    how_known="I was her key worker", how_long="Three years", reliable=Grade.VERY, honest=Grade.VERY,
    boundaries=Grade.MOSTLY, has_concern=False, concern="", recommends=Recommends.YES, more="A kind person",
)  # fmt: skip


def asked(**changes):
    reference = ReferenceFactory(referee__application__volunteer__stage=Stage.OFFERED, **changes)
    reference.worker = UserFactory(role=Role.COORDINATOR, area=reference.volunteer.area)
    return reference


def answered(answers=GOOD, **changes):
    reference = asked(**changes)
    services.answer(reference, answers, by=BY_LINK)
    return reference


def test_a_link_has_192_random_bits_and_only_its_hash_is_kept(session):
    referee = RefereeFactory(application__volunteer__stage=Stage.OFFERED)
    volunteer = referee.application.volunteer
    ((reference, token),) = services.request_all(volunteer, by=UserFactory())
    assert len(token) == 48
    assert reference.token_hash == services.hashed(token)
    assert token not in reference.token_hash
    (message,) = [m for m in session.scalars(select(Message)) if m.template == "reference_requested"]
    assert f"/references/{token}" in message.body
    days = volunteer.scheme.settings.reference_link_days
    assert reference.expires_at - reference.requested_at == timedelta(days=days)


def test_nobody_is_asked_twice_and_an_old_link_is_renewed(session):
    reference = asked()
    volunteer, old = reference.volunteer, reference.token_hash
    assert services.request_all(volunteer, by=reference.worker) == []
    services.expire(reference.expires_at)
    ((again, _token),) = services.request_all(volunteer, by=reference.worker)
    assert again is reference
    assert (again.state, again.token_hash != old) == (ReferenceState.REQUESTED, True)


def test_references_are_not_asked_for_before_an_offer(session):
    referee = RefereeFactory(application__volunteer__stage=Stage.INTERVIEWING)
    with pytest.raises(Refused, match="once a place has been offered"):
        services.request_all(referee.application.volunteer, by=UserFactory())


def test_opening_is_noted_once(session):
    reference = asked()
    services.open_link(reference, by=BY_LINK)
    first = reference.opened_at
    services.open_link(reference, by=BY_LINK)
    assert (reference.state, reference.opened_at) == (ReferenceState.OPENED, first)


def test_an_answer_closes_the_link_and_thanks_the_referee(session):
    reference = answered()
    assert reference.state is ReferenceState.RECEIVED
    assert Answers.from_json(reference.answers) == GOOD
    assert "reference_received" in {m.template for m in session.scalars(select(Message))}
    with pytest.raises(Refused, match="no longer works"):
        services.answer(reference, GOOD, by=BY_LINK)
    with pytest.raises(Refused, match="no longer works"):
        services.decline_to_give(reference, by=BY_LINK)


def test_a_link_that_is_too_old_takes_no_answer_even_before_the_worker_has_seen_it(session):
    reference = asked(expires_at=clock.now() - timedelta(seconds=1))
    with pytest.raises(Refused, match="too old"):
        services.answer(reference, GOOD, by=BY_LINK)
    assert reference.answers is None


@pytest.mark.parametrize("stage", [Stage.WITHDRAWN, Stage.DECLINED, Stage.LEFT])
def test_a_link_dies_with_the_application(session, stage):
    reference = ReferenceFactory(referee__application__volunteer__stage=stage)
    with pytest.raises(Refused, match="no longer works"):
        services.answer(reference, GOOD, by=BY_LINK)


@pytest.mark.parametrize("doubt", [{"has_concern": True, "concern": "Shouts"}, {"recommends": Recommends.NO}])
def test_a_concern_or_a_no_must_be_looked_into_before_it_counts(session, doubt):
    reference = answered(replace(GOOD, **doubt))
    assert reference.state is ReferenceState.CONCERN
    with pytest.raises(Refused, match="why it can count"):
        services.verify(reference, how="", by=reference.worker)
    services.verify(reference, how="Talked it over: years ago, and settled", by=reference.worker)
    assert reference.state is ReferenceState.VERIFIED


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ({"how_known": " "}, "how you know them"),
        ({"how_long": ""}, "how long"),
        ({"has_concern": True}, "what your concern is"),
    ],
)
def test_an_answer_with_a_hole_in_it_is_refused(session, missing, words):
    with pytest.raises(Refused, match=words):
        services.answer(asked(), replace(GOOD, **missing), by=BY_LINK)


def test_a_referee_may_rather_not_and_somebody_else_may_be_asked(session):
    reference = asked()
    services.decline_to_give(reference, by=BY_LINK)
    assert reference.state is ReferenceState.DECLINED
    other, token = services.ask_another(
        reference.volunteer, name="Imam Yusuf", relation=Relation.COMMUNITY, organisation="", email="Y@example.org",
        phone="", years_known=4, by=reference.worker,
    )  # fmt: skip
    assert (other.state, other.referee.email, bool(token)) == (ReferenceState.REQUESTED, "y@example.org", True)


@pytest.mark.parametrize(("changes", "words"), [({"email": ""}, "or a phone number"), ({"years_known": 0}, "a year")])
def test_another_referee_must_be_reachable_and_known_a_year(session, changes, words):
    given = {"name": "A", "relation": Relation.TUTOR, "organisation": "", "email": "a@example.org", "phone": ""}
    volunteer = ApplicationFactory(volunteer__stage=Stage.OFFERED).volunteer
    with pytest.raises(Refused, match=words):
        services.ask_another(volunteer, **{**given, "years_known": 2, **changes}, by=UserFactory())


def test_a_new_link_kills_the_old_one_and_may_go_to_another_address(session):
    reference = asked()
    old = reference.token_hash
    token = services.send_again(reference, email="Right@Example.org", by=reference.worker)
    assert reference.token_hash == services.hashed(token) != old
    assert reference.referee.email == "right@example.org"
    messages = [m for m in session.scalars(select(Message)) if m.template == "reference_requested"]
    assert [m.to_address for m in messages] == ["right@example.org"]


def test_nothing_is_sent_again_to_somebody_who_answered(session):
    reference = answered()
    with pytest.raises(Refused, match="already answered"):
        services.send_again(reference, by=reference.worker)


def test_staff_write_down_what_was_said_on_the_phone_even_when_the_link_is_too_old(session):
    reference = asked(expires_at=clock.now() - timedelta(days=1))
    services.answer(reference, replace(GOOD, by_phone_to=reference.worker.name), by=reference.worker)
    assert reference.state is ReferenceState.RECEIVED
    with pytest.raises(Refused, match="already answered"):
        services.answer(reference, replace(GOOD, by_phone_to="X"), by=reference.worker)


def test_checking_says_who_and_how(session):
    reference = answered()
    with pytest.raises(Refused, match="how you checked"):
        services.verify(reference, how=" ", by=reference.worker)
    services.verify(reference, how="Rang the office", by=reference.worker)
    assert reference.verified_by_id == reference.worker.id
    with pytest.raises(Refused, match="not checked yet"):
        services.verify(reference, how="Rang again", by=reference.worker)


def test_nobody_checks_a_reference_about_themselves(session):
    user = UserFactory()
    reference = answered(referee__application__volunteer__user=user)
    with pytest.raises(Refused, match="never by the person"):
        services.verify(reference, how="It is fine", by=user)
    with pytest.raises(Refused, match="worker of the scheme"):
        services.verify(reference, how="It is fine", by=BY_LINK)


def test_a_concern_noted_later_opens_the_question_again_and_keeps_the_answers(session):
    reference = answered()
    services.verify(reference, how="Rang the office", by=reference.worker)
    services.note_concern(reference, how="Rang back with a worry", by=reference.worker)
    session.commit()
    assert (reference.state, reference.verified_at) == (ReferenceState.CONCERN, None)
    assert reference.answers["noted"][0]["words"] == "Rang back with a worry"
    assert Answers.from_json(reference.answers) == GOOD
    with pytest.raises(Refused, match="that has been given"):
        services.note_concern(asked(), how="x", by=reference.worker)


def test_links_expire_on_time_and_twice_is_once(session):
    late = asked(expires_at=clock.now() - timedelta(minutes=1))
    early = asked(expires_at=clock.now() + timedelta(minutes=5))
    given = answered()
    assert services.expire(clock.now()) == 1
    assert services.expire(clock.now()) == 0
    states = (late.state, early.state, given.state)
    assert states == (ReferenceState.EXPIRED, ReferenceState.REQUESTED, ReferenceState.RECEIVED)


def test_nothing_a_referee_said_is_in_the_audit_trail(session):
    reference = answered(replace(GOOD, has_concern=True, concern="a most secret worry"))
    services.verify(reference, how="settled after a secret talk", by=reference.worker)
    session.commit()
    lines = str([(line.before, line.after) for line in session.scalars(select(AuditLine))])
    assert "secret" not in lines
    assert reference.token_hash not in lines


def test_the_gate_follows_the_references(session):
    volunteer = VolunteerFactory(stage=Stage.OFFERED)
    application = ApplicationFactory(volunteer=volunteer)
    worker = UserFactory(role=Role.COORDINATOR, area=volunteer.area)

    def reading():
        session.flush()
        gate = gates.gates([volunteer])[volunteer.id][0]
        return gate.state, gate.owner, gate.why

    assert reading() == (GateState.NOT_STARTED, "The coordinator", "nobody has been asked yet")
    one, two = (ReferenceFactory(referee__application=application) for _ in range(2))
    assert reading() == (GateState.WAITING, "The referees", "0 of 2 checked, waiting for 2")
    services.answer(one, GOOD, by=BY_LINK)
    assert reading()[:2] == (GateState.WAITING, "The coordinator")
    services.verify(one, how="Rang", by=worker)
    assert reading() == (GateState.WAITING, "The referees", "1 of 2 checked, waiting for 1")
    services.decline_to_give(two, by=BY_LINK)
    assert reading() == (GateState.WAITING, "The coordinator", "1 of 2 checked, somebody else must be asked")
    services.send_again(two, by=worker)
    services.answer(two, replace(GOOD, has_concern=True, concern="A dark secret"), by=BY_LINK)
    state, owner, why = reading()
    assert (state, owner) == (GateState.REFUSED, "The coordinator or safeguarding lead")
    assert "secret" not in why
    services.verify(two, how="Looked into", by=worker)
    assert reading() == (GateState.MET, "The coordinator", "2 of 2 checked")


def test_the_gate_is_not_needed_where_the_scheme_asks_for_no_references(session):
    volunteer = VolunteerFactory(stage=Stage.OFFERED)
    volunteer.scheme.settings = replace(volunteer.scheme.settings, references_needed=0)
    assert gates.gates([volunteer])[volunteer.id][0].state is GateState.NOT_NEEDED


def test_the_gate_costs_two_queries_for_one_and_for_ten(session, count_queries):
    people = [asked().volunteer for _ in range(10)]
    with count_queries() as one:
        gates.gates(people[:1])
    with count_queries() as ten:
        gates.gates(people)
    assert one.total == ten.total == 2
    assert gates.gates([]) == {}


def test_a_link_of_an_earlier_application_stays_shut_when_they_apply_again(session):
    reference = asked()
    volunteer = reference.volunteer
    for stage in (Stage.WITHDRAWN, Stage.APPLYING, Stage.APPLIED, Stage.INTERVIEWING):
        volunteer.stage = stage
        with pytest.raises(Refused, match="no longer works"):
            services.answer(reference, GOOD, by=BY_LINK)
    volunteer.stage = Stage.OFFERED
    services.answer(reference, GOOD, by=BY_LINK)


def test_nobody_writes_down_a_reference_about_themselves(session):
    reference = asked()
    reference.volunteer.user_id = reference.worker.id
    by_phone = replace(GOOD, by_phone_to="Them, who spoke to themselves")
    with pytest.raises(Refused, match="about themselves"):
        services.answer(reference, by_phone, by=reference.worker)
    services.answer(reference, by_phone, by=UserFactory())
