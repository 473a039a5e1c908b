"""From a meeting's list to marks: what is proposed for whom, and saving what a trainer ticked."""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.fernet import InvalidToken

from courses.marks import Code
from portal import clock
from portal.accounts.models import User
from portal.database import keyring
from portal.meetings import rules
from portal.meetings.rules import Attended, Guest, Stay
from portal.refusals import Refused
from portal.registers.queries import Register
from portal.registers.rules import NewMark, Person
from portal.registers.services import save_register

CARRIED_FOR = timedelta(hours=2)
CHOOSE_AGAIN = "The list was open for too long, or it belongs to another session. Choose the file again"


@dataclass(frozen=True)
class Proposal:
    """A mark that follows from the list, beside the one that is there."""

    person: Person
    there: Attended
    mark: NewMark

    @property
    def is_there_already(self) -> bool:
        """Whether this very code and these minutes are marked already."""
        return self.person.code is self.mark.code and self.person.minutes == self.mark.minutes


def carried(times: Sequence[Stay], *, session_id: int) -> str:
    """The list as a page carries it from step to step: sealed, so that nobody changes it on the way."""
    rows = [[each.name, each.email, each.joined.isoformat(), each.left and each.left.isoformat()] for each in times]
    body = zlib.compress(json.dumps([session_id, rows]).encode())
    return keyring.fernet.encrypt_at_time(body, int(clock.now().timestamp())).decode()


def unpacked(sealed: str, *, session_id: int) -> list[Stay]:
    """The list that a page carried. Raises `Refused` for one that is too old, forged, or another session's."""
    lasts, now = int(CARRIED_FOR.total_seconds()), int(clock.now().timestamp())
    try:
        body = keyring.fernet.decrypt_at_time(sealed.encode(), lasts, now)
    except (InvalidToken, UnicodeError) as error:
        raise Refused(CHOOSE_AGAIN) from error
    number, rows = json.loads(zlib.decompress(body))
    if number != session_id:
        raise Refused(CHOOSE_AGAIN)
    at = datetime.fromisoformat
    return [Stay(name, email, at(joined), at(left) if left else None) for name, email, joined, left in rows]


def proposals(
    register: Register, guests: Sequence[Guest], chosen: Mapping[int, int], *, allowed: int
) -> list[Proposal]:  # fmt: skip
    """The marks that follow when guest number n is enrolment `chosen[n]`; two guests may be one person.

    Whoever was not there within the session gets none: why somebody stayed away is for their trainer to say.
    """
    times: dict[int, list[Stay]] = {}
    for number, enrolment_id in chosen.items():
        times.setdefault(enrolment_id, []).extend(guests[number].times)
    ends_at = register.starts_at + timedelta(minutes=register.minutes)
    found = []
    for person in register.people.values():
        there = rules.attended(times.get(person.enrolment_id, []), starts_at=register.starts_at, ends_at=ends_at)
        if there is None or person.blocked:
            continue
        code, minutes = rules.proposed(there, session_minutes=register.minutes, allowed=allowed)
        joined, left = (f"{clock.in_london(each):%H:%M}" for each in (there.joined, there.left))
        note = "" if code is Code.V else f"Online {joined} to {left}, there for {there.minutes} minutes"
        mark = NewMark(person.enrolment_id, code, minutes, note=note, seen=person.fingerprint)
        found.append(Proposal(person, there, mark))
    return found


def save(
    register: Register, proposed: Sequence[Proposal], ticked: Collection[int], seen: Mapping[int, str], *, by: User,
    because: str = "",
) -> int:  # fmt: skip
    """Save the marks that were ticked, of people by their enrolment; how many there were.

    `seen` is the mark that the page showed of each: one that somebody changed meanwhile is never overwritten, and
    `RegisterConflict` says whose. Raises `Refused` when nothing was ticked.
    """
    marks = [
        NewMark(
            each.mark.enrolment_id, each.mark.code, each.mark.minutes, note=each.mark.note,
            seen=seen.get(each.mark.enrolment_id, ""),
        )
        for each in proposed
        if each.mark.enrolment_id in ticked
    ]  # fmt: skip
    if not marks:
        raise Refused("Tick at least one person")
    save_register(register, marks, seen_version=register.version, by=by, because=because)
    return len(marks)
