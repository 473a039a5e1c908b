"""Starting, the application one thing at a time, and what staff read of it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal import clock
from portal.access import Can, allows
from portal.applications import forms, queries, services
from portal.applications.models import LADDER, Application
from portal.applications.rules import Progress, Section, grouped, referees_missing, where_to_finish
from portal.audit import services as audit
from portal.audit.rules import Actor, Outsider
from portal.refusals import Refused
from portal.schemes import queries as schemes
from portal.schemes.models import Area, Doors
from portal.schemes.rules import Route, reply_by
from portal.volunteers.journey import Move
from portal.volunteers.rules import likeness
from portal.web.limits import GUESSABLE, limiter
from portal.web.pages import page

bp = Blueprint("applications", __name__)
CONFLICT, GONE = 409, 410


# Starting


def _area(slug: str, area_slug: str) -> Area:
    return schemes.area_by_slugs(slug, area_slug) or abort(404)


@bp.route("/schemes/<slug>/<area_slug>/start", methods=["GET", "POST"])
@allows(Can.VISIT)
@limiter.limit(GUESSABLE, methods=["POST"])  # each start may send a letter to an address that nobody proved
def start_application(slug: str, area_slug: str) -> ResponseReturnValue:
    """A name and one way to reach them: then it is begun, and kept."""
    area = _area(slug, area_slug)
    if area.doors is Doors.CLOSED:
        return redirect(url_for("public.show_area", slug=slug, area_slug=area_slug))
    form = forms.StartForm()
    if form.validate_on_submit():
        application, code = services.start(
            area=area, name=form.name.data, email=form.email.data, phone=form.phone.data,
            route=Route(form.route.data), by=_acting(Outsider(f"{form.name.data} (applicant)")),
        )  # fmt: skip
        take_in_hand(application)
        return show_code_once(code)
    return page("applications/start_application.html", form=form, area=area)


# Coming back


@bp.route("/application/return", methods=["GET", "POST"])
@allows(Can.VISIT)
def return_to_application() -> ResponseReturnValue:
    """Come back with the code."""
    form = forms.CodeForm()
    if form.validate_on_submit():
        if application := queries.application_by_code(form.code.data):
            take_in_hand(application)
            return redirect(url_for(".show_my_application"))
        form.code.errors = ["We do not know this code. Check it, or ring the scheme: they can give you a new one"]
    return page("applications/return_to_application.html", form=form)


@bp.route("/application/return/<code>")
@allows(Can.VISIT)
def follow_return_link(code: str) -> ResponseReturnValue:
    """Come back by the link in the letter; one that no longer works says what to do instead."""
    application = queries.application_by_code(code)
    if application is None:
        form = forms.CodeForm(formdata=None)
        form.code.errors = ["This link no longer works. Use your newest link or code, or ring the scheme for a new one"]
        return page("applications/return_to_application.html", form=form, status=GONE)
    take_in_hand(application)
    session.pop("return_code", None)
    return redirect(url_for(".show_my_application"))


@bp.route("/application/leave-this-device", methods=["POST"])
@allows(Can.VISIT)
def leave_device() -> ResponseReturnValue:
    """On somebody else's phone: forget the application here. What was saved stays saved."""
    for key in ("application_id", "application_mark", "return_code"):
        session.pop(key, None)
    flash("This device has forgotten your application. What you saved is safe with us", "success")
    return redirect(url_for(".return_to_application"))


# One's own application


def take_in_hand(application: Application) -> None:
    """Let this browser carry on with this application, until it forgets or a new code is made."""
    session["application_id"], session["application_mark"] = application.id, queries.mark_of(application)


def own_application() -> Application:
    """The application of this browser; whoever has none is asked for their code."""
    found = queries.application_in_hand(
        session.get("application_id"), mark=session.get("application_mark"), seen_by=current_user
    )
    return found or abort(redirect(url_for("applications.return_to_application")))


def _open() -> Application:
    """The same, while it can still be changed; afterwards the task list says how things stand."""
    application = own_application()
    if not application.is_open:
        abort(redirect(url_for(".show_my_application")))
    return application


def _acting(by: Actor) -> Actor:
    """Whoever writes here: the account when there is one, else the applicant by their reference."""
    actor: Actor = current_user if current_user.is_authenticated else by
    audit.acting(actor)
    return actor


def acting_on(application: Application) -> Actor:
    """Whoever types in this application here: the account, or whoever helps, or the applicant."""
    person, helper = application.volunteer, application.typed_by
    if helper is None:
        return _acting(Outsider(f"{person.name} (applicant {person.reference})"))
    who = ", ".join(filter(None, (helper.name, helper.organisation)))
    return _acting(Outsider(f"{who[:170]} (helping {person.reference})"))


