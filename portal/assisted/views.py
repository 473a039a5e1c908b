"""Helping somebody to apply: beginning, asking them to confirm, their answer, and what staff see."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal import clock
from portal.access import Can, allows
from portal.applications import queries as applications
from portal.applications import services as application_services
from portal.applications.models import Application, ConfirmedBy
from portal.applications.views import acting_on, own_application, show_code_once, take_in_hand
from portal.assisted import queries, services
from portal.assisted.documents import AnswersToSign
from portal.assisted.forms import AnswerForm, HelpForm, SignedPrintForm, StaffStartForm
from portal.assisted.rules import WRONG_WORDS, Answer
from portal.audit import services as audit
from portal.audit.rules import Outsider
from portal.files.views import download
from portal.messages.services import must_be_told
from portal.schemes import queries as schemes
from portal.schemes.models import Doors
from portal.schemes.rules import Route
from portal.web.fields import Form
from portal.web.limits import GUESSABLE, limiter
from portal.web.pages import CONFLICT, accepted, page
from portal.web.uploads import takes_files

bp = Blueprint("assisted", __name__)
GONE = 410


# For whoever types


@bp.route("/schemes/<slug>/<area_slug>/for-somebody", methods=["GET", "POST"])
@allows(Can.VISIT)
@limiter.limit(GUESSABLE, methods=["POST"])
def start_for_somebody(slug: str, area_slug: str) -> ResponseReturnValue:
    """I am helping somebody apply: who I am, and whom I help."""
    area = schemes.area_by_slugs(slug, area_slug) or abort(404)
    if area.doors is Doors.CLOSED:
        return redirect(url_for("applications.start_application", slug=slug, area_slug=area_slug))
    form = HelpForm()
    if form.validate_on_submit():
        by = Outsider(f"{', '.join(filter(None, (form.helper.data, form.organisation.data)))} (helping)"[:200])
        audit.acting(by)
        application, code = services.start_for_somebody(
            area=area, name=form.name.data, email=form.email.data, phone=form.phone.data,
            route=Route(form.route.data), helper=form.helper.data, organisation=form.organisation.data,
            helper_email=form.helper_email.data, helper_phone=form.helper_phone.data, by=by,
        )  # fmt: skip
        take_in_hand(application)
        return show_code_once(code)
    return page("assisted/start_for_somebody.html", form=form, area=area)


@bp.route("/applications/for-somebody", methods=["GET", "POST"])
@allows(Can.DECIDE_APPLICATIONS)
def start_by_staff() -> ResponseReturnValue:
    """A member of staff types for somebody who sits beside them or rings."""
    areas, form = queries.areas_to_type_for(seen_by=current_user), StaffStartForm()
    form.offer(areas)
    if form.validate_on_submit():
        area = next(area for area in areas if str(area.id) == form.area_id.data)
        if result := _started_by_staff(form, area):
            take_in_hand(result)
            return redirect(url_for("applications.show_my_application"))
    return page("assisted/start_by_staff.html", form=form)


def _started_by_staff(form: StaffStartForm, area: Any) -> Application | None:
    begun: list[Application] = []

    def start() -> None:
        application, _code = services.start_for_somebody(
            area=area, name=form.name.data, email=form.email.data, phone=form.phone.data,
            route=Route(form.route.data), helper=current_user.name, organisation=area.scheme.name,
            helper_email=current_user.email, helper_phone="", user=current_user, by=current_user,
        )  # fmt: skip
        begun.append(application)

    return begun[0] if accepted(form, start) else None


@bp.route("/application/confirmation", methods=["GET", "POST"])
@allows(Can.VISIT)
@limiter.limit(GUESSABLE, methods=["POST"])  # each sends a message to somebody else
def ask_to_confirm() -> ResponseReturnValue:
    """How the person says that it is theirs: by a link to them, or on a print that they sign."""
    application, form = _typed(), Form()
    if form.validate_on_submit() and accepted(form, services.ask_to_confirm, application, by=acting_on(application)):
        flash(
            f"We have sent {application.volunteer.preferred_name} a link. They read it and say if it is theirs",
            "success",
        )
        return redirect(url_for(".ask_to_confirm"))
    return page(
        "assisted/ask_to_confirm.html", application=application, form=form, helper=application.typed_by,
        missing=application_services.missing(application), now=clock.now(),
        gets_a_link=not must_be_told(application.volunteer_id),
    )  # fmt: skip


@bp.route("/application/to-sign.pdf")
@allows(Can.VISIT)
def print_answers() -> Response:
    """The answers on paper, with a line to sign."""
    return _printed(_typed())


def _typed() -> Application:
    application = own_application()
    if application.typed_by is None or not application.is_open:
        abort(redirect(url_for("applications.show_my_application")))
    return application


def _printed(application: Application) -> Response:
    person, helper = application.volunteer, application.typed_by or abort(404)
    body = AnswersToSign(
        scheme=person.scheme.name, reference=person.reference, name=person.name, printed_on=clock.today(),
        typed_by=", ".join(filter(None, (helper.name, helper.organisation))),
        sections=[(each.section.title, each.rows) for each in applications.told(application)],
    ).render()  # fmt: skip
    headers = {"Content-Disposition": f'attachment; filename="application-{person.reference}.pdf"'}
    return Response(body, mimetype="application/pdf", headers=headers)


# For the person


@bp.route("/is-this-yours/<token>", methods=["GET", "POST"])
@allows(Can.VISIT)
@limiter.limit(GUESSABLE, methods=["POST"])
def answer_by_link(token: str) -> ResponseReturnValue:
    """What was typed for them, and what they say of it. A link that no longer works says what to do."""
    application = queries.application_to_confirm(token)
    if application is None:
        return page("assisted/link_gone.html", status=GONE)
    now = applications.likeness_of(application)
    form = AnswerForm(data={"version": now})
    drawn_from = form.version.data
    form.version.data = now
    if form.validate_on_submit():
        answer = Answer(form.answer.data)
        if answer is Answer.WRONG and accepted(form, services.say_it_is_wrong, application, words=form.words.data):
            return redirect(url_for(".thank_you", said=answer.value))
        if answer is Answer.NOT_MINE and accepted(form, services.stop, application):
            return redirect(url_for(".thank_you", said=answer.value))
        if answer is Answer.YES and accepted(
            form, services.confirm, application, name=form.typed_name.data, drawn_from=drawn_from
        ):
            take_in_hand(application)
            return redirect(url_for("applications.show_sent"))
    status = CONFLICT if form.is_submitted() and drawn_from != now else None
    context: dict[str, Any] = {"status": status} if status else {}
    return page(
        "assisted/answer_by_link.html", form=form, application=application, helper=application.typed_by,
        told=applications.told(application), **context,
    )  # fmt: skip


@bp.route("/is-this-yours/thank-you")
@allows(Can.VISIT)
def thank_you() -> ResponseReturnValue:
    """After saying that something is wrong, or that they did not ask for it."""
    return page("assisted/thank_you.html", is_stopped=request.args.get("said") == Answer.NOT_MINE.value)


# For staff


@bp.route("/applications/typed-for-somebody")
@allows(Can.DECIDE_APPLICATIONS)
def list_helped() -> ResponseReturnValue:
    """Every application that somebody types for another person and that is not sent yet."""
    return page("assisted/list_helped.html", rows=queries.helped_applications(seen_by=current_user))


@bp.route("/people/<int:volunteer_id>/application/typed-by", methods=["GET", "POST"])
@allows(Can.DECIDE_APPLICATIONS)
@takes_files
def show_helped(volunteer_id: int) -> ResponseReturnValue:
    """Who typed it, who confirmed it, how and when; and the record of a signed print."""
    application = _helped(volunteer_id)
    now = applications.likeness_of(application)
    form = SignedPrintForm(data={"version": now})
    if form.validate_on_submit() and accepted(
        form, services.record_signed_print, application, name=form.typed_name.data, signed_on=form.signed_on.data,
        scan=form.scan.data, drawn_from=form.version.data, by=current_user,
    ):  # fmt: skip
        flash(f"The signed print is kept, and the application of {application.volunteer.name} is sent", "success")
        return redirect(url_for(".show_helped", volunteer_id=volunteer_id))
    form.version.data = now
    return page(
        "assisted/show_helped.html", application=application, helper=application.helper, form=form,
        missing=application_services.missing(application) if application.is_open else [],
        words=application.prompted.get(WRONG_WORDS), is_print=application.helper.confirmed_by is ConfirmedBy.PRINT
        if application.helper else False,
    )  # fmt: skip


@bp.route("/people/<int:volunteer_id>/application/to-sign.pdf")
@allows(Can.DECIDE_APPLICATIONS)
def print_for_somebody(volunteer_id: int) -> Response:
    """The same print, for staff."""
    return _printed(_helped(volunteer_id))


@bp.route("/people/<int:volunteer_id>/application/signed-print")
@allows(Can.DECIDE_APPLICATIONS)
def download_signed_print(volunteer_id: int) -> Response:
    """The scan of what they signed."""
    helper = _helped(volunteer_id).helper
    return download((helper.file if helper else None) or abort(404))


@bp.route("/people/<int:volunteer_id>/application/go-on-typing", methods=["POST"])
@allows(Can.DECIDE_APPLICATIONS)
def go_on_typing(volunteer_id: int) -> ResponseReturnValue:
    """Staff carry on with an application that is typed for somebody."""
    application = _helped(volunteer_id)
    if application.typed_by is None or not application.is_open:
        flash("This application is not open any more", "warning")
        return redirect(url_for(".show_helped", volunteer_id=volunteer_id))
    session.pop("return_code", None)
    take_in_hand(application)
    return redirect(url_for("applications.show_my_application"))


def _helped(volunteer_id: int) -> Application:
    return queries.helped_application(volunteer_id, seen_by=current_user) or abort(404)
