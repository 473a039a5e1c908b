"""The trainer's screen with the code, and the learner's way from the code to a mark."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import segno
from flask import Blueprint, abort, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_limiter.util import get_remote_address
from flask_login import current_user
from markupsafe import Markup

from portal import clock
from portal.access import Can, allows
from portal.checkin import queries, rules, services
from portal.checkin.forms import CodeForm, HereForm
from portal.checkin.models import CheckInWindow
from portal.cohorts.models import CohortSession
from portal.messages.documents import post_room
from portal.timetable.queries import cohort_session
from portal.volunteers.models import Volunteer
from portal.volunteers.queries import own_volunteer
from portal.web.limits import limiter
from portal.web.pages import accepted, page

bp = Blueprint("checkin", __name__)
TRIES = "10 per 5 minutes"
"""Two codes of a million are right at a time: whoever tries through a window of three hours is right once in 1,400."""


def _who_tries() -> str:
    # Each person for each window: a class behind one address may all check in at once.
    who = current_user.get_id() if current_user.is_authenticated else get_remote_address()
    return f"{who}:{(request.view_args or {}).get('session_id', '')}"


a_few_tries = limiter.limit(TRIES, methods=["POST"], key_func=_who_tries)


# The trainer


@bp.route("/sessions/<int:session_id>/check-in")
@allows(Can.MARK_REGISTER)
def show_window(session_id: int) -> ResponseReturnValue:
    """The code for a projector or a phone, and who has checked in: the page asks for itself again by itself.

    It asks every few seconds instead of being told (server-sent events), because every open event stream would
    hold one of the few threads of a worker for as long as the session lasts.
    """
    sitting = _theirs(session_id)
    window = queries.window_of(session_id)
    is_open = queries.is_open(window)
    reasons = rules.reasons_not_to_open(
        is_cancelled=sitting.cancelled_at is not None, now=clock.now(), starts_at=sitting.starts_at,
        ends_at=sitting.ends_at,
    )  # fmt: skip
    return page(
        "checkin/show_window.html", sitting=sitting, is_open=is_open, window=window, why_not=reasons,
        arrived=queries.arrived(session_id), expected=queries.people_in(sitting.cohort_id),
        **(_code(window) if is_open and window else {}),
    )  # fmt: skip


@bp.route("/sessions/<int:session_id>/check-in/open", methods=["POST"])
@allows(Can.MARK_REGISTER)
def open_window(session_id: int) -> ResponseReturnValue:
    """Let people check in."""
    services.open_window(_theirs(session_id), by=current_user)
    return redirect(url_for(".show_window", session_id=session_id))


@bp.route("/sessions/<int:session_id>/check-in/close", methods=["POST"])
@allows(Can.MARK_REGISTER)
def close_window(session_id: int) -> ResponseReturnValue:
    """Let nobody check in any more."""
    services.close_window(_theirs(session_id), by=current_user)
    flash("Check-in is closed. Check the register: you can change every mark", "success")
    return redirect(url_for("registers.mark_register", session_id=session_id))


def _theirs(session_id: int) -> CohortSession:
    return cohort_session(session_id, seen_by=current_user, can=Can.MARK_REGISTER) or abort(404)


def _code(window: CheckInWindow) -> dict[str, Any]:
    now = clock.now()
    code = rules.code_at(window.secret, now)
    link = post_room.link(url_for(".arrive", session_id=window.session_id, code=code))
    drawn = segno.make(link, error="m", micro=False).svg_inline(
        omitsize=True, border=4, svgclass="check-in__qr", lineclass=None
    )
    return {
        "code": f"{code[:3]} {code[3:]}",
        "qr": Markup(drawn),  # noqa: S704 - drawn by us: a link of ours as shapes
        "seconds": rules.seconds_left(now),
        "address": post_room.link(url_for(".type_code")).split("://")[-1],
    }


# The learner


@bp.route("/check-in/<int:session_id>")
@allows(Can.VISIT)
def arrive(session_id: int) -> ResponseReturnValue:
    """Where the QR code leads. The code and the time are kept first, so that signing in makes nobody too late."""
    if current_user.is_authenticated and _own(session_id) is None:
        return _not_theirs()
    if code := rules.tidied(request.args.get("code", "")):
        session["arrival"] = {"session_id": session_id, "code": code, "at": int(clock.now().timestamp())}
    return redirect(url_for(".check_in", session_id=session_id))


@bp.route("/check-in/<int:session_id>/here", methods=["GET", "POST"])
@allows(Can.OWN_JOURNEY)
@a_few_tries
def check_in(session_id: int) -> ResponseReturnValue:
    """One button: I am here."""
    found = _own(session_id)
    if found is None:
        return _not_theirs()
    volunteer, sitting = found
    form, arrival = HereForm(), _arrival(session_id)
    enrolment = queries.own_sitting(session_id, volunteer)
    before = queries.check_in_of(session_id, enrolment[1].id) if enrolment else None
    if form.is_submitted() and arrival is None and before is None:
        form.form_errors.append(services.NOT_THE_CODE)
    elif form.validate_on_submit():
        code, at = arrival or ("", clock.now())
        if accepted(form, services.check_in, volunteer, session_id, code=code, arrived_at=at, by=current_user):
            session.pop("arrival", None)
            return redirect(url_for(".check_in", session_id=session_id))
    return page("checkin/check_in.html", form=form, sitting=sitting, done=before, is_ready=arrival is not None)


@bp.route("/check-in", methods=["GET", "POST"])
@allows(Can.OWN_JOURNEY)
@a_few_tries
def type_code() -> ResponseReturnValue:
    """Type the six digits, for whoever cannot scan."""
    volunteer = own_volunteer(current_user) or abort(404)
    form = CodeForm()
    if form.validate_on_submit():
        found: list[int] = []
        now = clock.now()
        if (
            accepted(form, lambda: found.append(services.session_of_code(volunteer, form.code.data)))
            and accepted(
                form, services.check_in, volunteer, found[0], code=form.code.data, arrived_at=now, by=current_user
            )
        ):  # fmt: skip
            return redirect(url_for(".check_in", session_id=found[0]))
    return page("checkin/type_code.html", form=form)


def _own(session_id: int) -> tuple[Volunteer, CohortSession] | None:
    volunteer = own_volunteer(current_user)
    found = queries.own_sitting(session_id, volunteer) if volunteer else None
    return (volunteer, found[0]) if volunteer and found else None


def _not_theirs() -> ResponseReturnValue:
    """The same answer for another group's session and for none: nobody learns which there are."""
    return page("checkin/not_theirs.html", status=404)


def _arrival(session_id: int) -> tuple[str, datetime] | None:
    """The code this browser came with, and when; None when it came without one, or for another session."""
    kept = session.get("arrival") or {}
    if kept.get("session_id") != session_id:
        return None
    return str(kept["code"]), datetime.fromtimestamp(kept["at"], UTC)