def show_code_once(code: str) -> ResponseReturnValue:
    """Lead to the page with the return code, in the browser that started."""
    session["return_code"] = code
    return redirect(url_for("applications.show_return_code"))


@bp.route("/application")
@allows(Can.VISIT)
def show_my_application() -> ResponseReturnValue:
    """The task list; once it is sent, how things stand."""
    application = own_application()
    if Move.REAPPLY.leaves(application.volunteer.stage):
        return page("applications/apply_again.html", application=application, form=forms.PlainForm())
    if application.submitted_at is not None:
        return redirect(url_for(".show_sent"))
    asked = services.asked_of(application)
    return page(
        "applications/show_my_application.html", application=application, sections=asked,
        progress=Progress.read(application.sections_done), missing=services.missing(application),
        needs_practitioner=services.needs_practitioner(application), asks_for_backer=Section.PRACTITIONER not in asked,
        still_valid=services.still_valid(application),
    )  # fmt: skip


@bp.route("/application/code")
@allows(Can.VISIT)
def show_return_code() -> ResponseReturnValue:
    """How to stop and come back. The code is shown only in the browser that started."""
    code = session.get("return_code")
    return page(
        "applications/show_return_code.html", application=own_application(), code=grouped(code) if code else None
    )


@bp.route("/application/<slug>", methods=["GET", "POST"])
@allows(Can.VISIT)
def edit_section(slug: str) -> ResponseReturnValue:
    """One section: asked, saved, back to the task list."""
    section = next((section for section in forms.ASKED if section.value == slug), None) or abort(404)
    application, asked = _open(), forms.ASKED[section]
    shown = asked.shown(application)
    version = likeness(shown.values())
    form = asked(data={**shown, "version": version})
    form.suit(application)
    context: dict[str, Any] = {
        "form": form, "section": section, "application": application, "shown": shown,
        "is_carried": section in Progress.read(application.sections_done).carried,
    }  # fmt: skip
    if not form.validate_on_submit():
        return page("applications/edit_section.html", **context)
    if form.version.data != version:
        form.version.data = version
        if differences := form.differences_from(asked(formdata=None, data=shown)):
            context |= {"differences": differences, "is_error": True, "status": CONFLICT}
            return page("applications/edit_section.html", **context)
    try:
        form.save(application, by=acting_on(application))
    except Refused as refused:
        form.refuse(refused.reasons)
        return page("applications/edit_section.html", **context)
    return redirect(url_for(".check_answers" if request.args.get("from") == "check" else ".show_my_application"))


@bp.route("/application/who-can-speak-for-you")
@allows(Can.VISIT)
def list_referees() -> ResponseReturnValue:
    """The people who can speak for the applicant."""
    application = _open()
    needed = application.volunteer.scheme.settings.references_needed
    return page(
        "applications/list_referees.html", application=application, needed=needed, ladder=LADDER,
        missing=referees_missing(application.referees, needed),
        lacks_outsider=needed > 0 and services.lacks_outsider(application),
        recommender=services.recommender_of(application),
    )  # fmt: skip


@bp.route("/application/who-can-speak-for-you/new", methods=["GET", "POST"])
@allows(Can.VISIT)
def add_referee() -> ResponseReturnValue:
    """Name one more."""
    application, chosen = _open(), request.args.get("as")
    form = forms.RefereeForm(data={"relation": chosen if chosen in {each.value for each in LADDER} else None})
    form.about = application
    if form.validate_on_submit():
        if services.helps(application, name=form.name.data, email=form.email.data):
            flash("This is the person who helps you with the form. That is fine: they may speak for you", "message")
        try:
            services.add_referee(application, **form.answers(), by=acting_on(application))
        except Refused as refused:
            form.form_errors.extend(refused.reasons)
        else:
            return redirect(url_for(".list_referees"))
    recommender = services.recommender_of(application)
    return page("applications/add_referee.html", form=form, application=application, recommender=recommender)


@bp.route("/application/who-can-speak-for-you/remove", methods=["POST"])
@allows(Can.VISIT)
def remove_referee() -> ResponseReturnValue:
    """Take one off the list; one that is gone already is gone."""
    application = _open()
    if referee := queries.referee_of(application, request.form.get("referee_id", type=int)):
        try:
            services.remove_referee(referee, by=acting_on(application))
        except Refused as refused:
            flash(str(refused), "warning")
    return redirect(url_for(".list_referees"))


