"""What a meeting's list says of who was there and how long, and the mark that follows."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from courses.marks import Code
from portal.refusals import Refused

LONDON = ZoneInfo("Europe/London")
MOST_BYTES = 1_000_000
MOST_ROWS = 2_000
MOST_REASONS = 10
NAMES = {"name", "full name", "participant", "participant name", "display name", "attendee"}
EMAILS = {"email", "user email", "email address", "e-mail", "e-mail address"}
JOINED = {"join time", "joined", "time joined", "joined at", "first join", "first join time", "start time"}
LEFT = {"leave time", "left", "time exited", "left at", "time left", "last leave", "last leave time", "exit time"}
FIRST_ONLY = {"first join", "first join time"}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
ZONES = {"Z": 0, "UTC": 0, "GMT": 0, "BST": 60}
DATE = r"(?:(?P<a>\d{1,4})[/.-](?P<b>\d{1,2})[/.-](?P<c>\d{1,4})|(?P<d>\d{1,2}) (?P<m>[A-Z]{3,9}),? (?P<y>\d{4})"
DATE += r"|(?P<m2>[A-Z]{3,9}) (?P<d2>\d{1,2}),? (?P<y2>\d{4}))"
MOMENT = re.compile(
    rf"(?:{DATE}(?:,? |T))?(?P<hour>\d{{1,2}})[:.](?P<minute>\d\d)(?:[:.](?P<second>\d\d)(?:[.,]\d+)?)?"
    r" ?(?P<half>[AP]\.?M\.?)?(?: ?\(?(?P<zone>Z|UTC|GMT|BST)?(?P<offset>[+-]\d\d:?\d\d)?\)?)?",
    re.ASCII,
)


class ListRefused(Refused):
    """A meeting's list cannot be read; the reasons name the lines."""


@dataclass(frozen=True)
class Stay:
    """One time somebody was in a meeting. `left` is None for somebody who was still there when the list was made."""

    name: str
    email: str
    joined: datetime
    left: datetime | None


@dataclass(frozen=True)
class Attended:
    """How long somebody was there within the session, in whole minutes; and how late they came and early they left."""

    minutes: int
    late: int
    early: int
    joined: datetime
    left: datetime


def stays(content: bytes, *, day: date) -> list[Stay]:
    """Who joined and left a meeting of that day, from a file of Teams, Zoom, Google Meet or one like it.

    Teams writes UTF-16 with tabs and several tables, Zoom and Meet commas; times without a zone are London's.
    Raises `ListRefused` with a reason for each line that cannot be read: nothing is left out in silence.
    """
    rows, columns = _table(_text(content))
    found: list[Stay] = []
    reasons: list[str] = []
    entered: dict[str, tuple[str, datetime]] = {}
    for number, cells in rows:
        row = {name: cells[at].strip() if at < len(cells) else "" for name, at in columns.items()}
        name = " ".join(row.get("name", "").split()) or " ".join(
            f"{row.get('first', '')} {row.get('last', '')}".split()
        )
        if row.get("waiting", "").lower() == "yes":
            continue  # somebody in Zoom's waiting room was not in the meeting
        try:
            if not name and not row.get("email"):
                raise ValueError("there is no name")
            if "action" in columns:
                _follow(row, name, entered, found, day)
                continue
            left = _moment(row["left"], day) if row.get("left") else None
            stay = Stay(name, row.get("email", ""), _moment(row["joined"], day), left)
            if left is not None and left < stay.joined:
                raise ValueError("they left before they joined")
            found.append(stay)
        except ValueError as error:
            reasons.append(f"Line {number}: {error}")
    if reasons:
        more = len(reasons) - MOST_REASONS
        raise ListRefused(*reasons[:MOST_REASONS], *([f"And {more} more lines"] if more > 0 else []))
    found += [Stay(name, "", at, None) for name, at in entered.values()]
    if not found:
        raise ListRefused("Nobody is in this list")
    return found


