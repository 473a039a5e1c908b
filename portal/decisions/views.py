"""Pages about offers, declines, who else may help, and stopping for now."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from portal import clock
from portal.access import Can, allows
from portal.decisions import messages, queries, services
from portal.decisions.forms import DeclineForm, OfferForm, SignpostForm, StopForm, WithdrawalForm
from portal.decisions.models import Decline, MightReturn, Signpost, WhoDecided
from portal.decisions.rules import DeclineKind, below_the_mark, conditions, said
from portal.interviews.models import Interview
from portal.interviews.queries import interview as find_interview
from portal.interviews.rules import must_refer, total
from portal.messages.services import must_be_told
from portal.refusals import Refused
from portal.volunteers.journey import Move, Stage
from portal.volunteers.models import Volunteer
from portal.volunteers.queries import own_volunteer
from portal.volunteers.queries import volunteer as find_volunteer
from portal.web.pages import CONFLICT, accepted, is_stale, page

bp = Blueprint("decisions", __name__)
NEEDS = Can.DECIDE_APPLICATIONS
PERSON = "/people/<int:volunteer_id>"
SIGNPOST = ("title", "about", "phone", "web")


def _volunteer(volunteer_id: int) -> Volunteer:
    return find_volunteer(volunteer_id, seen_by=current_user, can=NEEDS) or abort(404)


def _interview(volunteer_id: int, interview_id: int) -> Interview:
    return find_interview(interview_id, volunteer_id=volunteer_id, seen_by=current_user) or abort(404)


def _decline(volunteer_id: int, decline_id: int) -> Decline:
    return queries.decline(decline_id, volunteer_id=volunteer_id, seen_by=current_user) or abort(404)


def _too_late(move: Move, volunteer: Volunteer) -> ResponseReturnValue | None:
    """Whoever comes too late reads who decided what, and when."""
    if move.leaves(volunteer.stage):
        return None
    return page(
        "decisions/decided_already.html", status=CONFLICT, volunteer=volunteer,
        refused=f"You cannot {move.step.verb} a volunteer who is {volunteer.stage.words.to_staff}",
        decided=queries.last_move_in_words(volunteer),
    )  # fmt: skip


def _back(volunteer: Volunteer, words: str) -> Response:
    """To what was decided about them, which says what was done, and what the post cannot do."""
    flash(words, "success")
    if must_be_told(volunteer.id):
        flash("No email or text reaches them. Ring them, or write to them, so that they know", "warning")
    return redirect(url_for(".show_decision", volunteer_id=volunteer.id))


@bp.route(f"{PERSON}/decision")
@allows(NEEDS)
def show_decision(volunteer_id: int) -> ResponseReturnValue:
    """What was decided about them and what it rests on, and what can be decided next."""
    volunteer = _volunteer(volunteer_id)
    declines = queries.declines_of(volunteer, seen_by=current_user)
    is_open = any(each.is_open for each in declines)
    withdrawals = queries.withdrawals_of(volunteer, seen_by=current_user)
    return page(
        "decisions/show_decision.html", volunteer=volunteer,
        offer=queries.latest_offer(volunteer, seen_by=current_user),
        conditions=conditions(volunteer.scheme.settings.to_train(volunteer.route)), declines=declines,
        own_conditions=queries.own_conditions(volunteer), kinds=DeclineKind, me=current_user.id,
        withdrawals=withdrawals, said={each.id: said(each.reasons) for each in withdrawals},
        may_undo=queries.may_undo(volunteer), may_withdraw=Move.WITHDRAW.leaves(volunteer.stage),
        may_decline=Move.DECLINE.leaves(volunteer.stage) and volunteer.stage is not Stage.TRAINING and not is_open,
    )  # fmt: skip


@bp.route(f"{PERSON}/interviews/<int:interview_id>/offer", methods=["GET", "POST"])
@allows(NEEDS)
def offer_place(volunteer_id: int, interview_id: int) -> ResponseReturnValue:
    """Offer a place, on conditions."""
    interview = _interview(volunteer_id, interview_id)
    volunteer = interview.volunteer
    form = OfferForm(version=volunteer.version)
    status = 200
    if form.validate_on_submit():
        if is_stale(form, volunteer.version):
            status = CONFLICT
        elif accepted(
            form, services.offer, volunteer, interview=interview, because=form.because.data,
            conditions=form.own_conditions(), by=current_user,
        ):  # fmt: skip
            return _back(volunteer, "A place is offered, and the referees are asked")
    settings = volunteer.scheme.settings
    return page(
        "decisions/offer_place.html", status=status, form=form, interview=interview,
        conditions=conditions(settings.to_train(volunteer.route)), refer=must_refer(interview.scores),
        decided="" if volunteer.stage is Stage.INTERVIEWING else queries.last_move_in_words(volunteer),
        mark=settings.interview_pass_mark, is_below=below_the_mark(interview.scores, settings.interview_pass_mark),
        total=total(interview.scores) if interview.scores else None,
    )  # fmt: skip


@bp.route(f"{PERSON}/decline", methods=["GET", "POST"])
@allows(NEEDS)
def decline_volunteer(volunteer_id: int) -> ResponseReturnValue:
    """Say no, kindly: choose, read the letter as they will read it, then decide."""
    volunteer = _volunteer(volunteer_id)
    if late := _too_late(Move.DECLINE, volunteer):
        return late
    directory = {each.id: each for each in queries.signposts_of(volunteer.scheme_id)}
    form, status = DeclineForm(version=volunteer.version), 200
    form.signposts.choices = [(each.id, each.title) for each in directory.values()]
    letter = ""
    is_complete = form.validate_on_submit()
    if is_complete and is_stale(form, volunteer.version):
        status = CONFLICT
    elif is_complete:
        kind, chosen = DeclineKind(form.kind.data), [directory[each] for each in form.signposts.data]
        letter = messages.as_read(
            messages.declined_letter(
                volunteer, kind, words=form.words.data, apply_again_on=form.apply_again_on.data,
                signposts=[{"title": s.title, "about": s.about, "phone": s.phone, "web": s.web} for s in chosen],
            )
        )  # fmt: skip
        if request.form.get("step") == "send" and accepted(
            form, services.decline, volunteer, kind=kind, words=form.words.data, signposts=chosen,
            apply_again_on=form.apply_again_on.data, remind=form.remind.data, told_by=form.told_by.data,
            because=form.because.data, rests_on=queries.facts_for(volunteer), by=current_user,
        ):  # fmt: skip
            return _back(volunteer, _said(kind, form.told_by.data))
    return page(
        "decisions/decline_volunteer.html", status=status, form=form, volunteer=volunteer, letter=letter,
        may_keep=current_user.may(Can.MANAGE_SCHEME),
        decided=queries.last_move_in_words(volunteer) if status == CONFLICT else "",
    )  # fmt: skip


def _said(kind: DeclineKind, told_by: str) -> str:
    if kind.needs_two:
        return "Your decision is kept. Now a second person must agree, before they are told"
    if told_by == "phone":
        return "The decision is kept. Ring them, then say here that they have been told"
    return "The application is closed, and a letter is on its way"


@bp.route(f"{PERSON}/declines/<int:decline_id>/agree", methods=["POST"])
@allows(NEEDS)
def agree_to_decline(volunteer_id: int, decline_id: int) -> ResponseReturnValue:
    """The second person agrees."""
    return _done(_decline(volunteer_id, decline_id), services.agree, "You agreed")


@bp.route(f"{PERSON}/declines/<int:decline_id>/tell", methods=["POST"])
@allows(NEEDS)
def tell_decline(volunteer_id: int, decline_id: int) -> ResponseReturnValue:
    """They have been told in person."""
    return _done(_decline(volunteer_id, decline_id), services.tell, "Thank you. It is written down that they know")


@bp.route(f"{PERSON}/declines/<int:decline_id>/drop", methods=["POST"])
@allows(NEEDS)
def drop_decline(volunteer_id: int, decline_id: int) -> ResponseReturnValue:
    """Not like this."""
    return _done(_decline(volunteer_id, decline_id), services.drop, "The decision is dropped. Nobody was told")


def _done(made: Decline, verb: Callable[..., None], words: str) -> ResponseReturnValue:
    try:
        verb(made, by=current_user)
    except Refused as refused:
        flash(". ".join(refused.reasons), "warning")
        return redirect(url_for(".show_decision", volunteer_id=made.volunteer_id))
    return _back(made.volunteer, words)


# Stopping for now


@bp.route("/my/withdraw", methods=["GET", "POST"])
@allows(Can.OWN_JOURNEY)
def withdraw_myself() -> ResponseReturnValue:
    """Stop for now: one page to think it over, one button. The page then says that it is done, and how to undo it."""
    volunteer = own_volunteer(current_user) or abort(404)
    form = StopForm()
    if form.validate_on_submit():
        if volunteer.stage is not Stage.WITHDRAWN:  # a second tap changes nothing
            services.withdraw(volunteer, reasons=form.why(), their_words=form.because.data, by=current_user)
        return redirect(url_for(".withdraw_myself"))
    return page(
        "decisions/withdraw_myself.html", form=form, volunteer=volunteer, undo=queries.may_undo(volunteer),
        may_withdraw=Move.WITHDRAW.leaves(volunteer.stage),
    )  # fmt: skip


@bp.route("/my/withdraw/undo", methods=["POST"])
@allows(Can.OWN_JOURNEY)
def undo_my_withdrawal() -> ResponseReturnValue:
    """I go on after all."""
    volunteer = own_volunteer(current_user) or abort(404)
    if _undone(volunteer):
        return redirect(url_for("home.show_my_journey"))
    return redirect(url_for(".withdraw_myself"))


@bp.route(f"{PERSON}/withdrawal", methods=["GET", "POST"])
@allows(NEEDS)
def record_withdrawal(volunteer_id: int) -> ResponseReturnValue:
    """They told us that they stop, or we decided it."""
    volunteer = _volunteer(volunteer_id)
    if late := _too_late(Move.WITHDRAW, volunteer):
        return late
    form = WithdrawalForm()
    if form.validate_on_submit() and accepted(
        form, services.withdraw, volunteer, decided_by=WhoDecided(form.decided_by.data), reasons=form.why(),
        their_words=form.their_words.data, our_words=form.our_words.data,
        might_return=MightReturn(form.might_return.data), by=current_user,
    ):  # fmt: skip
        return _back(volunteer, "It is written down, and a letter tells them how to undo it")
    return page("decisions/record_withdrawal.html", form=form, volunteer=volunteer)


@bp.route(f"{PERSON}/withdrawal/undo", methods=["POST"])
@allows(NEEDS)
def undo_withdrawal(volunteer_id: int) -> ResponseReturnValue:
    """They go on after all, as they told us."""
    volunteer = _volunteer(volunteer_id)
    _undone(volunteer)
    return redirect(url_for(".show_decision", volunteer_id=volunteer.id))


def _undone(volunteer: Volunteer) -> bool:
    try:
        words = services.undo(volunteer, by=current_user)
    except Refused as refused:
        flash(". ".join(refused.reasons), "warning")
        return False
    flash("Welcome back", "success")
    for each in words:
        flash(each, "message")
    return True


# Who else may help


@bp.route("/signposts")
@allows(Can.MANAGE_SCHEME)
def list_signposts() -> ResponseReturnValue:
    """Who else may help, those not looked at for longest first."""
    return page(
        "decisions/list_signposts.html", signposts=queries.signposts(seen_by=current_user), overdue=queries.is_overdue
    )


@bp.route("/signposts/new", methods=["GET", "POST"])
@allows(Can.MANAGE_SCHEME)
def add_signpost() -> ResponseReturnValue:
    """Somebody new who may help."""
    return _edit(None)


@bp.route("/signposts/<int:signpost_id>", methods=["GET", "POST"])
@allows(Can.MANAGE_SCHEME)
def edit_signpost(signpost_id: int) -> ResponseReturnValue:
    """Change an entry; saving it says that it was looked at today."""
    return _edit(queries.signpost(signpost_id, seen_by=current_user) or abort(404))


def _edit(signpost: Signpost | None) -> ResponseReturnValue:
    schemes = {each.id: each for each in queries.schemes_managed(seen_by=current_user)}
    shown = {"version": 0, "scheme": next(iter(schemes), None)}
    if signpost is not None:
        shown = {"version": signpost.version, "scheme": signpost.scheme_id}
        shown |= {name: getattr(signpost, name) for name in SIGNPOST}
    form, status, rows = SignpostForm(data=shown), 200, []
    form.scheme.choices = [(each.id, each.name) for each in schemes.values()]
    if form.validate_on_submit():
        if signpost is not None and is_stale(form, signpost.version):
            status = CONFLICT
            rows = [(form[each].label.text, getattr(signpost, each), form[each].data) for each in SIGNPOST]
        elif accepted(
            form, services.save_signpost, signpost, scheme=schemes[form.scheme.data], title=form.title.data,
            about=form.about.data, phone=form.phone.data, web=form.web.data, by=current_user,
        ):  # fmt: skip
            flash("Saved, and looked at today", "success")
            return redirect(url_for(".list_signposts"))
    return page(
        "decisions/edit_signpost.html", status=status, form=form, signpost=signpost, today=clock.today(), rows=rows
    )


@bp.route("/signposts/<int:signpost_id>/retire", methods=["POST"])
@allows(Can.MANAGE_SCHEME)
def retire_signpost(signpost_id: int) -> ResponseReturnValue:
    """Send nobody there any more, or people again."""
    signpost = queries.signpost(signpost_id, seen_by=current_user) or abort(404)
    is_again = "again" in request.form
    (services.use_signpost_again if is_again else services.retire_signpost)(signpost, by=current_user)
    flash("People may be sent there again" if is_again else "Nobody is sent there any more", "success")
    return redirect(url_for(".list_signposts"))
