"""Pages of times for talks: staff offer them; applicants choose, by link or signed in, and say whether they come."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal import clock
from portal.access import Can, allows
from portal.appointments import queries, services
from portal.appointments.forms import CannotForm, ComeForm, SlotsForm
from portal.appointments.rules import Part
from portal.audit import services as audit
from portal.audit.rules import Actor, Outsider
from portal.interviews import services as interviews
from portal.interviews.models import Setting
from portal.interviews.queries import interviewers_in, open_interview
from portal.refusals import Refused
from portal.volunteers.models import Volunteer
from portal.volunteers.queries import own_volunteer
from portal.volunteers.queries import volunteer as find_volunteer
from portal.web.limits import GUESSABLE, limiter
from portal.web.pages import accepted, page

bp = Blueprint("appointments", __name__)
NEEDS = Can.DECIDE_APPLICATIONS
BY_LINK = Outsider("Applicant by link")
GONE, NOT_FOUND = 410, 404
WAYS = ("show", "take", "come_to", "cannot_come_to")
# Only what opened nothing is counted: whoever has a link may use it as often as they like.
guessable = limiter.limit(GUESSABLE, deduct_when=lambda response: response.status_code == NOT_FOUND)


# For staff


@bp.route("/interviews")
@allows(NEEDS)
def list_interviews() -> ResponseReturnValue:
    """Every talk of one's areas by what comes next: today, to record, to decide, without a time, to come."""
    only = next((part for part in Part if part.value == request.args.get("part")), None)
    after = request.args.get("after") if only else None
    parts = [(part, queries.talks(part, seen_by=current_user, after=after)) for part in ([only] if only else Part)]
    return page("appointments/list_interviews.html", parts=parts, only=only, Part=Part)


@bp.route("/interviews/times")
@allows(NEEDS)
def list_times() -> ResponseReturnValue:
    """The times that are offered, and who took which."""
    return page("appointments/list_times.html", rows=queries.slots(seen_by=current_user))


@bp.route("/interviews/times/new", methods=["GET", "POST"])
@allows(NEEDS)
def offer_times() -> ResponseReturnValue:
    """Offer one time, or a run of them."""
    areas = {each.id: each for each in queries.areas(seen_by=current_user)}
    people = {each.id: each for each in interviewers_in(areas.values())}
    form = SlotsForm(minutes=45, interviewer=current_user.id, area=next(iter(areas), None))
    form.offer(areas.values(), people.values())
    if form.validate_on_submit() and accepted(
        form, services.publish, areas[form.area.data], starts=form.starts(), minutes=form.minutes.data,
        every=form.between, setting=Setting(form.setting.data), place=form.place.data,
        interviewer=people[form.interviewer.data], second=people.get(form.second.data), by=current_user,
    ):  # fmt: skip
        flash("The times are offered", "success")
        return redirect(url_for(".list_times"))
    return page("appointments/offer_times.html", form=form)


@bp.route("/interviews/times/<int:slot_id>/withdraw", methods=["POST"])
@allows(NEEDS)
def withdraw_time(slot_id: int) -> ResponseReturnValue:
    """Offer this time no more."""
    slot = queries.slot(slot_id, seen_by=current_user) or abort(404)
    _say(_refusals(services.withdraw, slot, by=current_user), "This time is offered no more")
    return redirect(url_for(".list_times"))


def _person(volunteer_id: int) -> Volunteer:
    return find_volunteer(volunteer_id, seen_by=current_user, can=NEEDS) or abort(404)


@bp.route("/people/<int:volunteer_id>/interviews/let-them-choose", methods=["POST"])
@allows(NEEDS)
def let_them_choose(volunteer_id: int) -> ResponseReturnValue:
    """Send them a link to choose a time."""
    refused = _refusals(services.let_them_choose, _person(volunteer_id), by=current_user)
    _say(refused, "They are asked to choose a time")
    return redirect(url_for("interviews.show_interviews", volunteer_id=volunteer_id))


@bp.route("/people/<int:volunteer_id>/interviews/choose", methods=["GET", "POST"])
@allows(NEEDS)
def choose_for_them(volunteer_id: int) -> ResponseReturnValue:
    """They are on the phone: take a time for them."""
    volunteer = _person(volunteer_id)
    if request.method == "POST":
        refused = _refusals(services.take_for, volunteer, request.form.get("slot", type=int), by=current_user)
        _say(refused, "The talk is planned, and they are written to")
        if not refused:
            return redirect(url_for("interviews.show_interviews", volunteer_id=volunteer_id))
        return redirect(url_for(".choose_for_them", volunteer_id=volunteer_id))
    return page(
        "appointments/choose_for_them.html", volunteer=volunteer, slots=queries.free_slots(volunteer),
        interview=open_interview(volunteer),
    )  # fmt: skip


@bp.route("/people/<int:volunteer_id>/interviews/come", methods=["POST"])
@allows(NEEDS)
def say_they_come(volunteer_id: int) -> ResponseReturnValue:
    """They told us that they come."""
    volunteer = _person(volunteer_id)
    interview = open_interview(volunteer) or abort(404)
    _say(_refusals(services.accept, interview, supporter=interview.supporter, by=current_user), "They come: noted")
    return redirect(url_for("interviews.show_interviews", volunteer_id=volunteer_id))


# For an applicant: by link without an account, or signed in. The same pages, found by another way


