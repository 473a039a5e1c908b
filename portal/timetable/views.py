"""Pages on which the dates of a course change, and the door of an online session."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, abort, flash, redirect, url_for
from flask import request as asked
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal import clock
from portal.access import Can, allows
from portal.cohorts.models import CohortSession
from portal.cohorts.queries import cohort_is_theirs
from portal.cohorts.services import OPEN
from portal.messages.services import must_be_told
from portal.refusals import Refused
from portal.timetable import queries, rules, services
from portal.timetable.forms import LATER, ONLY, CancelSessionForm, MoveForm, PlaceForm, ReplaceForm
from portal.timetable.messages import Change
from portal.timetable.queries import Proposal
from portal.web.formats import at as at_words
from portal.web.formats import count
from portal.web.pages import CONFLICT, page

bp = Blueprint("timetable", __name__)


@bp.route("/sessions/<int:session_id>")
@allows(Can.SEE_COHORTS)
def show_session(session_id: int) -> ResponseReturnValue:
    """One session: when and where, and what can be done about it."""
    sitting = _theirs(session_id, Can.SEE_COHORTS)
    cohort = sitting.cohort
    return page(
        "timetable/show_session.html", sitting=sitting, cohort=cohort, is_open=cohort.state in OPEN, now=clock.now(),
        may_manage=cohort_is_theirs(cohort, current_user, Can.MANAGE_COHORTS),
        may_mark=cohort_is_theirs(cohort, current_user, Can.MARK_REGISTER),
        is_replaced=sitting.cancelled_at is not None
        and services.is_replaced(sitting, queries.timetable_of(cohort.id)),
    )  # fmt: skip


@bp.route("/sessions/<int:session_id>/move", methods=["GET", "POST"])
@allows(Can.MANAGE_COHORTS)
def move_session(session_id: int) -> ResponseReturnValue:
    """Ask for the new day, show what it brings with it, and move the session when that is right."""
    sitting = _theirs(session_id, Can.MANAGE_COHORTS)
    sittings = queries.timetable_of(sitting.cohort_id)
    seen, starts = queries.fingerprint(sitting.cohort, sittings), clock.in_london(sitting.starts_at)
    form = MoveForm(
        on=starts.date(), at=starts.time(), venue=sitting.held_in, meeting_link=sitting.held_online_at, seen=seen
    )
    if not form.validate_on_submit() or asked.form.get("do") == "change":
        return page("timetable/move_session.html", form=form, sitting=sitting, rows=())
    if form.seen.data != seen:
        return _overtaken(form, sitting, seen)
    try:
        plan = queries.proposal(sitting, sittings, on=form.on.data, at=form.at.data)
    except Refused as refused:
        form.at.errors = refused.reasons
        return page("timetable/move_session.html", form=form, sitting=sitting, rows=())
    if asked.form.get("do") != "save" or _is_unanswered(form, plan):
        return page("timetable/check_move.html", form=form, sitting=sitting, plan=plan, typed=_typed())
    try:
        changes = services.move_session(
            sitting, on=form.on.data, at=form.at.data, venue=form.venue.data, meeting_link=form.meeting_link.data,
            seen=form.seen.data, with_later=form.how.data == LATER, even_if_held=form.is_sure.data, by=current_user,
        )  # fmt: skip
    except Refused as refused:
        form.form_errors = refused.reasons
        return page("timetable/move_session.html", form=form, sitting=sitting, rows=(), status=CONFLICT)
    return _changed(sitting, changes)


@bp.route("/sessions/<int:session_id>/place", methods=["GET", "POST"])
@allows(Can.MANAGE_COHORTS)
def change_place(session_id: int) -> ResponseReturnValue:
    """Hold a session in another room or online, or it and all that come after it."""
    sitting = _theirs(session_id, Can.MANAGE_COHORTS)
    seen = queries.fingerprint(sitting.cohort, queries.timetable_of(sitting.cohort_id))
    form = PlaceForm(venue=sitting.held_in, meeting_link=sitting.held_online_at, seen=seen)
    if form.validate_on_submit():
        if form.seen.data != seen:
            return _overtaken(form, sitting, seen)
        try:
            changes = services.hold_elsewhere(
                sitting, venue=form.venue.data, meeting_link=form.meeting_link.data, seen=form.seen.data,
                with_later=form.how.data == LATER, by=current_user,
            )  # fmt: skip
        except Refused as refused:
            form.form_errors = refused.reasons
            return page("timetable/change_place.html", form=form, sitting=sitting, rows=())
        return _changed(sitting, changes)
    return page("timetable/change_place.html", form=form, sitting=sitting, rows=())


@bp.route("/sessions/<int:session_id>/cancel", methods=["GET", "POST"])
@allows(Can.MARK_REGISTER)
def cancel_session(session_id: int) -> ResponseReturnValue:
    """Say that a session does not take place."""
    sitting = _theirs(session_id)
    form = CancelSessionForm()
    if form.validate_on_submit():
        services.cancel_session(sitting, because=form.because.data, by=current_user)
        flash(f"Session {sitting.number} is cancelled and counts for nobody", "success")
        _say_who_to_ring(sitting)
        return redirect(url_for("registers.mark_register", session_id=session_id))
    return page("timetable/cancel_session.html", form=form, sitting=sitting, now=clock.now())


@bp.route("/sessions/<int:session_id>/restore", methods=["POST"])
@allows(Can.MARK_REGISTER)
def restore_session(session_id: int) -> ResponseReturnValue:
    """A cancelled session takes place after all."""
    sitting = _theirs(session_id)
    services.restore_session(sitting, by=current_user)
    is_over = sitting.ends_at <= clock.now()
    words = "took place: mark its register" if is_over else "takes place after all"
    flash(f"Session {sitting.number} {words}", "success")
    _say_who_to_ring(sitting)
    return redirect(url_for("registers.mark_register", session_id=session_id))


@bp.route("/sessions/<int:session_id>/replace", methods=["GET", "POST"])
@allows(Can.MANAGE_COHORTS)
def replace_session(session_id: int) -> ResponseReturnValue:
    """Put what a cancelled session was about at the end of the course, or on another day."""
    sitting = _theirs(session_id, Can.MANAGE_COHORTS)
    if sitting.cancelled_at is None or sitting.cohort.state not in OPEN:
        return page("timetable/replace_session.html", sitting=sitting, proposed=None)
    proposed = clock.in_london(queries.replacement_slot(sitting.cohort, queries.timetable_of(sitting.cohort_id)))
    form = ReplaceForm(on=proposed.date(), at=proposed.time())
    if form.validate_on_submit():
        try:
            added = services.replace_session(sitting, on=form.on.data, at=form.at.data, by=current_user)
        except Refused as refused:
            form.form_errors = refused.reasons
            return page("timetable/replace_session.html", form=form, sitting=sitting, proposed=proposed)
        flash(f"Session {added.number} is now on {at_words(added.starts_at)}", "success")
        _say_who_to_ring(sitting)
        return redirect(url_for(".show_session", session_id=added.id))
    return page("timetable/replace_session.html", form=form, sitting=sitting, proposed=proposed)


@bp.route("/cohorts/<int:cohort_id>/to-ring")
@allows(Can.MARK_REGISTER)
def list_to_ring(cohort_id: int) -> ResponseReturnValue:
    """Whom no email and no text reaches, who must be told by phone, and what: a page that prints."""
    cohort = queries.cohort_to_tell(cohort_id, seen_by=current_user) or abort(404)
    people = [each for each in queries.learners_to_tell(cohort) if must_be_told(each.volunteer_id)]
    return page(
        "timetable/list_to_ring.html", cohort=cohort, people=people, changed=queries.recently_changed(cohort.id)
    )


@bp.route("/sessions/<int:session_id>/join")
@allows(Can.SIGNED_IN)
def join_session(session_id: int) -> ResponseReturnValue:
    """The door of an online session: it opens a quarter of an hour before, and says when until then."""
    sitting = queries.session_to_join(session_id, seen_by=current_user) or abort(404)
    now = clock.now()
    is_off = sitting.cancelled_at is not None or sitting.cohort.cancelled_at is not None
    if sitting.held_online_at and not is_off and rules.is_door_open(sitting.starts_at, sitting.ends_at, now):
        return redirect(sitting.held_online_at)
    return page(
        "timetable/join_session.html", sitting=sitting, cohort=sitting.cohort, now=now, is_off=is_off,
        opens_at=sitting.starts_at - rules.OPENS_BEFORE,
        back=url_for("cohorts.show_cohort", cohort_id=sitting.cohort_id)
        if cohort_is_theirs(sitting.cohort, current_user, Can.SEE_COHORTS)
        else url_for("home.show_start"),
    )  # fmt: skip


def _is_unanswered(form: MoveForm, plan: Proposal) -> bool:
    """Say at the field what must still be answered before anything is moved."""
    if plan.later and form.how.data not in (ONLY, LATER):
        form.how.errors = ["Choose whether the later ones move too"]
    if plan.is_held and not form.is_sure.data:
        form.is_sure.errors = ["Tick the box if you mean to move a session that was held or marked"]
    return bool(form.how.errors or form.is_sure.errors)


def _overtaken(form: MoveForm | PlaceForm, sitting: CohortSession, seen: str) -> ResponseReturnValue:
    """Show what somebody else saved beside what was typed; what is sent next was decided on that."""
    rows = [("Where", sitting.held_in, form.venue.data), ("Link", sitting.held_online_at, form.meeting_link.data)]
    if isinstance(form, MoveForm):
        typed = f"{form.on.data.day} {form.on.data:%B %Y}, {form.at.data:%H:%M}"
        rows.insert(0, ("When", at_words(sitting.starts_at), typed))
    form.seen.data = seen
    form.seen.raw_data = None
    template = "timetable/move_session.html" if isinstance(form, MoveForm) else "timetable/change_place.html"
    who = queries.last_changed_by(sitting) or "Somebody else"
    return page(template, form=form, sitting=sitting, rows=rows, who=who, status=CONFLICT)


def _changed(sitting: CohortSession, changes: Sequence[Change]) -> ResponseReturnValue:
    told = any(each.matters for each in changes)
    flash(f"{count(len(changes), 'session')} changed" + (". Everybody has been told" if told else ""), "success")
    _say_who_to_ring(sitting)
    return redirect(url_for("cohorts.show_cohort", cohort_id=sitting.cohort_id))


def _say_who_to_ring(sitting: CohortSession) -> None:
    learners = queries.learners_to_tell(sitting.cohort)
    unreached = [each.volunteer.name for each in learners if must_be_told(each.volunteer_id)]
    if unreached:
        flash(f"Tell them yourself, no email or text reaches them: {', '.join(unreached)}", "warning")


def _typed() -> list[tuple[str, str]]:
    """What was typed, to be carried to the next step."""
    asked_next = {"csrf_token", "do", "how", "is_sure"}
    return [pair for pair in asked.form.items(multi=True) if pair[0] not in asked_next]


def _theirs(session_id: int, can: Can = Can.MARK_REGISTER) -> CohortSession:
    return queries.cohort_session(session_id, seen_by=current_user, can=can) or abort(404)
