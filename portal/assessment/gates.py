"""The gates "criteria" and "iqa": every criterion met, and the quality check has released the work."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from portal import clock
from portal.assessment import queries, rules
from portal.assessment.models import CriterionDecision
from portal.cohorts.models import Enrolment
from portal.database import session
from portal.volunteers.models import Volunteer
from portal.volunteers.rules import Gate, GateState

ASSESSOR, IQA = "The assessor", "The IQA"


def gates(volunteers: Sequence[Volunteer]) -> dict[int, list[Gate]]:
    """Both gates of each volunteer, by their latest place on a course, in six queries for any number of them."""
    if not volunteers:
        return {}
    places = queries.latest_enrolments([each.id for each in volunteers])
    by_place = gates_of(list(places.values()))
    return {each.id: by_place[places[each.id].id] if each.id in places else _not_started(each) for each in volunteers}


def gates_of(enrolments: Sequence[Enrolment]) -> dict[int, list[Gate]]:
    """Both gates of each place on a course, by enrolment."""
    if not enrolments:
        return {}
    ids = [each.id for each in enrolments]
    groups = queries.groups([each.cohort_id for each in enrolments])
    states = queries.states_of(ids)
    latest = {
        who: clock.in_london(at).date()
        for who, at in session.execute(
            select(CriterionDecision.enrolment_id, func.max(CriterionDecision.decided_at))
            .where(CriterionDecision.enrolment_id.in_(ids), CriterionDecision.decided_at.is_not(None))
            .group_by(CriterionDecision.enrolment_id)
        )
        if at is not None
    }
    found = {}
    for each in enrolments:
        group, link, since = groups[each.cohort_id], f"/learners/{each.id}", latest.get(each.id)
        count = rules.tally(states[each.id], [criterion.key for criterion in group.course.criteria])
        met = f"{count['met']} of {count['all']} met"
        if count["not_yet_met"]:
            met += f", {count['not_yet_met']} not yet met"
        state = GateState.WAITING if since else GateState.NOT_STARTED
        if count["met"] == count["all"]:
            state = GateState.MET
        found[each.id] = [
            Gate("criteria", "Criteria", state, ASSESSOR, since, met, link),
            _iqa_gate(each, group),
        ]
    return found


def _iqa_gate(enrolment: Enrolment, group: queries.Group) -> Gate:
    link = f"/learners/{enrolment.id}"
    result = rules.release(
        enrolment.id, samples=group.samples, learners=group.learners, percent=group.percent,
        units=[unit.code for unit in group.course.units],
    )  # fmt: skip
    if result.is_released:
        if not group.percent:
            return Gate("iqa", "Quality check", GateState.NOT_NEEDED, IQA, None, "this scheme asks for none", link)
        return Gate("iqa", "Quality check", GateState.MET, IQA, None, result.why, link)
    if result.has_action:
        return Gate("iqa", "Quality check", GateState.REFUSED, ASSESSOR, None, result.why, link)
    state = GateState.WAITING if group.samples else GateState.NOT_STARTED
    return Gate("iqa", "Quality check", state, IQA, None, result.why, link)


def _not_started(volunteer: Volunteer) -> list[Gate]:
    why = "not on a course yet"
    return [
        Gate("criteria", "Criteria", GateState.NOT_STARTED, ASSESSOR, None, why),
        Gate("iqa", "Quality check", GateState.NOT_STARTED, IQA, None, why),
    ]
