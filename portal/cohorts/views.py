"""Pages of a cohort: the list, a new one, one with its people and dates, and what can be done to it."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from courses.loader import builtin
from courses.timetable import WEEKDAYS
from portal import clock
from portal.access import Can, allows, may
from portal.accounts.models import User
from portal.cohorts import queries, rules, services
from portal.cohorts.forms import NEW_VERSION, BecauseForm, ChangeCohortForm, CohortForm, EnrolForm, PauseForm
from portal.cohorts.models import Cohort, Enrolment, EnrolmentState
from portal.courses import services as courses
from portal.courses.queries import course_of, versions_of
from portal.messages.services import must_be_told
from portal.refusals import Refused
from portal.web.formats import day
from portal.web.pages import CONFLICT, page

bp = Blueprint("cohorts", __name__)


@bp.route("/cohorts")
@allows(Can.SEE_COHORTS)
def list_cohorts() -> ResponseReturnValue:
    """Every cohort this person may see, the latest first."""
    found = queries.cohorts(seen_by=current_user, key=request.args.get("after"))
    return page("cohorts/list_cohorts.html", cohorts=found, may_manage=may(current_user, Can.MANAGE_COHORTS))


@bp.route("/cohorts/new", methods=["GET", "POST"])
@allows(Can.MANAGE_COHORTS)
def make_cohort() -> ResponseReturnValue:
    """Ask for a new cohort, show all its dates, and make it when they are right."""
    areas = queries.areas_to_teach_in(current_user)
    versions = versions_of({area.scheme_id for area in areas})
    trainers = queries.trainers_of(areas)
    form = CohortForm()
    form.offer(areas, versions, trainers)
    if not form.validate_on_submit() or request.form.get("do") == "change":
        return page("cohorts/make_cohort.html", form=form)
    area = next(each for each in areas if each.id == form.area.data)
    version = next((each for each in versions if each.id == form.course.data), None)
    course = builtin() if form.course.data == NEW_VERSION or version is None else course_of(version)
    plan = form.plan(course)
    if plan is None:
        return page("cohorts/make_cohort.html", form=form)
    if request.form.get("do") != "save":
        return page(
            "cohorts/preview_cohort.html", form=form, plan=plan, course=course, area=area, weekdays=WEEKDAYS,
            chosen=[user for user in trainers if user.id in form.trainers.data],
            typed=[pair for pair in request.form.items(multi=True) if pair[0] not in {"csrf_token", "do"}],
        )  # fmt: skip
    try:
        version = version or courses.freeze(course, scheme=area.scheme, by=current_user)
        cohort = services.make_cohort(
            area=area, course_version=version, name=form.name.data, venue=form.venue.data, capacity=form.capacity.data,
            meeting_link=form.meeting_link.data, starts_on=form.starts_on.data,
            slots=form.slots(course), skip=form.days_off.data, by=current_user,
            trainers=[user for user in trainers if user.id in form.trainers.data],
        )  # fmt: skip
    except Refused as refused:
        form.form_errors = refused.reasons
        return page("cohorts/make_cohort.html", form=form)
    flash(f"{cohort.name} has been made, with {len(cohort.sessions)} sessions", "success")
    return redirect(url_for(".show_cohort", cohort_id=cohort.id))


@bp.route("/cohorts/<int:cohort_id>")
@allows(Can.SEE_COHORTS)
def show_cohort(cohort_id: int) -> ResponseReturnValue:
    """One cohort: its people, its dates, its trainers, and how far it is."""
    cohort = queries.cohort(cohort_id, seen_by=current_user) or abort(404)
    now = clock.now()
    held = [each for each in cohort.sessions if each.cancelled_at is None and each.ends_at <= now]
    may_manage = queries.cohort_is_theirs(cohort, current_user, Can.MANAGE_COHORTS)
    to_come = [each for each in cohort.sessions if each.cancelled_at is None and each.ends_at > now]
    return page(
        "cohorts/show_cohort.html", cohort=cohort, now=now, held=len(held),
        people=sorted(cohort.enrolments, key=_in_line), breaks=queries.breaks_to_come(cohort, clock.today()),
        total=sum(each.cancelled_at is None for each in cohort.sessions),
        slots=[rules.slot_words(body) for body in cohort.slots],
        taken=sum(each.state in queries.TAKES_A_PLACE for each in cohort.enrolments),
        may_manage=may_manage, apart=queries.kept_apart_here(cohort) if may_manage else [],
        may_mark=queries.cohort_is_theirs(cohort, current_user, Can.MARK_REGISTER),
        may_see_attendance=queries.cohort_is_theirs(cohort, current_user, Can.SEE_ATTENDANCE),
        is_open=cohort.state in services.OPEN,
        next_session=min(to_come, key=lambda each: each.starts_at, default=None),
    )  # fmt: skip


@bp.route("/cohorts/<int:cohort_id>/enrol", methods=["GET", "POST"])
@allows(Can.MANAGE_COHORTS)
def enrol_volunteers(cohort_id: int) -> ResponseReturnValue:
    """Give places to several people who are ready, at once."""
    cohort = _managed(cohort_id)
    ready = queries.ready_to_enrol(cohort, seen_by=current_user)
    form = EnrolForm()
    form.offer(ready)
    is_sent = form.validate_on_submit()
    pairs = queries.would_meet(cohort, *form.people.data) if is_sent else []
    if pairs and not form.although.data:
        form.people.errors = services.MustNotShare(pairs).reasons
    elif is_sent:
        made = [
            services.enrol(cohort, each, by=current_user, although=form.although.data)
            for each in ready
            if each.id in form.people.data
        ]  # in the order of waiting, so that the places go to those who waited longest
        waiting = [each.volunteer.name for each in made if each.state is EnrolmentState.WAITING]
        unreached = [each.volunteer.name for each in made if must_be_told(each.volunteer_id)]
        if len(made) > len(waiting):
            flash(f"{len(made) - len(waiting)} enrolled on {cohort.name}", "success")
        if waiting:
            flash(f"The group is full. On the waiting list: {', '.join(waiting)}", "warning")
        if unreached:
            flash(f"Tell them yourself, no email or text reaches them: {', '.join(unreached)}", "warning")
        return redirect(url_for(".show_cohort", cohort_id=cohort.id))
    return page(
        "cohorts/enrol_volunteers.html", form=form, cohort=cohort, ready=ready, left=services.places_left(cohort),
        pairs=pairs,
    )  # fmt: skip


@bp.route("/cohorts/<int:cohort_id>/change", methods=["GET", "POST"])
@allows(Can.MANAGE_COHORTS)
def change_cohort(cohort_id: int) -> ResponseReturnValue:
    """Change the name, the places or the trainers of a cohort."""
    cohort = _managed(cohort_id)
    offered = {user.id: user for user in (*queries.trainers_of([cohort.area]), *cohort.trainers)}
    form = ChangeCohortForm(
        name=cohort.name, capacity=cohort.capacity, trainers=[user.id for user in cohort.trainers],
        version=cohort.version,
    )  # fmt: skip
    form.offer(sorted(offered.values(), key=lambda user: (user.name, user.id)))
    if form.validate_on_submit():
        if form.version.data != cohort.version:
            return _stale(form, cohort, offered)
        try:
            services.change(
                cohort, name=form.name.data, capacity=form.capacity.data, seen_version=form.version.data,
                trainers=[offered[each] for each in form.trainers.data], by=current_user,
            )  # fmt: skip
        except Refused as refused:
            form.form_errors = refused.reasons
            return page("cohorts/change_cohort.html", form=form, cohort=cohort, rows=())
        flash(f"{cohort.name} has been changed", "success")
        return redirect(url_for(".show_cohort", cohort_id=cohort.id))
    return page("cohorts/change_cohort.html", form=form, cohort=cohort, rows=())


@bp.route("/learners/<int:enrolment_id>/pause", methods=["GET", "POST"])
@allows(Can.MANAGE_COHORTS)
def pause_learner(enrolment_id: int) -> ResponseReturnValue:
    """Let one person take a break from the course."""
    enrolment = queries.enrolment(enrolment_id, seen_by=current_user, can=Can.MANAGE_COHORTS) or abort(404)
    form = PauseForm(from_on=clock.today())
    if form.validate_on_submit():
        try:
            services.pause(
                enrolment, from_on=form.from_on.data, until_on=form.until_on.data, because=form.because.data,
                by=current_user,
            )  # fmt: skip
        except Refused as refused:
            form.form_errors = refused.reasons
            return page("cohorts/pause_learner.html", form=form, enrolment=enrolment)
        flash(f"{enrolment.volunteer.name} takes a break from {day(form.from_on.data)}", "success")
        _say_if_unreached(enrolment)
        return redirect(url_for(".show_cohort", cohort_id=enrolment.cohort.id))
    return page("cohorts/pause_learner.html", form=form, enrolment=enrolment)


@bp.route("/learners/<int:enrolment_id>/resume", methods=["POST"])
@allows(Can.MANAGE_COHORTS)
def resume_learner(enrolment_id: int) -> ResponseReturnValue:
    """They are back from their break."""
    enrolment = queries.enrolment(enrolment_id, seen_by=current_user, can=Can.MANAGE_COHORTS) or abort(404)
    services.resume(enrolment, by=current_user)
    flash(f"{enrolment.volunteer.name} is back on {enrolment.cohort.name}", "success")
    _say_if_unreached(enrolment)
    return redirect(url_for(".show_cohort", cohort_id=enrolment.cohort.id))


@bp.route("/learners/<int:enrolment_id>/take-off", methods=["GET", "POST"])
@allows(Can.MANAGE_COHORTS)
def take_off(enrolment_id: int) -> ResponseReturnValue:
    """Take one person off the course or its waiting list."""
    enrolment = queries.enrolment(enrolment_id, seen_by=current_user, can=Can.MANAGE_COHORTS) or abort(404)
    form = BecauseForm()
    if form.validate_on_submit():
        services.withdraw(enrolment, because=form.because.data, by=current_user)
        flash(f"{enrolment.volunteer.name} has been taken off {enrolment.cohort.name}", "success")
        return redirect(url_for(".show_cohort", cohort_id=enrolment.cohort.id))
    return page("cohorts/take_off.html", form=form, enrolment=enrolment)


@bp.route("/cohorts/<int:cohort_id>/start", methods=["POST"])
@allows(Can.MANAGE_COHORTS)
def start_cohort(cohort_id: int) -> ResponseReturnValue:
    """The course begins."""
    cohort = _managed(cohort_id)
    services.start(cohort, by=current_user)
    flash(f"{cohort.name} has started", "success")
    return redirect(url_for(".show_cohort", cohort_id=cohort.id))


@bp.route("/cohorts/<int:cohort_id>/finish", methods=["POST"])
@allows(Can.MANAGE_COHORTS)
def finish_cohort(cohort_id: int) -> ResponseReturnValue:
    """The course is over."""
    cohort = _managed(cohort_id)
    services.finish(cohort, by=current_user)
    flash(f"{cohort.name} has finished", "success")
    return redirect(url_for(".show_cohort", cohort_id=cohort.id))


@bp.route("/cohorts/<int:cohort_id>/cancel", methods=["GET", "POST"])
@allows(Can.MANAGE_COHORTS)
def cancel_cohort(cohort_id: int) -> ResponseReturnValue:
    """Cancel the whole course, and tell everybody on it."""
    cohort = _managed(cohort_id)
    form = BecauseForm()
    if form.validate_on_submit():
        services.cancel(cohort, because=form.because.data, by=current_user)
        flash(f"{cohort.name} has been cancelled", "success")
        return redirect(url_for(".show_cohort", cohort_id=cohort.id))
    return page("cohorts/cancel_cohort.html", form=form, cohort=cohort)


def _managed(cohort_id: int) -> Cohort:
    return queries.cohort(cohort_id, seen_by=current_user, can=Can.MANAGE_COHORTS) or abort(404)


def _stale(form: ChangeCohortForm, cohort: Cohort, offered: dict[int, User]) -> ResponseReturnValue:
    """Show what somebody else saved beside what was typed."""
    typed = ", ".join(offered[each].name for each in form.trainers.data)
    rows = [
        ("Name", cohort.name, form.name.data),
        ("Places", cohort.capacity, form.capacity.data),
        ("Trainers", ", ".join(user.name for user in cohort.trainers), typed),
    ]
    form.version.data = cohort.version
    return page("cohorts/change_cohort.html", form=form, cohort=cohort, rows=rows, status=CONFLICT)


def _in_line(enrolment: Enrolment) -> tuple[object, ...]:
    """By state and name; those who wait in the order in which they get a place."""
    place = list(EnrolmentState).index(enrolment.state)
    if enrolment.state is EnrolmentState.WAITING:
        return (place, enrolment.enrolled_at, enrolment.id)
    return (place, enrolment.volunteer.sort_name, enrolment.id)


def _say_if_unreached(enrolment: Enrolment) -> None:
    if must_be_told(enrolment.volunteer_id):
        flash(f"Tell them yourself, no email or text reaches them: {enrolment.volunteer.name}", "warning")
