"""Pages of catch-ups: who owes one, booking, moving and cancelling, and a learner's asking for one."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal import clock
from portal.access import Can, allows
from portal.attendance.models import CatchUpBooking
from portal.catchups import queries, services
from portal.catchups.forms import BookForm, CancelForm
from portal.messages.services import must_be_told
from portal.refusals import Refused
from portal.volunteers.queries import own_volunteer
from portal.web.pages import accepted, page

bp = Blueprint("catchups", __name__)


@bp.route("/catch-ups")
@allows(Can.MARK_REGISTER)
def list_catch_ups() -> ResponseReturnValue:
    """Who owes what, until when, booked or not; and what is booked."""
    groups = queries.groups(seen_by=current_user)
    asked = request.args.get("cohort", "")
    chosen = next((each for each in groups if str(each.id) == asked), None)
    ids = [chosen.id] if chosen else [each.id for each in groups[: queries.MOST_GROUPS]]
    owed = queries.owed(ids, seen_by=current_user)
    booked = queries.booked(ids, seen_by=current_user)
    return page(
        "catchups/list_catch_ups.html", groups=groups, chosen=chosen, most=queries.MOST_GROUPS, today=clock.today(),
        to_book=[each for each in owed if each.booking_id is None], over=[each for each in booked if each.is_over],
        to_come=[each for each in booked if not each.is_over], due={each.booking_id: each for each in owed},
    )  # fmt: skip


@bp.route("/sessions/<int:session_id>/catch-ups/book", methods=["GET", "POST"])
@allows(Can.MARK_REGISTER)
def book_catch_up(session_id: int) -> ResponseReturnValue:
    """Book a time for one person or for several who missed the same session."""
    sitting = queries.cohort_session(session_id, seen_by=current_user) or abort(404)
    people = queries.who_owe(sitting)
    tutors = {user.id: user for user in queries.tutors(sitting.cohort, asked_by=current_user)}
    asked = request.args.get("person", "")
    chosen = [each.id for each in people if str(each.id) == asked or len(people) == 1]
    form = BookForm(people=chosen, minutes=sitting.minutes, tutor=current_user.id, place=sitting.cohort.venue)
    form.offer(people, list(tutors.values()))
    if people and form.validate_on_submit():
        try:
            made = services.book(
                sitting, [each for each in people if each.id in form.people.data], starts_at=form.starts_at(),
                minutes=form.minutes.data, place=form.place.data, tutor=tutors[form.tutor.data], by=current_user,
            )  # fmt: skip
        except Refused as refused:
            form.form_errors.extend(refused.reasons)
        else:
            _say_booked(made)
            return redirect(url_for(".list_catch_ups", cohort=sitting.cohort_id))
    return page("catchups/book_catch_up.html", form=form, sitting=sitting, people=people)


def _say_booked(made: list[CatchUpBooking]) -> None:
    names = ", ".join(each.enrolment.volunteer.name for each in made)
    flash(f"Booked: {names} can catch up session {made[0].session.number}", "success")
    unreached = [each.enrolment.volunteer.name for each in made if must_be_told(each.enrolment.volunteer_id)]
    if unreached:
        flash(f"Tell them yourself, no email or text reaches them: {', '.join(unreached)}", "warning")


@bp.route("/catch-ups/<int:booking_id>/move", methods=["GET", "POST"])
@allows(Can.MARK_REGISTER)
def move_catch_up(booking_id: int) -> ResponseReturnValue:
    """Another time, place or tutor, for everybody who comes or for some of them."""
    bookings = queries.booking(booking_id, seen_by=current_user) or abort(404)
    own = bookings[0]
    offered = (*queries.tutors(own.enrolment.cohort, asked_by=current_user), own.tutor)
    tutors = {user.id: user for user in offered}
    starts = clock.in_london(own.starts_at)
    shown: dict[str, Any] = {"on": starts.date(), "at": starts.time(), "minutes": own.minutes, "place": own.place}
    form = BookForm(people=[each.enrolment_id for each in bookings], tutor=own.tutor_id, **shown)
    form.offer([each.enrolment for each in bookings], list(tutors.values()))
    if form.validate_on_submit():
        moved = [each for each in bookings if each.enrolment_id in form.people.data]
        if accepted(
            form, services.move, moved, starts_at=form.starts_at(), minutes=form.minutes.data, place=form.place.data,
            tutor=tutors[form.tutor.data], by=current_user,
        ):  # fmt: skip
            flash("The catch-up has been moved", "success")
            return redirect(url_for(".list_catch_ups", cohort=own.enrolment.cohort_id))
    return page("catchups/move_catch_up.html", form=form, booking=own)


@bp.route("/catch-ups/<int:booking_id>/cancel", methods=["GET", "POST"])
@allows(Can.MARK_REGISTER)
def cancel_catch_up(booking_id: int) -> ResponseReturnValue:
    """Call it off, for everybody who comes or for some of them."""
    bookings = queries.booking(booking_id, seen_by=current_user) or abort(404)
    own = bookings[0]
    form = CancelForm(people=[each.enrolment_id for each in bookings])
    form.offer_people([each.enrolment for each in bookings])
    if form.validate_on_submit():
        called_off = [each for each in bookings if each.enrolment_id in form.people.data]
        if accepted(form, services.cancel, called_off, because=form.because.data, by=current_user):
            flash("The catch-up is cancelled", "success")
            return redirect(url_for(".list_catch_ups", cohort=own.enrolment.cohort_id))
    return page("catchups/cancel_catch_up.html", form=form, booking=own)


@bp.route("/catch-ups/<int:booking_id>/did-not-come", methods=["POST"])
@allows(Can.MARK_REGISTER)
def miss_catch_up(booking_id: int) -> ResponseReturnValue:
    """They did not come: they still owe it."""
    bookings = queries.booking(booking_id, seen_by=current_user) or abort(404)
    services.did_not_come(bookings[0], by=current_user)
    flash(f"{bookings[0].enrolment.volunteer.name} did not come, and still owes the catch-up", "success")
    return redirect(url_for(".list_catch_ups", cohort=bookings[0].enrolment.cohort_id))


@bp.route("/my/course/sessions/<int:session_id>/ask", methods=["POST"])
@allows(Can.OWN_JOURNEY)
def ask_for_catch_up(session_id: int) -> ResponseReturnValue:
    """A learner would like to make up for a session: their trainers are told, once."""
    volunteer = own_volunteer(current_user) or abort(404)
    sitting, enrolment = queries.own_session(session_id, volunteer) or abort(404)
    try:
        is_new = services.ask(sitting, enrolment, by=current_user)
    except Refused as refused:
        flash(refused.reasons[0], "warning")
    else:
        words = "We have told your trainers" if is_new else "Your trainers know already"
        flash(f"{words} that you would like to make up session {sitting.number}", "success")
    return redirect(url_for("learning.show_my_course"))
