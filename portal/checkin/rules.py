"""The six digits of each half minute, and how late somebody is who checks in."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP

STEP = 30
"""Seconds for which a code is shown. The one before it still counts, for whoever was just typing it."""
DIGITS = 6
OPENS_BEFORE = timedelta(hours=1)
ARRIVAL_COUNTS = timedelta(minutes=5)
"""How long after the code was scanned it may be used: signing in takes a while."""


def new_secret() -> str:
    """What the codes of one window come of: 256 random bits, as text."""
    return secrets.token_hex(32)


def code_at(secret: str, at: datetime) -> str:
    """The code of a moment: RFC 6238 with SHA-256, six digits, half minutes."""
    return _codes(secret).generate(int(at.timestamp())).decode()


def is_right(secret: str, code: str, at: datetime) -> bool:
    """Whether this is the code of that moment or of the half minute before it."""
    codes, seconds = _codes(secret), int(at.timestamp())
    if len(code) != DIGITS or not code.isascii() or not code.isdecimal():
        return False
    return any(_verified(codes, code, moment) for moment in (seconds, seconds - STEP))


def seconds_left(at: datetime) -> int:
    """For how many seconds more the code of this moment is shown: 1 to 30."""
    return STEP - int(at.timestamp()) % STEP


def tidied(typed: str) -> str:
    """Six digits as somebody types them, with or without a space."""
    return "".join(typed.split()).replace("-", "")[: DIGITS * 2]


def minutes_late(starts_at: datetime, at: datetime, *, allowed: int, session_minutes: int) -> int | None:
    """Whole minutes after the start, when they are more than allowed; None for somebody in time.

    At most one minute less than the session lasts, as nobody is marked late who missed all of it.
    """
    late = int((at - starts_at).total_seconds() // 60)
    return min(late, session_minutes - 1) if late > allowed and session_minutes > 1 else None


def reasons_not_to_open(*, is_cancelled: bool, now: datetime, starts_at: datetime, ends_at: datetime) -> list[str]:
    """Why check-in cannot be opened now. An empty list means that it can."""
    if is_cancelled:
        return ["This session does not take place, so nobody can check in"]
    if now < starts_at - OPENS_BEFORE:
        return ["Check-in opens an hour before the session"]
    if now >= ends_at:
        return ["This session is over: mark the register by hand"]
    return []


def _codes(secret: str) -> TOTP:
    return TOTP(bytes.fromhex(secret), DIGITS, SHA256(), STEP)


def _verified(codes: TOTP, code: str, seconds: int) -> bool:
    try:
        codes.verify(code.encode(), seconds)
    except InvalidToken:
        return False
    return True
