"""What a gate is, the words for refusing a move, and how names, codes and places are read."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import lru_cache

from portal.refusals import Refused


class MoveRefused(Refused):
    """A move that the journey does not have from this stage, or whose gates are not met."""


class GateState(Enum):
    """How far a requirement is."""

    MET = "met"
    WAITING = "waiting"
    NOT_STARTED = "not_started"
    REFUSED = "refused"
    NOT_NEEDED = "not_needed"

    @property
    def words(self) -> str:
        """As a tag shows it."""
        return GATE_WORDS[self]

    @property
    def passes(self) -> bool:
        """Whether it lets somebody through."""
        return self in {GateState.MET, GateState.NOT_NEEDED}


GATE_WORDS = {
    GateState.MET: "Met",
    GateState.WAITING: "Waiting",
    GateState.NOT_STARTED: "Not started",
    GateState.REFUSED: "Not met",
    GateState.NOT_NEEDED: "Not needed",
}


@dataclass(frozen=True)
class Gate:
    """One requirement of one volunteer: whether it is met, who holds it, since when and why.

    `key` is the scheme setting's name for it; `owner` is who must act next ("The DBS officer"); `link` is a path.
    """

    key: str
    title: str
    state: GateState
    owner: str
    since: date | None
    why: str
    link: str | None = None

    @property
    def passes(self) -> bool:
        """Whether it lets the volunteer through."""
        return self.state.passes

    @property
    def in_sentence(self) -> str:
        """The title in the middle of a sentence: "references", but "DBS check"."""
        return self.title if self.title[:2].isupper() else self.title[:1].lower() + self.title[1:]


def reasons_not_ready(gates: list[Gate], required: tuple[str, ...]) -> list[str]:
    """Every required gate that does not pass, in words: what, why, who holds it. Empty means ready."""
    by_key = {gate.key: gate for gate in gates}
    reasons = []
    for key in required:
        gate = by_key.get(key)
        if gate is None:
            reasons.append(f"{key}: nothing is known about it yet")
        elif not gate.passes:
            reasons.append(f"{gate.title}: {gate.why} ({gate.owner})")
    return reasons


REFERENCE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that is misread on the phone
OUTWARD = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)(?:\s*\d[A-Z]{2})?", re.ASCII)
UNDECOMPOSED = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})
FREE_DAYS = {
    "mon": "Mondays", "tue": "Tuesdays", "wed": "Wednesdays", "thu": "Thursdays", "fri": "Fridays",
    "sat": "Saturdays", "sun": "Sundays",
}  # fmt: skip
FREE_TIMES = {"morning": "Mornings", "afternoon": "Afternoons", "evening": "Evenings"}
FREE = FREE_DAYS | FREE_TIMES  # every key that `Volunteer.availability` may hold, with its words


HIDDEN = "[name]"


@lru_cache(maxsize=20_000)  # who may be listed twice is looked for on every start page
def searchable(text: str) -> str:
    """The text as it is compared: small letters, no accents, single spaces. "Łukasz  Żak" is "lukasz zak"."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(UNDECOMPOSED))
    return " ".join("".join(c for c in plain if unicodedata.category(c) not in {"Mn", "Cf"}).split())


def sort_name(name: str, known_as: str = "", romanised: str = "") -> str:
    """What somebody is sorted and found by: the name as written, in its own order, then the other names.

    Which part of a name comes last is different from family to family, so nothing is turned round. At most 200
    characters, as the column holds.
    """
    words = " ".join(dict.fromkeys(filter(None, map(searchable, (name, known_as, romanised)))))
    return words[:200] or name.casefold()[:200]


def without_names(text: str, names: Iterable[str]) -> str:
    """The text with these names and their words left out: for readers who are not to know yet who wrote it."""
    words = {word for name in names for word in (name.strip(), *name.split()) if len(word) > 1}
    if not text or not words:
        return text
    longest_first = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.sub(rf"(?<!\w)(?:{longest_first})(?!\w)", HIDDEN, text, flags=re.IGNORECASE)


def has_only_latin_letters(name: str) -> bool:
    """Whether every letter is of the alphabet that our printed pages always have: Welsh and Polish yes, Urdu no."""
    return all(unicodedata.name(c, "").startswith("LATIN") for c in name if c.isalpha())


def outward_code(typed: str) -> str | None:
    """The first half of a postcode ("dl1 5qa" and "DL1" are "DL1"); None when it is no postcode."""
    found = OUTWARD.fullmatch(" ".join(typed.upper().split()))
    return found[1] if found else None


def likeness(values: Iterable[object]) -> int:
    """A number that changes when any of the values does: what a form was drawn from. From 0 to 2**31 - 1."""
    return zlib.crc32(repr(tuple(values)).encode("utf-8", "backslashreplace")) & 0x7FFF_FFFF


def availability_in_words(keys: Iterable[str]) -> str:
    """Mondays, Tuesdays; evenings. Empty when nothing was said; keys nobody knows are left out."""
    chosen = set(keys)
    days = ", ".join(words for key, words in FREE_DAYS.items() if key in chosen)
    times = ", ".join(words for key, words in FREE_TIMES.items() if key in chosen)
    return "; ".join(filter(None, (days, times.lower() if days else times)))
