"""Pages for practitioners, who come by link and have no account, and for the staff who name, ring and read them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal import clock
from portal.access import Can, allows
from portal.audit import services as audit
from portal.audit.rules import Outsider
from portal.recommendations import queries, services
from portal.recommendations.forms import (
    FORM_OF,
    AnswersForm,
    ByPhoneForm,
    CallForm,
    ChooseForm,
    EmptyForm,
    PractitionerForm,
    SendAgainForm,
)
from portal.recommendations.models import Recommendation, RecommendationState
from portal.recommendations.rules import Answer, Answers
from portal.volunteers.models import Volunteer
from portal.volunteers.queries import volunteer as find_volunteer
from portal.web.limits import GUESSABLE, limiter
from portal.web.pages import CONFLICT, OK, accepted, is_stale, page

bp = Blueprint("recommendations", __name__)
NEEDS = Can.SEE_REFERENCES
BY_LINK = Outsider("Practitioner by link")
GONE = 410
# Only what opened nothing is counted: whoever has a link may use it as often as they like.
guessable = limiter.shared_limit(
    GUESSABLE, scope="recommendations", deduct_when=lambda response: response.status_code == GONE
)


# For the practitioner


def _open(token: str) -> Recommendation | None:
    """What this link opens now; None for one that is used, too old, of another purpose or never was."""
    found = queries.recommendation_by_link(token)
    is_open = found and found.is_open(clock.now()) and found.volunteer.stage not in queries.STOPPED
    return found if is_open else None


def _closed(token: str) -> ResponseReturnValue:
    """One calm page for every link that opens nothing. Only whoever answered by it is told that they have."""
    found = queries.recommendation_by_link(token)
    return page("recommendations/link_closed.html", status=GONE, has_answered=bool(found and found.is_answered))


def _shown(template: str, found: Recommendation, token: str, form: Any, **more: Any) -> ResponseReturnValue:
    return page(
        f"recommendations/{template}.html", recommendation=found, volunteer=found.volunteer, token=token, form=form,
        scheme_name=found.volunteer.scheme.name, **more,
    )  # fmt: skip


@bp.route("/recommend/<token>", methods=["GET", "POST"])
@allows(Can.VISIT)
@guessable
def choose_answer(token: str) -> ResponseReturnValue:
    """The first page of a link, then the first question, on which the others depend."""
    found = _open(token)
    if found is None:
        return _closed(token)
    if found.state is RecommendationState.REQUESTED:
        return _shown("start_recommendation", found, token, EmptyForm())
    form = ChooseForm()
    if form.validate_on_submit():
        return redirect(url_for(".answer_recommendation", token=token, answer=form.answer.data))
    return _shown("choose_answer", found, token, form)


@bp.route("/recommend/<token>/start", methods=["POST"])
@allows(Can.VISIT)
@guessable
def start_recommendation(token: str) -> ResponseReturnValue:
    """They have begun: opening the page alone writes nothing, because mail programs open links too."""
    found = _open(token)
    if found is None:
        return _closed(token)
    audit.acting(BY_LINK)
    services.open_link(found, by=BY_LINK)
    return redirect(url_for(".choose_answer", token=token))


def _form_of(answer: str) -> AnswersForm:
    known = {each.value: each for each in Answer}
    return FORM_OF[known[answer]]() if answer in known else abort(404)


@bp.route("/recommend/<token>/<answer>", methods=["GET", "POST"])
@allows(Can.VISIT)
@guessable
def answer_recommendation(token: str, answer: str) -> ResponseReturnValue:
    """The questions of one answer; a whole answer is shown once more before it is sent."""
    found = _open(token)
    if found is None:
        return _closed(token)
    form = _form_of(answer)
    if form.is_submitted() and not form.is_change() and form.validate():
        return _shown("check_recommendation", found, token, form, answer=answer)
    return _shown("answer_recommendation", found, token, form, answer=answer, words=form.chosen().words)


@bp.route("/recommend/<token>/<answer>/send", methods=["POST"])
@allows(Can.VISIT)
@guessable
def send_recommendation(token: str, answer: str) -> ResponseReturnValue:
    """Take the answers that were checked."""
    found = _open(token)
    if found is None:
        return _closed(token)
    form = _form_of(answer)
    audit.acting(BY_LINK)
    if form.validate_on_submit() and accepted(form, services.answer, found, form.answers(), by=BY_LINK):
        return redirect(url_for(".thank_practitioner"))
    return _shown("answer_recommendation", found, token, form, answer=answer, words=form.chosen().words)


@bp.route("/recommend/thank-you")
@allows(Can.VISIT)
def thank_practitioner() -> ResponseReturnValue:
    """After the last button: it is done, and the page can be closed."""
    return page("recommendations/thank_practitioner.html")


# For staff


def _volunteer(volunteer_id: int) -> Volunteer:
    volunteer = find_volunteer(volunteer_id, seen_by=current_user, can=NEEDS) or abort(404)
    volunteer.refuse_while_blind()
    return volunteer


def _one(volunteer_id: int, recommendation_id: int) -> Recommendation:
    found = queries.recommendation(recommendation_id, volunteer_id=volunteer_id, seen_by=current_user)
    return found or abort(404)


def _back(volunteer_id: int, words: str) -> ResponseReturnValue:
    flash(words, "success")
    return redirect(url_for(".show_recommendations", volunteer_id=volunteer_id))


@bp.route("/recommendations")
@allows(NEEDS)
def list_recommendations() -> ResponseReturnValue:
    """Whom to ring, who has not answered, and whom we ask again, with the day."""
    found = queries.to_look_at(seen_by=current_user)
    return page("recommendations/list_recommendations.html", found=queries.sorted_out(found))


@bp.route("/people/<int:volunteer_id>/recommendation")
@allows(NEEDS)
def show_recommendations(volunteer_id: int) -> ResponseReturnValue:
    """Who was named, what each said, and what to do next."""
    volunteer = _volunteer(volunteer_id)
    named = queries.recommendations_of(volunteer, seen_by=current_user)
    said = {each.id: Answers.from_json(each.answers).lines() for each in named if each.answers}
    earlier = {each.id: [(one["answered_at"], Answers.from_json(one)) for one in each.earlier] for each in named}
    return page(
        "recommendations/show_recommendations.html", volunteer=volunteer, named=named, said=said, earlier=earlier,
        asks=volunteer.scheme.settings.asks_recommendation(volunteer.route),
        may_ask=volunteer.stage not in queries.STOPPED,
    )  # fmt: skip


@bp.route("/people/<int:volunteer_id>/recommendation/new", methods=["GET", "POST"])
@allows(NEEDS)
def name_practitioner(volunteer_id: int) -> ResponseReturnValue:
    """Name a practitioner, and ask them at once."""
    volunteer = _volunteer(volunteer_id)
    form = PractitionerForm()
    if form.validate_on_submit() and accepted(
        form, services.name_practitioner, volunteer, name=form.name.data, job=form.job.data,
        organisation=form.organisation.data, email=form.email.data, phone=form.phone.data, by=current_user,
    ):  # fmt: skip
        if not form.email.data:
            flash("They have no email address: ring them, and write down what they say", "warning")
        return _back(volunteer.id, "They are asked")
    return page("recommendations/name_practitioner.html", form=form, volunteer=volunteer)


@bp.route("/people/<int:volunteer_id>/recommendation/<int:recommendation_id>/send-again", methods=["GET", "POST"])
@allows(NEEDS)
def send_recommendation_again(volunteer_id: int, recommendation_id: int) -> ResponseReturnValue:
    """Send a new link, perhaps to another address; the old one is dead at once."""
    found = _one(volunteer_id, recommendation_id)
    form, status = SendAgainForm(version=found.version, email=found.email, phone=found.phone), OK
    if form.validate_on_submit():
        if is_stale(form, found.version):
            status = CONFLICT
        elif accepted(form, services.send_again, found, email=form.email.data, phone=form.phone.data, by=current_user):
            return _back(volunteer_id, "A new link is on its way, and the old one no longer works")
    return page("recommendations/send_recommendation_again.html", status=status, form=form, recommendation=found)


@bp.route("/people/<int:volunteer_id>/recommendation/<int:recommendation_id>/by-phone", methods=["GET", "POST"])
@allows(NEEDS)
def record_recommendation(volunteer_id: int, recommendation_id: int) -> ResponseReturnValue:
    """Ask the same questions on the phone, and write down what they say."""
    found = _one(volunteer_id, recommendation_id)
    form, status = ByPhoneForm(version=found.version), OK
    if form.validate_on_submit():
        answers = form.answers(by_phone_to=f"{current_user.name}, who spoke to {form.spoke_to.data}")
        if is_stale(form, found.version):
            status = CONFLICT
        elif accepted(form, services.answer, found, answers, by=current_user):
            return _back(volunteer_id, "What they said is saved")
    return page(
        "recommendations/record_recommendation.html", status=status, form=form, recommendation=found,
        volunteer=found.volunteer,
    )  # fmt: skip


@bp.route("/people/<int:volunteer_id>/recommendation/<int:recommendation_id>/call", methods=["GET", "POST"])
@allows(NEEDS)
def note_call(volunteer_id: int, recommendation_id: int) -> ResponseReturnValue:
    """They asked to be rung: say what you agreed."""
    found = _one(volunteer_id, recommendation_id)
    form, status = CallForm(version=found.version), OK
    if form.validate_on_submit():
        if is_stale(form, found.version):
            status = CONFLICT
        elif accepted(
            form, services.note_call, found, words=form.words.data, goes_on=form.goes_on.data == "yes",
            by=current_user,
        ):  # fmt: skip
            return _back(volunteer_id, "Your call is noted")
    return page("recommendations/note_call.html", status=status, form=form, recommendation=found)
