"""Sending somebody their way back: when they ask for it, and when an application lies unfinished."""

from __future__ import annotations

from datetime import datetime

from portal import clock
from portal.applications.models import Application
from portal.locks.services import once
from portal.messages.services import queue
from portal.returning import messages, queries
from portal.returning.rules import LINK_LASTS, address, days_due, to_say_now

LINKS_A_DAY = 3  # to one person: whoever knows their address cannot fill their inbox


def send_link(typed: str) -> None:
    """Send a way back to whoever has this e-mail address or number, if anybody has. It never says whether."""
    wanted = address(typed)
    for application in queries.applications_at(wanted) if wanted else ():
        today = clock.today()
        if any(once(f"come back:{application.id}:{today}:{turn}") for turn in range(LINKS_A_DAY)):
            queue(messages.new_link(application, _link(application)))


def remind(at: datetime) -> None:
    """Speak of unfinished applications on their days, each once, to who has not asked to hear no more. The worker."""
    found = queries.unfinished(at)
    keys = {each.id: {day: _key(each, str(day)) for day in days_due(at - each.saved_at)} for each in found}
    every = [key for days in keys.values() for key in days.values()] + [_key(each, "stop") for each in found]
    known = queries.said_already(every)
    for application in found:
        days = keys[application.id]
        now = to_say_now(days, [day for day, key in days.items() if key in known])
        if now is not None and _key(application, "stop") not in known and once(days[now]):
            queue(messages.reminder(application, _link(application)))


def stop_reminders(application: Application) -> None:
    """They want no more reminders of this application. Said twice, it is said once."""
    once(_key(application, "stop"))


def _key(application: Application, what: str) -> str:
    """Of this time of applying: whoever starts again is reminded again."""
    return f"unfinished:{application.id}:{application.started_at:%Y%m%d%H%M%S}:{what}"


def _link(application: Application) -> str:
    return queries.link_of(application, clock.today() + LINK_LASTS)
