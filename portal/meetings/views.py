"""Three steps on one page: choose the meeting's list, say who is who, tick the marks that are right."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal import clock
from portal.access import Can, allows
from portal.meetings import queries, rules, services
from portal.meetings.rules import Guest, Stay
from portal.refusals import Refused
from portal.registers.queries import Register, register
from portal.registers.rules import RegisterConflict
from portal.web import text
from portal.web.pages import UNPROCESSABLE, page

bp = Blueprint("meetings", __name__)


@bp.route("/sessions/<int:session_id>/meeting-list", methods=["GET", "POST"])
@allows(Can.MARK_REGISTER)
def import_list(session_id: int) -> ResponseReturnValue:
    """Marks from a meeting's list. Nothing is saved before the last step."""
    found = register(session_id, seen_by=current_user) or abort(404)
    if request.method == "GET":
        return _choose_file(found)
    try:
        if not found.is_open:
            raise Refused("This register cannot be marked now")
        times = _times(found)
    except Refused as refused:
        return _choose_file(found, refused.reasons)
    people = queries.known_people(found)
    guests = rules.guests(times, people)
    sealed = services.carried(times, session_id=session_id)
    facts: dict[str, Any] = {"register": found, "guests": guests, "people": people, "sealed": sealed}
    if request.form.get("do") not in {"who", "save"}:
        return page("meetings/say_who.html", chosen=_certain(guests), errors=[], **facts)
    known = {each.enrolment_id for each in people}
    chosen = {number: who for number in range(len(guests)) if (who := _number(f"who-{number}"))}
    if not set(chosen.values()) <= known:
        wrong = [{"text": "Choose only people of this group"}]
        return page("meetings/say_who.html", status=UNPROCESSABLE, chosen=_certain(guests), errors=wrong, **facts)
    proposed = services.proposals(found, guests, chosen, allowed=queries.late_after(found))
    ticked = {each.person.enrolment_id for each in proposed if f"take-{each.person.enrolment_id}" in request.form}
    facts |= {"chosen": chosen, "proposed": proposed}
    if request.form.get("do") == "who":
        fresh = {each.person.enrolment_id for each in proposed if each.person.code is None}
        return page("meetings/tick_marks.html", ticked=fresh, errors=[], because="", **facts)
    because = text.tidy(request.form.get("because", ""))[:500]
    seen = {who: request.form.get(f"was-{who}", "")[:16] for who in ticked}
    try:
        count = services.save(found, proposed, ticked, seen, by=current_user, because=because)
    except RegisterConflict as conflict:
        reasons = [f"{each.theirs.name} was marked by somebody else meanwhile" for each in conflict.conflicts]
    except Refused as refused:
        reasons = refused.reasons
    else:
        flash(f"{count} {'mark' if count == 1 else 'marks'} saved from the meeting’s list", "success")
        return redirect(url_for("registers.mark_register", session_id=session_id))
    errors = [{"text": reason} for reason in reasons]
    return page(
        "meetings/tick_marks.html", status=UNPROCESSABLE, ticked=ticked, errors=errors, because=because, **facts
    )


def _choose_file(found: Register, reasons: list[str] | None = None) -> ResponseReturnValue:
    errors = [{"text": reason, "href": "#file"} for reason in reasons or []]
    status = UNPROCESSABLE if errors else 200
    return page("meetings/choose_file.html", status=status, register=found, errors=errors, is_error=bool(errors))


def _times(found: Register) -> list[Stay]:
    """The list that was chosen now, or that the page carried. Raises `Refused`."""
    if sealed := request.form.get("list"):
        return services.unpacked(sealed, session_id=found.id)
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Refused("Choose the meeting’s list")
    return rules.stays(file.stream.read(rules.MOST_BYTES + 1), day=clock.in_london(found.starts_at).date())


def _certain(guests: list[Guest]) -> dict[int, int | None]:
    return {number: guest.enrolment_id for number, guest in enumerate(guests)}


def _number(name: str) -> int:
    """What was chosen; 0 for nobody, and a number that nobody has for rubbish."""
    typed = request.form.get(name, "")
    return 0 if not typed else int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= 9 else -1
