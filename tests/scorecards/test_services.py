"""Two scorers, each on their own; nobody reads a sheet before all are in; then what was agreed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.access import Role
from portal.audit.models import AuditLine
from portal.interviews import services as interviews
from portal.interviews.models import ScoreSheet
from portal.interviews.queries import is_all_in
from portal.interviews.rules import ScoreArea
from portal.refusals import Refused
from portal.scorecards import services
from tests.factories import AreaFactory, InterviewFactory, UserFactory

GOOD = {area.value: 3 for area in ScoreArea}


@pytest.fixture
def area(session):
    return AreaFactory()


@pytest.fixture
def ida(area):
    return UserFactory(role=Role.INTERVIEWER, area=area, name="Ida")


@pytest.fixture
def sam(area):
    return UserFactory(role=Role.INTERVIEWER, area=area, name="Sam")


@pytest.fixture
def interview(area, ida, sam):
    at = clock.now() - timedelta(hours=1)
    return InterviewFactory(volunteer__area=area, interviewer=ida, second=sam, planned_at=at)


def score(interview, by, scores=None, **changes):
    given = {"notes": "Mine alone", "strengths": "", **changes}
    return services.score(interview, scores=scores or GOOD, by=by, **given)


def agree(interview, scores, **changes):
    interviews.record(
        interview, held_at=clock.now(), scores=scores, notes="", second_interviewer_name="", by=interview.interviewer,
        **changes,
    )  # fmt: skip


def test_nobody_reads_a_sheet_before_every_scorers_is_in(session, interview, ida, sam, area):
    first = score(interview, ida)
    coordinator = UserFactory(role=Role.COORDINATOR, area=area)
    assert services.readable_sheets(interview, by=ida) == [first]
    assert services.readable_sheets(interview, by=sam) == []
    assert services.readable_sheets(interview, by=coordinator) == []
    second = score(interview, sam)
    session.refresh(interview)
    for anybody in (ida, sam, coordinator):
        assert services.readable_sheets(interview, by=anybody) == [first, second]


def test_a_sheet_is_locked_once_saved(session, interview, ida):
    score(interview, ida)
    with pytest.raises(Refused, match="locked"):
        score(interview, ida, GOOD | {"motivation": 4})
    assert session.scalar(select(ScoreSheet)).scores == GOOD


def test_only_those_who_are_named_score_and_only_once_it_has_begun(interview, ida, area):
    with pytest.raises(Refused, match="named for this interview"):
        score(interview, UserFactory(role=Role.INTERVIEWER, area=area))
    interview.planned_at = clock.now() + timedelta(hours=1)
    with pytest.raises(Refused, match="has not begun"):
        score(interview, ida)


@pytest.mark.parametrize("wrong", [5, -1, None, True])
def test_every_area_is_scored_from_0_to_4_on_a_sheet(interview, ida, wrong):
    with pytest.raises(Refused, match="Score listening from 0 to 4"):
        score(interview, ida, GOOD | {"listening": wrong})


def test_agreed_scores_wait_for_both_and_a_score_that_nobody_gave_is_explained(session, interview, ida, sam):
    score(interview, ida)
    with pytest.raises(Refused, match="own scores first"):
        agree(interview, GOOD)
    score(interview, sam, GOOD | {"boundaries": 1})
    session.refresh(interview)
    assert is_all_in(interview)
    with pytest.raises(Refused, match="Say how you agreed"):
        agree(interview, GOOD | {"boundaries": 2})
    agree(interview, GOOD | {"boundaries": 2}, agreed_because="Sam heard less of it", strengths="Listens well")
    assert interview.scores["boundaries"] == 2
    assert (interview.agreed_because, interview.strengths) == ("Sam heard less of it", "Listens well")


def test_a_0_on_safeguarding_from_either_stays_0(session, interview, ida, sam):
    score(interview, ida)
    score(interview, sam, GOOD | {"safeguarding": 0})
    session.refresh(interview)
    with pytest.raises(Refused, match="safeguarding lead"):
        agree(interview, GOOD)
    agree(interview, GOOD | {"safeguarding": 0})
    assert interview.held_at


def test_a_second_scorer_who_is_ill_is_replaced_with_a_reason_before_anything_is_locked(session, interview, ida, area):
    other = UserFactory(role=Role.INTERVIEWER, area=area)
    with pytest.raises(Refused, match="Say why"):
        services.replace_second(interview, other, because=" ", by=ida)
    services.replace_second(interview, other, because="Sam cannot be there", by=ida)
    session.commit()
    assert interview.second is other
    assert "Sam cannot be there" in str([line.purpose for line in session.scalars(select(AuditLine))])
    services.replace_second(interview, None, because="Nobody else is free", by=ida)
    assert interview.alone_because == "Nobody else is free"
    score(interview, ida)
    with pytest.raises(Refused, match="locked already"):
        services.replace_second(interview, other, because="Back again", by=ida)