def attended(times: Sequence[Stay], *, starts_at: datetime, ends_at: datetime) -> Attended | None:
    """How long somebody was there between these two, nothing counted twice; None when they were not."""
    within = ((max(each.joined, starts_at), min(each.left or ends_at, ends_at)) for each in times)
    pieces = sorted((begins, ends) for begins, ends in within if begins < ends)
    seconds, until = 0.0, starts_at
    for begins, ends in pieces:
        seconds += max((ends - max(begins, until)).total_seconds(), 0)
        until = max(until, ends)
    if seconds < 60:
        return None
    first = pieces[0][0]
    return Attended(
        int(seconds // 60), int((first - starts_at).total_seconds() // 60),
        int((ends_at - until).total_seconds() // 60), first, until,
    )  # fmt: skip


def proposed(there: Attended, *, session_minutes: int, allowed: int) -> tuple[Code, int | None]:
    """The mark that follows: present online, or late or left early with all the minutes that were missed."""
    missed = session_minutes - there.minutes
    if missed <= allowed or session_minutes < 2:
        return Code.V, None
    return (Code.L if there.late >= there.early else Code.E), max(1, min(missed, session_minutes - 1))


def same_name(name: str) -> str:
    """A name as two people would call it the same: without accents, brackets such as (Guest), and capitals."""
    plain = unicodedata.normalize("NFKD", re.sub(r"[(\[].*?[)\]]", " ", name))
    return " ".join("".join(each for each in plain if not unicodedata.combining(each)).casefold().split())


def _text(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise ListRefused("The file is too large to be a meeting’s list")
    if content.startswith(b"PK"):
        raise ListRefused("This is a spreadsheet. Open it, and save it as CSV")
    text = ""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = content.decode("utf-16", "replace")
    elif content[1:200:2].count(0) > 50:
        text = content.decode("utf-16-le", "replace")
    else:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("cp1252", "replace")
    if not text.strip() or any(ord(each) < 32 and each not in "\t\r\n" for each in text):
        raise ListRefused("This file is empty or not a text. Choose the CSV file of the meeting")
    return text


def _table(text: str) -> tuple[list[tuple[int, list[str]]], dict[str, int]]:
    """The rows under the heading that says most, with their line numbers, and which column is what."""
    for delimiter in ("\t", ",", ";"):
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        try:
            lines = [(reader.line_num, cells) for cells in reader]
        except csv.Error as error:
            raise ListRefused(f"Line {reader.line_num}: it cannot be read as CSV") from error
        headings = [(at, columns) for at, (_, cells) in enumerate(lines) if (columns := _columns(cells))]
        if not headings:
            continue
        # Teams lists people once with their first and last time, then each of their stays: the second says more.
        at, columns = next((each for each in headings if "first_only" not in each[1]), headings[0])
        rows = []
        for number, cells in lines[at + 1 :]:
            filled = [cell for cell in cells if cell.strip()]
            if _columns(cells) or (len(filled) == 1 and re.match(r"\d+\. ", filled[0])):
                break  # the next table begins
            if filled:
                rows.append((number, cells))
        if len(rows) > MOST_ROWS:
            raise ListRefused(f"A list of more than {MOST_ROWS:,} lines is too long")
        columns.pop("first_only", None)
        return rows, columns
    raise ListRefused("No line has the headings we look for: a name, the time joined and the time left")


def _columns(cells: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, cell in enumerate(cells):
        word = " ".join(re.sub(r"\(.*?\)", " ", cell.strip().lower()).split())
        for name, words in (
            ("name", NAMES), ("first", {"first name"}), ("last", {"last name", "surname"}), ("email", EMAILS),
            ("joined", JOINED), ("left", LEFT), ("action", {"user action"}), ("stamp", {"timestamp"}),
            ("waiting", {"in waiting room"}), ("first_only", FIRST_ONLY),
        ):  # fmt: skip
            if word in words:
                found.setdefault(name, at)
    has_name = "name" in found or "first" in found
    return found if has_name and ("joined" in found or {"action", "stamp"} <= set(found)) else {}


def _follow(
    row: dict[str, str], name: str, entered: dict[str, tuple[str, datetime]], found: list[Stay], day: date
) -> None:
    """One line of an older Teams list, which says "Joined" and "Left" one after the other."""
    at, action = _moment(row["stamp"], day), row["action"].lower()
    if action.startswith("joined"):
        entered.setdefault(name, (name, at))
    elif action == "left":
        _, since = entered.pop(name, (name, at))
        found.append(Stay(name, "", since, at))
    else:
        raise ValueError(f"“{row['action'][:40]}” is neither Joined nor Left")


def _moment(typed: str, day: date) -> datetime:
    """A time as these files write it. Of 11/12 the day is meant that is the session's; any other day is refused."""
    if not typed:
        raise ValueError("there is no time")
    words = " ".join(typed.upper().split())
    match = MOMENT.fullmatch(words)
    if match is None:
        raise ValueError(f"“{typed[:40]}” is not a time we can read")
    hour, half = int(match["hour"]), (match["half"] or "")[:1]
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "P" else 0)
    try:
        at = time(hour, int(match["minute"]), int(match["second"] or 0))
        dates = _dates(match, day)
    except ValueError as error:
        raise ValueError(f"“{typed[:40]}” is not a time we can read") from error
    zone: tzinfo = LONDON
    if match["offset"] or match["zone"]:
        sign = -1 if (match["offset"] or "").startswith("-") else 1
        digits = (match["offset"] or "").lstrip("+-").replace(":", "") or "0000"
        minutes = ZONES.get(match["zone"] or "", 0) + sign * (int(digits[:2]) * 60 + int(digits[2:]))
        if abs(minutes) >= 24 * 60:
            raise ValueError(f"“{typed[:40]}” is not a time we can read")
        zone = timezone(timedelta(minutes=minutes))
    found = [datetime.combine(each, at, tzinfo=zone) for each in dates]
    near = [each for each in found if abs((each.astimezone(LONDON).date() - day).days) <= 1]
    if not near:
        raise ValueError(f"“{typed[:40]}” is another day than the session’s")
    return min(near, key=lambda each: abs((each.astimezone(LONDON).date() - day).days)).astimezone(UTC)


def _dates(match: re.Match[str], day: date) -> list[date]:
    """The days that may be meant; more than one where day and month could change places."""
    if match["m"] or match["m2"]:
        month = MONTHS.index((match["m"] or match["m2"])[:3].lower()) + 1
        return [date(int(match["y"] or match["y2"]), month, int(match["d"] or match["d2"]))]
    if not match["a"]:
        return [day]
    a, b, c = int(match["a"]), int(match["b"]), int(match["c"])
    if len(match["a"]) == 4:
        return [date(a, b, c)]
    year = c + 2000 if c < 100 else c
    found = [date(year, m, d) for d, m in {(a, b), (b, a)} if 1 <= m <= 12 and 1 <= d <= monthrange(year, m)[1]]
    if not found:
        raise ValueError
    return found


@dataclass(frozen=True)
class Known:
    """Somebody of the group, with the names and addresses under which they may have joined."""

    enrolment_id: int
    name: str
    names: frozenset[str]
    emails: frozenset[str]


@dataclass(frozen=True)
class Guest:
    """One name or address of a meeting's list, with all its stays, and whom it stands for if that is certain."""

    name: str
    email: str
    times: tuple[Stay, ...]
    enrolment_id: int | None
    how: str
    """By "email", by "name", or "" where somebody has to choose."""


def guests(times: Sequence[Stay], people: Sequence[Known]) -> list[Guest]:
    """The list by person: the same address first, then the same name; a name that two people have is nobody's."""
    by_email = {email.casefold(): each.enrolment_id for each in people for email in each.emails}
    by_name: dict[str, set[int]] = {}
    for each in people:
        for name in each.names:
            by_name.setdefault(same_name(name), set()).add(each.enrolment_id)
    grouped: dict[str, list[Stay]] = {}
    for stay in times:
        grouped.setdefault(stay.email.casefold() or f"name {same_name(stay.name)}", []).append(stay)
    found = []
    for stays_of_one in grouped.values():
        first = stays_of_one[0]
        number, how = by_email.get(first.email.casefold()), "email"
        if number is None:
            alike = by_name.get(same_name(first.name), set())
            number, how = (next(iter(alike)), "name") if len(alike) == 1 else (None, "")
        found.append(Guest(first.name or first.email, first.email, tuple(stays_of_one), number, how))
    return found
