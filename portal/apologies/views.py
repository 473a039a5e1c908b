"""Pages on which somebody says that they cannot come, or somebody says it for them; and the door for texts."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, current_app, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal import clock
from portal.access import Can, allows
from portal.apologies import forms, queries, services
from portal.apologies.forms import ForThemForm, TellForm, TextForm
from portal.apologies.models import ApologyBy, ReceivedText
from portal.apologies.rules import first_name
from portal.audit import services as audit
from portal.audit.rules import Outsider
from portal.cohorts.models import CohortSession, Enrolment
from portal.refusals import Refused
from portal.volunteers.queries import own_volunteer
from portal.web import callers
from portal.web.formats import at as at_words
from portal.web.limits import GUESSABLE, limiter
from portal.web.pages import CONFLICT, UNPROCESSABLE, accepted, page
from portal.web.requests import keeps_what_it_answers

bp = Blueprint("apologies", __name__)
BY_LINK = Outsider("Learner by link")
GONE, NOT_FOUND = 410, 404
# Only what opened nothing is counted: whoever has a link may use it as often as they like.
guessable = limiter.limit(GUESSABLE, deduct_when=lambda response: response.status_code == NOT_FOUND)


@bp.record_once
def _let_texts_in(state: Any) -> None:
    """A service that hands in texts has no page to take a token from: it proves itself with a secret of its own."""
    state.app.extensions["csrf"].exempt(take_in_text)


# For a learner who is signed in


@bp.route("/my/course/sessions/<int:session_id>/cannot-come", methods=["GET", "POST"])
@allows(Can.OWN_JOURNEY)
def tell_ahead(session_id: int) -> ResponseReturnValue:
    """I cannot come; or, when that was said before: what was said, and taking it back."""
    cohort_session, enrolment = _own(session_id)
    form = TellForm()
    if form.validate_on_submit() and accepted(
        form, services.apologise, cohort_session, enrolment, how=ApologyBy.PAGE, reason=form.why(),
        note=form.note.data, by=current_user,
    ):  # fmt: skip
        flash("Thank you for telling us. Your trainers see it on the register", "success")
        return redirect(url_for("learning.show_my_course"))
    return page("apologies/tell_ahead.html", form=form, **_facts(cohort_session, enrolment))


@bp.route("/my/course/sessions/<int:session_id>/can-come", methods=["POST"])
@allows(Can.OWN_JOURNEY)
def take_back(session_id: int) -> ResponseReturnValue:
    """I can come after all."""
    cohort_session, enrolment = _own(session_id)
    _say(_taken_back(cohort_session, enrolment, by=current_user), "Good. Your trainers know that you come after all")
    return redirect(url_for("learning.show_my_course"))


def _own(session_id: int) -> tuple[CohortSession, Enrolment]:
    volunteer = own_volunteer(current_user) or abort(404)
    return queries.own_session(session_id, volunteer) or abort(404)


def _facts(cohort_session: CohortSession, enrolment: Enrolment) -> dict[str, Any]:
    apology = queries.apology_of(cohort_session, enrolment)
    return {
        "sitting": cohort_session, "phone": enrolment.volunteer.scheme.phone,
        "apology": apology if apology and apology.taken_back_at is None else None,
        "closed": services.reasons_not_to(cohort_session, enrolment, clock.now()),
    }  # fmt: skip


def _taken_back(cohort_session: CohortSession, enrolment: Enrolment, *, by: Any) -> list[str]:
    try:
        services.take_back(cohort_session, enrolment, by=by)
    except Refused as refused:
        return refused.reasons
    return []


def _say(reasons: list[str], words: str) -> None:
    """What happened: the words when all went well, else why not."""
    if reasons:
        flash(". ".join(reasons), "warning")
    else:
        flash(words, "success")


# For a learner by link, without signing in: their first name and the dates, nothing else


def _dead(token: str) -> ResponseReturnValue:
    """A link that works no more, or never did."""
    return page("apologies/link_dead.html", status=GONE if queries.was_link(token) else NOT_FOUND)


@bp.route("/cannot-come/<token>")
@guessable
@allows(Can.VISIT)
def list_dates(token: str) -> ResponseReturnValue:
    """The dates to come, each with a way to say that one cannot."""
    enrolment = queries.place_by_link(token)
    if enrolment is None:
        return _dead(token)
    return page(
        "apologies/list_dates.html", token=token, dates=queries.coming(enrolment),
        name=first_name(enrolment.volunteer.preferred_name), phone=enrolment.volunteer.scheme.phone,
    )  # fmt: skip


@bp.route("/cannot-come/<token>/<int:session_number>", methods=["GET", "POST"])
@guessable
@allows(Can.VISIT)
def tell_by_link(token: str, session_number: int) -> ResponseReturnValue:
    """I cannot come to this one."""
    enrolment = queries.place_by_link(token)
    if enrolment is None:
        return _dead(token)
    cohort_session = queries.session_by_number(enrolment, session_number) or abort(404)
    form = TellForm()
    audit.acting(BY_LINK)
    if form.validate_on_submit() and accepted(
        form, services.apologise, cohort_session, enrolment, how=ApologyBy.LINK, reason=form.why(),
        note=form.note.data, by=BY_LINK,
    ):  # fmt: skip
        flash("Thank you for telling us. Your trainers see it on the register", "success")
        return redirect(url_for(".list_dates", token=token))
    facts = _facts(cohort_session, enrolment)
    return page("apologies/tell_by_link.html", form=form, token=token, **facts)


@bp.route("/cannot-come/<token>/<int:session_number>/can-come", methods=["POST"])
@guessable
@allows(Can.VISIT)
def take_back_by_link(token: str, session_number: int) -> ResponseReturnValue:
    """I can come after all."""
    enrolment = queries.place_by_link(token)
    if enrolment is None:
        return _dead(token)
    cohort_session = queries.session_by_number(enrolment, session_number) or abort(404)
    audit.acting(BY_LINK)
    _say(_taken_back(cohort_session, enrolment, by=BY_LINK), "Good. Your trainers know that you come after all")
    return redirect(url_for(".list_dates", token=token))


# For trainers and coordinators


@bp.route("/sessions/<int:session_id>/apologies", methods=["GET", "POST"])
@allows(Can.MARK_REGISTER)
def record_apology(session_id: int) -> ResponseReturnValue:
    """Who told us that they cannot come, and writing down what somebody says on the phone."""
    cohort_session = queries.cohort_session(session_id, seen_by=current_user) or abort(404)
    people = {each.id: each for each in queries.who_can_apologise(cohort_session.cohort)}
    form = ForThemForm()
    form.offer(list(people.values()))
    if form.validate_on_submit() and accepted(
        form, services.apologise, cohort_session, people[form.person.data], how=ApologyBy.STAFF, reason=form.why(),
        note=form.note.data, by=current_user,
    ):  # fmt: skip
        flash(f"It is written down that {people[form.person.data].volunteer.name} cannot come", "success")
        return redirect(url_for(".record_apology", session_id=session_id))
    return page(
        "apologies/record_apology.html", form=form, sitting=cohort_session, people=people,
        told=queries.of_session(session_id), is_over=clock.now() >= cohort_session.starts_at,
    )  # fmt: skip


@bp.route("/sessions/<int:session_id>/apologies/<int:enrolment_id>/take-back", methods=["POST"])
@allows(Can.MARK_REGISTER)
def take_back_for_them(session_id: int, enrolment_id: int) -> ResponseReturnValue:
    """They can come after all, or it was somebody else."""
    cohort_session = queries.cohort_session(session_id, seen_by=current_user) or abort(404)
    people = {each.id: each for each in queries.who_can_apologise(cohort_session.cohort)}
    enrolment = people.get(enrolment_id) or abort(404)
    reasons = _taken_back(cohort_session, enrolment, by=current_user)
    _say(reasons, f"{enrolment.volunteer.name} is expected again")
    return redirect(url_for(".record_apology", session_id=session_id))


# Texts


@bp.route("/texts")
@allows(Can.MARK_REGISTER)
def list_texts() -> ResponseReturnValue:
    """Texts from learners that the portal could not understand by itself."""
    return page("apologies/list_texts.html", texts=queries.texts_to_read(seen_by=current_user))


@bp.route("/texts/<int:text_id>", methods=["GET", "POST"])
@allows(Can.MARK_REGISTER)
def answer_text(text_id: int) -> ResponseReturnValue:
    """Read a text, and say which session its learner cannot come to."""
    found = _text(text_id)
    if found is None:
        return page("apologies/text_read.html", status=CONFLICT)
    sessions = queries.open_to_text(found)
    form = TextForm()
    form.offer(sessions[: queries.MOST_CHOICES])
    if sessions and form.validate_on_submit():
        cohort_session = queries.cohort_session(form.cohort_session.data, seen_by=current_user) or abort(404)
        name = found.enrolment.volunteer.name
        if accepted(form, services.answer_text, found, cohort_session, reason=form.why(), by=current_user):
            flash(f"It is written down that {name} cannot come on {at_words(cohort_session.starts_at)}", "success")
            return redirect(url_for(".list_texts"))
    return page("apologies/answer_text.html", form=form, text=found, sessions=sessions)


@bp.route("/texts/<int:text_id>/set-aside", methods=["POST"])
@allows(Can.MARK_REGISTER)
def set_text_aside(text_id: int) -> ResponseReturnValue:
    """It is read, and about something else."""
    found = _text(text_id)
    if found is not None:
        services.set_aside(found, by=current_user)
    flash("The text is set aside, and what it said is erased", "success")
    return redirect(url_for(".list_texts"))


def _text(text_id: int) -> ReceivedText | None:
    """A text of theirs; None when somebody has read it, 404 when it is not theirs."""
    if not queries.is_text_of_theirs(text_id, seen_by=current_user):
        abort(404)
    return queries.text_to_read(text_id, seen_by=current_user)


@bp.route("/texts/received", methods=["POST"])
@limiter.limit("300 per minute")
@allows(Can.VISIT)
@keeps_what_it_answers
def take_in_text() -> ResponseReturnValue:
    """Where a text message service hands in what learners send us (docs/texts.md)."""
    if no := callers.refused(current_app.config["SETTINGS"].texts_token, name="TEXTS_TOKEN"):
        return no
    try:
        handed = forms.read(request.get_data())
    except forms.TextUnreadable as wrong:
        return jsonify(refused=str(wrong)), UNPROCESSABLE
    audit.acting(services.BY_TEXT)
    services.take_in(
        notify_id=handed.notify_id, number=handed.number, words=handed.words, received_at=handed.received_at
    )
    return jsonify(taken=True)