@bp.route("/application/check", methods=["GET", "POST"])
@allows(Can.VISIT)
def check_answers() -> ResponseReturnValue:
    """Read it through, then send it. Sent from another tab already: the same calm page follows."""
    application, form = own_application(), forms.PlainForm()
    if not application.is_open:
        return redirect(url_for(".show_my_application"))
    if form.validate_on_submit():
        try:
            services.submit(application, by=acting_on(application))
        except Refused as refused:
            form.form_errors.extend(refused.reasons)
            return _answers("applications/check_answers.html", application, form=form)
        session.pop("return_code", None)
        return redirect(url_for(".show_sent"))
    return _answers(
        "applications/check_answers.html", application, form=form,
        missing=[(reason, where_to_finish(reason)) for reason in services.missing(application)],
        unconfirmed=services.unconfirmed(application),
    )  # fmt: skip


def _answers(template: str, application: Application, **context: Any) -> ResponseReturnValue:
    facts: dict[str, Any] = {"application": application, "told": queries.told(application)}
    return page(template, **(facts | context))


@bp.route("/application/sent")
@allows(Can.VISIT)
def show_sent() -> ResponseReturnValue:
    """It is with us: the reference, and what happens next."""
    application = own_application()
    if application.submitted_at is None:
        return redirect(url_for(".show_my_application"))
    sent_on = clock.in_london(application.submitted_at).date()
    answered = reply_by(sent_on, application.volunteer.scheme.settings.reply_within_days)
    return _answers("applications/show_sent.html", application, reply_by=answered)


@bp.route("/application/start-again", methods=["POST"])
@allows(Can.VISIT)
def start_again() -> ResponseReturnValue:
    """Open it again after withdrawing or being declined; a second tap changes nothing."""
    application = own_application()
    if Move.REAPPLY.leaves(application.volunteer.stage):
        services.reopen(application, by=acting_on(application))
    return redirect(url_for(".show_my_application"))


@bp.route("/my/applications-to-join", methods=["GET", "POST"])
@allows(Can.SIGNED_IN)
def join_application() -> ResponseReturnValue:
    """Somebody signed in makes an application sent with their address their own."""
    found, form = queries.unclaimed(current_user), forms.PlainForm()
    if form.validate_on_submit():
        volunteer = next((v for v in found if v.id == request.form.get("volunteer_id", type=int)), None) or abort(404)
        services.join_account(volunteer, current_user, by=current_user)
        return redirect(url_for(".show_my_application"))
    return page("applications/join_application.html", found=found, form=form)


# For staff


@bp.route("/applications")
@allows(Can.DECIDE_APPLICATIONS)
def list_applications() -> ResponseReturnValue:
    """Whoever waits, longest first: to be read, at interview, and started but not sent."""
    only = next((stage for stage in queries.LISTED if stage.value == request.args.get("stage")), None)
    stages = [only] if only else queries.LISTED
    after = request.args.get("after") if only else None
    lists = [(stage, queries.applications_at(stage, seen_by=current_user, after=after)) for stage in stages]
    return page("applications/list_applications.html", lists=lists, only=only, today=clock.today())


@bp.route("/people/<int:volunteer_id>/application")
@allows(Can.DECIDE_APPLICATIONS)
def show_application(volunteer_id: int) -> ResponseReturnValue:
    """All that one person told us when they applied."""
    application = queries.application_of(volunteer_id, seen_by=current_user) or abort(404)
    return _answers(
        "applications/show_application.html", application, told=queries.shown(application),
        sendings=queries.sendings_of(application),
        still_valid=services.still_valid(application),
    )  # fmt: skip


@bp.route("/people/<int:volunteer_id>/application/sent/<int:sending>")
@allows(Can.DECIDE_APPLICATIONS)
def show_sending(volunteer_id: int, sending: int) -> ResponseReturnValue:
    """The answers as they were on the day they were sent, whatever was changed since."""
    application = queries.application_of(volunteer_id, seen_by=current_user) or abort(404)
    application.volunteer.refuse_while_blind()
    sent = queries.sending_of(application, sending) or abort(404)
    return page("applications/show_sending.html", person=application.volunteer, sent=sent)


@bp.route("/people/<int:volunteer_id>/application/new-code", methods=["POST"])
@allows(Can.DECIDE_APPLICATIONS)
def renew_return_code(volunteer_id: int) -> ResponseReturnValue:
    """For somebody who lost their code and is on the phone: a new one, read out or sent by letter."""
    application = queries.application_of(volunteer_id, seen_by=current_user) or abort(404)
    code = services.renew_code(application, by=current_user)
    flash(f"The new return code is {grouped(code)}. The one before no longer works", "success")
    return redirect(url_for(".show_application", volunteer_id=volunteer_id))
