"""What a password must be, how codes are written, and how long each lasts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import timedelta

import zxcvbn

from portal.access import Role

SHORTEST, LONGEST = 12, 128
SCORED = 72  # zxcvbn refuses more, and a strong beginning is strong enough
ENOUGH = 3  # of 4: "safely unguessable", some 10^8 tries

TRIES = 10
LOCKED_FOR = timedelta(minutes=15)
CODE_LASTS = timedelta(minutes=10)
LINK_LASTS = timedelta(hours=1)
INVITATION_LASTS = timedelta(days=7)

NOT_RIGHT = (
    "That is not right. Check it and try again. After several wrong tries you must wait 15 minutes, "
    "even with the right answer"
)

# The people of the demonstration that anybody may be with one click, one for each role
DEMO_EMAILS = {role: f"{role.value.replace('_', '-')}@demo.example" for role in Role}


def normalised(password: str) -> str:
    """The same password whichever keyboard wrote it (Unicode NFKC)."""
    return unicodedata.normalize("NFKC", password)


def reasons_against_password(password: str, *, about: Sequence[str] = ()) -> list[str]:
    """Why not this password, in words. `about` is what others know of the person: name, e-mail address."""
    password = normalised(password)
    if len(password) < SHORTEST:
        return [f"Password must be {SHORTEST} characters or more. Three words you can remember work well"]
    if len(password) > LONGEST:
        return [f"Password must be {LONGEST} characters or fewer"]
    known = [part for text in about for part in (text, *re.split(r"[\s@.]+", text)) if part]
    if zxcvbn.zxcvbn(password[:SCORED], user_inputs=known)["score"] < ENOUGH:
        return ["Password is too easy to guess. Use three words that do not belong together"]
    return []


def code_of(typed: str) -> str | None:
    """The six digits of a code as somebody typed it, spaces forgiven; None when it cannot be one."""
    digits = re.sub(r"[\s-]", "", typed)
    return digits if re.fullmatch(r"[0-9]{6}", digits) else None


def recovery_code_of(typed: str) -> str:
    """A recovery code as it was written, capitals and spaces forgiven."""
    return re.sub(r"[^0-9a-f]", "", typed.lower())


def same_address(email: str) -> str:
    """An e-mail address as it is kept: people do not remember which letters they wrote large."""
    return email.strip().lower()
