"""What waits for staff until somebody has a place on a course, the oldest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.access import Can, within
from portal.accounts.models import User
from portal.agreements.queries import not_yet
from portal.assisted.queries import helped_applications
from portal.checks.models import DbsCheck, Suitability
from portal.correspondence.queries import among, silent, to_tell
from portal.database import session
from portal.disclosure.models import Disclosure
from portal.duplicates.queries import lately_perhaps_the_same
from portal.enquiries.queries import waiting as enquiries_waiting
from portal.interviews.models import Interview
from portal.outbox.queries import how_many_to_pass_on
from portal.paper.queries import forms_to_type
from portal.pool.queries import readiness
from portal.pool.rules import standing
from portal.recommendations.models import RecommendationState
from portal.recommendations.queries import to_look_at, why_a_person
from portal.references.models import WAITING, Reference, ReferenceState
from portal.references.queries import named_since, others_wanted
from portal.references.rules import EVER_ASKED
from portal.schemes.models import Scheme
from portal.schemes.rules import SchemeSettings, reply_by
from portal.scorecards.queries import to_score
from portal.volunteers.journey import Stage
from portal.volunteers.models import Volunteer
from portal.volunteers.queries import shown_name
from portal.volunteers.rules import Gate
from portal.waiting.rules import MOST, Block, Line

NOW_WITH_GATES = 200
DECIDES = Can.DECIDE_APPLICATIONS
SOON = timedelta(days=7)


def people(
    seen_by: User, can: Can, title: str, endpoint: str, empty: str, *conditions: Any, since: Any = None,
    join: tuple[Any, Any] | None = None, more: str = "", is_promised: bool = False,
) -> Block:  # fmt: skip
    """A block of volunteers: one query, which also counts those it does not show.

    `is_promised`: since then they wait for an answer by the day that their scheme promised.
    """
    since = Volunteer.stage_since if since is None else since
    query = select(
        Volunteer.id, shown_name().label("name"), since.label("since"), Scheme.settings,
        func.count().over().label("every"),
    ).join(Scheme, Scheme.id == Volunteer.scheme_id)  # fmt: skip
    if join:
        query = query.join(*join)
    rows = session.execute(
        query.where(within(seen_by, can, Volunteer.scheme_id, Volunteer.area_id), *conditions)
        .order_by(since, Volunteer.id)
        .limit(MOST)
    ).all()
    lines = [
        Line(
            row.name, endpoint, {"volunteer_id": row.id}, since=row.since,
            is_late=is_promised and clock.today() > _promised(row.since, row.settings),
        )
        for row in rows
    ]  # fmt: skip
    return Block(title, lines, rows[0].every if rows else 0, empty, more)


def _promised(since: datetime, settings: SchemeSettings) -> date:
    return reply_by(clock.in_london(since).date(), settings.reply_within_days)


def with_gates(seen_by: User, can: Can, stage: Stage) -> list[tuple[Volunteer, list[Gate]]]:
    """The people at a stage, whoever is there longest first, each with their gates."""
    people = session.scalars(
        select(Volunteer)
        .where(within(seen_by, can, Volunteer.scheme_id, Volunteer.area_id), Volunteer.stage == stage)
        .options(joinedload(Volunteer.scheme))
        .order_by(Volunteer.stage_since, Volunteer.id)
        .limit(NOW_WITH_GATES)
    ).all()
    gates = readiness(people, seen_by)
    return [(each, gates[each.id]) for each in people]


def next_gate(gates: Sequence[Gate], required: tuple[str, ...], ready: str) -> str:
    """The next gate and who holds it, in words; `ready` where none is left."""
    stands = standing(gates, required)
    if stands.is_ready:
        return ready
    if stands.next_gate is None:
        return stands.reasons[0]
    return f"Next: {stands.next_gate.title}, {stands.next_gate.owner or 'the coordinator'}"


def _enquiries(seen_by: User) -> Block:
    rows, every = enquiries_waiting(seen_by=seen_by, most=MOST)
    lines = [
        Line(
            each.name, "enquiries.show_enquiry", {"enquiry_id": each.id},
            "Answer today" if each.reply_by == clock.today() else "", each.made_at, each.is_overdue,
        )
        for each in rows
    ]  # fmt: skip
    return Block(
        "People to answer", lines, every, "Everybody who said hello has an answer.", "enquiries.list_enquiries"
    )


def _silent(seen_by: User) -> Block:
    rows = silent(seen_by=seen_by)
    lines = [
        Line(row.name, "correspondence.show_messages", {"volunteer_id": row.volunteer_id}, row.stage, row.last)
        for row in rows[:MOST]
    ]
    return Block("Nobody has been in touch", lines, len(rows), "", "correspondence.list_silent")


def _to_tell(seen_by: User) -> Block:
    rows, _page = to_tell(seen_by=seen_by)
    lines = [
        Line(
            row.volunteer.shown_name, "correspondence.tell_message", {"message_id": row.message.id}, row.subject,
            row.message.queued_at,
        )
        for row in rows[:MOST]
    ]  # fmt: skip
    count = how_many_to_pass_on(among=among(seen_by))
    return Block("To tell by phone or post", lines, count, "", "correspondence.list_to_tell")


def _applications(seen_by: User) -> Block:
    return people(
        seen_by, DECIDES, "Applications to read", "applications.show_application", "Every application is read.",
        Volunteer.stage == Stage.APPLIED, more="applications.list_applications", is_promised=True,
    )  # fmt: skip


def _unconfirmed(seen_by: User) -> Block:
    rows = helped_applications(seen_by=seen_by)
    lines = [
        Line(row.name, "assisted.show_helped", {"volunteer_id": row.volunteer_id}, row.waits_for, row.since)
        for row in rows[:MOST]
    ]
    return Block("Waiting for their yes", lines, len(rows), "", "assisted.list_helped")


def _paper(seen_by: User) -> Block:
    rows, every = forms_to_type(seen_by=seen_by)
    lines = [
        Line(
            f"Form {row.id}, {row.area}", "paper.show_paper_form", {"paper_id": row.id},
            "", row.received_on, row.is_late,
        )
        for row in rows[:MOST]
    ]  # fmt: skip
    return Block(
        "Forms on paper to type in", lines, every, "Every form on paper is typed in.", "paper.list_paper_forms"
    )


def _perhaps_the_same(seen_by: User) -> Block:
    found = lately_perhaps_the_same(seen_by=seen_by)
    lines = [
        Line(
            f"{each.one} and {each.other}", "duplicates.compare",
            {"volunteer_id": each.one_id, "other_id": each.other_id}, f"They share {each.shares}",
        )
        for each in found[:MOST]
    ]  # fmt: skip
    nobody = "Nobody who came lately seems to be listed twice."
    return Block("Perhaps the same person", lines, len(found), nobody, "duplicates.list_pairs")


def _to_score(seen_by: User) -> Block:
    rows, every = to_score(seen_by, most=MOST)
    lines = [
        Line(each.volunteer.reference, "scorecards.score_interview", {"interview_id": each.id}, since=each.planned_at)
        for each in rows
    ]
    return Block("Interviews to score", lines, every, "You have scored every interview.", "scorecards.list_mine")


def _interviews(seen_by: User) -> Block:
    return people(
        seen_by, DECIDES, "Interviews to record", "interviews.show_interviews", "Every interview is recorded.",
        Volunteer.stage == Stage.INTERVIEWING, Interview.held_at.is_(None), Interview.cancelled_at.is_(None),
        Interview.planned_at <= clock.now(), since=Interview.planned_at,
        join=(Interview, Interview.volunteer_id == Volunteer.id), more="appointments.list_interviews",
    )  # fmt: skip


def _decisions(seen_by: User) -> Block:
    held = select(Interview.volunteer_id).where(Interview.held_at.is_not(None))
    to_come = select(Interview.volunteer_id).where(Interview.held_at.is_(None), Interview.cancelled_at.is_(None))
    return people(
        seen_by, DECIDES, "Interviewed, to be decided", "interviews.show_interviews", "Nobody waits for a decision.",
        Volunteer.stage == Stage.INTERVIEWING, Volunteer.id.in_(held), Volunteer.id.not_in(to_come),
        more="appointments.list_interviews",
    )  # fmt: skip


def _references(seen_by: User) -> Block:
    return people(
        seen_by, DECIDES, "References to check", "references.list_references", "Every reference is checked.",
        Reference.state == ReferenceState.RECEIVED, since=Reference.received_at,
        join=(Reference, Reference.volunteer_id == Volunteer.id), more="reminders.list_waiting",
    )  # fmt: skip


def _lost_referees(seen_by: User) -> Block:
    return people(
        seen_by, DECIDES, "Referees whose address does not work", "references.list_references", "",
        Reference.bounced_at.is_not(None), Reference.state.in_(WAITING), Volunteer.stage.in_(EVER_ASKED),
        since=Reference.bounced_at, join=(Reference, Reference.volunteer_id == Volunteer.id),
        more="reminders.list_waiting",
    )  # fmt: skip


def _named_anew(seen_by: User) -> Block:
    """Whom applicants named in the place of another; then those who are asked for a name and have given none."""
    lines = []
    for each in named_since(seen_by=seen_by):
        how = "ring them" if each.is_by_phone else "asked by e-mail"
        note = f"Named {each.referee.name}: {how}"
        ids = {"volunteer_id": each.volunteer_id, "reference_id": each.id}
        lines.append(Line(each.volunteer.shown_name, "references.show_reference", ids, note, each.requested_at))
    for each in others_wanted(seen_by=seen_by):
        ids, note = {"volunteer_id": each.volunteer_id}, f"Asked for a name in the place of {each.referee.name}"
        lines.append(Line(each.volunteer.shown_name, "references.list_references", ids, note))
    return Block("Somebody else to speak for them", lines[:MOST], len(lines), "", "reminders.list_waiting")


def _recommendations(seen_by: User) -> Block:
    """Those that do not go on by themselves; then those asked again on the day they named, or about to be."""
    lines, today = [], clock.today()
    for each in to_look_at(seen_by=seen_by):
        note, since = why_a_person(each), each.bounced_at or each.answered_at or each.asked_at
        if not note and each.state is RecommendationState.NOT_YET and each.look_again_on:
            is_soon = each.look_again_on <= today + SOON
            note, since = f"Asked again on {_day(each.look_again_on)}" if is_soon else "", each.answered_at
        elif not note and each.is_asked_again:
            note = "The day has come: asked again, not answered yet"
        if note:
            ids = {"volunteer_id": each.volunteer_id}
            lines.append(Line(each.volunteer.shown_name, "recommendations.show_recommendations", ids, note, since))
    return Block(
        "Recommendations to look at", lines[:MOST], len(lines), "No recommendation waits for you.",
        "recommendations.list_recommendations",
    )  # fmt: skip


def _disclosures(seen_by: User) -> Block:
    return people(
        seen_by, Can.READ_DISCLOSURES, "Disclosures to consider", "disclosure.show_disclosure",
        "No disclosure waits to be considered.", Disclosure.answered_at.is_not(None),
        Disclosure.considered_at.is_(None), since=Disclosure.answered_at,
        join=(Disclosure, Disclosure.volunteer_id == Volunteer.id),
    )  # fmt: skip


def _doubted(seen_by: User) -> Block:
    return people(
        seen_by, Can.READ_DISCLOSURES, "References that need a closer look", "references.list_references",
        "No reference needs a closer look.", Reference.state == ReferenceState.CONCERN, since=Reference.received_at,
        join=(Reference, Reference.volunteer_id == Volunteer.id),
    )  # fmt: skip


def _dbs_to_decide(seen_by: User) -> Block:
    return people(
        seen_by, Can.DECIDE_SUITABILITY, "DBS results to decide", "checks.show_checks", "Every result is decided.",
        DbsCheck.seen_on.is_not(None), DbsCheck.closed_at.is_(None),
        or_(DbsCheck.decided_at.is_(None), DbsCheck.decision == Suitability.DEFERRED),
        since=DbsCheck.seen_on, join=(DbsCheck, DbsCheck.volunteer_id == Volunteer.id),
    )  # fmt: skip


def _dbs_to_apply(seen_by: User) -> Block:
    known = select(DbsCheck.volunteer_id).where(DbsCheck.closed_at.is_(None))
    return people(
        seen_by, Can.RECORD_DBS, "DBS checks to apply for", "checks.show_checks", "Every check is applied for.",
        Volunteer.stage.in_([Stage.OFFERED, Stage.READY]), Volunteer.id.not_in(known), more="checks.list_checks",
    )  # fmt: skip


def _dbs_to_see(seen_by: User) -> Block:
    return people(
        seen_by, Can.RECORD_DBS, "DBS certificates to see", "checks.show_checks", "No certificate is on its way.",
        DbsCheck.seen_on.is_(None), DbsCheck.closed_at.is_(None), since=DbsCheck.applied_on,
        join=(DbsCheck, DbsCheck.volunteer_id == Volunteer.id), more="checks.list_checks",
    )  # fmt: skip


def _offered(seen_by: User) -> Block:
    rows = with_gates(seen_by, DECIDES, Stage.OFFERED)
    lines = []
    for each, gates in rows:
        required = each.scheme.settings.to_train(each.route)
        endpoint = "conditions.confirm_place" if standing(gates, required).is_ready else "pool.show_readiness"
        note = next_gate(gates, required, "Everything is done: confirm the place")
        lines.append(Line(each.name, endpoint, {"volunteer_id": each.id}, note, each.stage_since))
    lines.sort(key=lambda line: line.endpoint != "conditions.confirm_place")
    return Block(
        "Offered, checks under way", lines[:MOST], len(rows), "Nobody waits for a check.", "pool.show_readiness_board"
    )


def _agreements(seen_by: User) -> Block:
    rows = not_yet(seen_by=seen_by)
    lines = []
    for volunteer, missing in rows[:MOST]:
        note = "; ".join(f"{each.agreement.kind.words}{' (asked again)' if each.has_older else ''}" for each in missing)
        # it cannot have waited for longer than they have been where they are
        since = max(volunteer.stage_since, min(each.agreement.published_at for each in missing))
        lines.append(Line(volunteer.name, "agreements.record_agreement", {"volunteer_id": volunteer.id}, note, since))
    return Block(
        "Agreements not yet acknowledged", lines, len(rows), "Everybody has read what is to be read.",
        "agreements.list_not_yet",
    )  # fmt: skip


def _day(day: date) -> str:
    return f"{day.day} {day:%B}"


RECRUITING: tuple[tuple[Can, Callable[[User], Block]], ...] = (
    (Can.DECIDE_APPLICATIONS, _enquiries),
    (Can.SEE_CORRESPONDENCE, _silent),
    (Can.SEE_CORRESPONDENCE, _to_tell),
    (Can.DECIDE_APPLICATIONS, _applications),
    (Can.DECIDE_APPLICATIONS, _unconfirmed),
    (Can.DECIDE_APPLICATIONS, _paper),
    (Can.DECIDE_APPLICATIONS, _perhaps_the_same),
    (Can.INTERVIEW, _to_score),
    (Can.DECIDE_APPLICATIONS, _interviews),
    (Can.DECIDE_APPLICATIONS, _decisions),
    (Can.DECIDE_APPLICATIONS, _references),
    (Can.DECIDE_APPLICATIONS, _lost_referees),
    (Can.SEE_REFERENCES, _named_anew),
    (Can.SEE_REFERENCES, _recommendations),
    (Can.READ_DISCLOSURES, _disclosures),
    (Can.READ_DISCLOSURES, _doubted),
    (Can.DECIDE_SUITABILITY, _dbs_to_decide),
    (Can.RECORD_DBS, _dbs_to_apply),
    (Can.RECORD_DBS, _dbs_to_see),
    (Can.DECIDE_APPLICATIONS, _offered),
    (Can.DECIDE_APPLICATIONS, _agreements),
)
