"""The page of one's own calendar, its feed, and single sessions to take along."""

from __future__ import annotations

from hashlib import sha256

from flask import Blueprint, Response, abort, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal import clock
from portal.access import Can, allows
from portal.calendars import queries, services
from portal.database import keyring
from portal.documents.calendar_entries import published
from portal.messages.documents import post_room
from portal.web.limits import limiter
from portal.web.pages import page

bp = Blueprint("calendars", __name__)
KIND = "text/calendar; charset=utf-8"
ASKED_FOR = "120 per minute; 2000 per hour"
"""A calendar asks every few hours; a company's or Google's servers ask for many people from one address."""


@bp.route("/my/calendar")
@allows(Can.SIGNED_IN)
def show_my_calendar() -> ResponseReturnValue:
    """Whether a calendar follows this person's dates, and how to let one."""
    events = [each for each in queries.events(current_user) if each.ends_at > clock.now()]
    return page(
        "calendars/show_my_calendar.html", feed=queries.current_feed(current_user), events=events[:10],
        count_of_events=len(events),
    )  # fmt: skip


@bp.route("/my/calendar/make", methods=["POST"])
@allows(Can.SIGNED_IN)
def make_feed() -> ResponseReturnValue:
    """Make a new secret address; the one before it ends."""
    token = services.make_feed(current_user, by=current_user)
    session["calendar_token"] = keyring.fernet.encrypt(token.encode()).decode()
    return redirect(url_for(".show_address"))


@bp.route("/my/calendar/address", methods=["GET", "POST"])
@allows(Can.SIGNED_IN)
def show_address() -> ResponseReturnValue:
    """The new address, until the person says that it is in their calendar; then nobody can read it any more."""
    if "calendar_token" not in session:
        return redirect(url_for(".show_my_calendar"))
    if request.method == "POST":
        session.pop("calendar_token")
        return redirect(url_for(".show_my_calendar"))
    token = keyring.fernet.decrypt(session["calendar_token"]).decode()
    address = post_room.link(url_for(".follow", token=token))
    return page(
        "calendars/show_address.html", address=address, webcal="webcal://" + address.split("://", 1)[1],
        is_secure=address.startswith("https://"),
    )  # fmt: skip


@bp.route("/my/calendar/end", methods=["POST"])
@allows(Can.SIGNED_IN)
def end_feed() -> ResponseReturnValue:
    """End the address."""
    services.end_feed(current_user, by=current_user)
    session.pop("calendar_token", None)
    flash("The address has ended. Calendars that followed it get nothing more", "success")
    return redirect(url_for(".show_my_calendar"))


@bp.route("/calendar/<token>.ics")
@allows(Can.VISIT)
@limiter.limit(ASKED_FOR)
def follow(token: str) -> ResponseReturnValue:
    """Somebody's dates, for the calendar that knows the address; unchanged dates are not sent twice."""
    feed = queries.feed_by_token(token) or abort(404)
    events, name = queries.events(feed.user), "My dates"
    # The same dates give the same mark, though each copy says when it was made.
    mark = sha256(published(events, name=name, at=feed.made_at).encode()).hexdigest()[:32]
    response = Response(published(events, name=name, at=clock.now()), content_type=KIND)
    response.headers["Content-Disposition"] = 'inline; filename="dates.ics"'
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    response.set_etag(mark, weak=True)
    return response.make_conditional(request)


@bp.route("/sessions/<int:session_id>/calendar.ics")
@allows(Can.SIGNED_IN)
def download_session(session_id: int) -> ResponseReturnValue:
    """One session of one's own as a file that a calendar opens."""
    event = queries.session_event_of(session_id, current_user) or abort(404)
    response = Response(published([event], at=clock.now()), content_type=KIND)
    response.headers["Content-Disposition"] = f'attachment; filename="session-{session_id}.ics"'
    return response