def _shown(volunteer: Volunteer, token: str | None, form: ComeForm) -> ResponseReturnValue:
    interview = open_interview(volunteer)
    return page(
        "appointments/show_talk.html", volunteer=volunteer, interview=interview, token=token, form=form,
        slots=queries.free_slots(volunteer), has_begun=interview is not None and interview.planned_at <= clock.now(),
        may_choose=queries.may_choose(volunteer), ways=_ways(token), is_bare=token is not None, scheme_name="Alongside",
    )  # fmt: skip


def _ways(token: str | None) -> dict[str, str]:
    """Where the buttons of these pages lead."""
    if token:
        return {name: url_for(f".{name}_talk_by_link", token=token) for name in WAYS}
    return {name: url_for(f".{name}_talk") for name in WAYS}


def _took(volunteer: Volunteer, token: str | None, by: Actor) -> ResponseReturnValue:
    refused = _refusals(services.take, volunteer, request.form.get("slot", type=int), by=by)
    _say(refused, "Thank you. This time is yours")
    return redirect(_ways(token)["show"])


def _comes(volunteer: Volunteer, token: str | None, by: Actor) -> ResponseReturnValue:
    interview = open_interview(volunteer)
    form = ComeForm()
    if interview is None:
        return redirect(_ways(token)["show"])
    if form.validate_on_submit() and accepted(form, services.accept, interview, supporter=form.supporter.data, by=by):
        flash("Thank you. We look forward to talking with you", "success")
        return redirect(_ways(token)["show"])
    return _shown(volunteer, token, form)


def _cannot(volunteer: Volunteer, token: str | None, by: Actor) -> ResponseReturnValue:
    interview = open_interview(volunteer)
    if interview is None:
        return _shown(volunteer, token, ComeForm(formdata=None))
    form = CannotForm()
    if form.validate_on_submit():
        if form.what.data == "ask" and accepted(
            form, services.ask_for_another_time, interview, wish=form.words.data, by=by
        ):
            flash("Thank you. We will get in touch about another time", "success")
            return redirect(_ways(token)["show"])
        if form.what.data == "cancel" and accepted(
            form, interviews.cancelled_by_them, interview, because=form.words.data, by=by
        ):
            flash("Thank you for telling us. You can choose another time", "success")
            return redirect(_ways(token)["show"])
    return page(
        "appointments/cannot_come.html", form=form, interview=interview, ways=_ways(token), volunteer=volunteer,
        is_bare=token is not None, scheme_name="Alongside",
    )  # fmt: skip


def _own() -> Volunteer:
    return own_volunteer(current_user) or abort(404)


def _supporter(volunteer: Volunteer) -> ComeForm:
    interview = open_interview(volunteer)
    return ComeForm(formdata=None, supporter=interview.supporter if interview else "")


@bp.route("/my/talk")
@allows(Can.OWN_JOURNEY)
def show_talk() -> ResponseReturnValue:
    """One's own talk: when it is, or the times to choose from."""
    return _shown(_own(), None, _supporter(_own()))


@bp.route("/my/talk/take", methods=["POST"])
@allows(Can.OWN_JOURNEY)
def take_talk() -> ResponseReturnValue:
    """This time, please."""
    return _took(_own(), None, current_user)


@bp.route("/my/talk/come", methods=["POST"])
@allows(Can.OWN_JOURNEY)
def come_to_talk() -> ResponseReturnValue:
    """I come."""
    return _comes(_own(), None, current_user)


@bp.route("/my/talk/cannot-come", methods=["GET", "POST"])
@allows(Can.OWN_JOURNEY)
def cannot_come_to_talk() -> ResponseReturnValue:
    """I cannot come then."""
    return _cannot(_own(), None, current_user)


def _by_link(token: str) -> Volunteer:
    """Whose link it is; a link that works no more, or never did, says what to do."""
    audit.acting(BY_LINK)
    found = queries.volunteer_by_link(token)
    if found is None:
        status = GONE if queries.was_link(token) else NOT_FOUND
        abort(make_response(page("appointments/link_dead.html", status=status, is_bare=True, scheme_name="Alongside")))
    return found


@bp.route("/talk/<token>")
@guessable
@allows(Can.VISIT)
def show_talk_by_link(token: str) -> ResponseReturnValue:
    """When the talk is, or the times to choose from."""
    volunteer = _by_link(token)
    return _shown(volunteer, token, _supporter(volunteer))


@bp.route("/talk/<token>/take", methods=["POST"])
@guessable
@allows(Can.VISIT)
def take_talk_by_link(token: str) -> ResponseReturnValue:
    """This time, please."""
    return _took(_by_link(token), token, BY_LINK)


@bp.route("/talk/<token>/come", methods=["POST"])
@guessable
@allows(Can.VISIT)
def come_to_talk_by_link(token: str) -> ResponseReturnValue:
    """I come."""
    return _comes(_by_link(token), token, BY_LINK)


@bp.route("/talk/<token>/cannot-come", methods=["GET", "POST"])
@guessable
@allows(Can.VISIT)
def cannot_come_to_talk_by_link(token: str) -> ResponseReturnValue:
    """I cannot come then."""
    return _cannot(_by_link(token), token, BY_LINK)


def _refusals(verb: Any, *given: Any, **named: Any) -> list[str]:
    """Do it; why not, when it is refused."""
    try:
        verb(*given, **named)
    except Refused as refused:
        return refused.reasons
    return []


def _say(reasons: list[str], words: str) -> None:
    if reasons:
        flash(". ".join(reasons), "warning")
    else:
        flash(words, "success")
