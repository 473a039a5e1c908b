"""What people type, made safe to keep: one form of each letter, and nothing that no page could show."""

from __future__ import annotations

import unicodedata

import phonenumbers

LINE_BREAKS = "\n\t"
DAMAGED = "\N{REPLACEMENT CHARACTER}"


def tidy(typed: str) -> str:
    """NFC, line ends as one character, no space around; and nothing at all when nothing can be seen."""
    text = unicodedata.normalize("NFC", typed.replace("\r\n", "\n").replace("\r", "\n")).strip()
    return text if any(_is_seen(character) for character in text) else ""


def showable(typed: str) -> str:
    """What was typed, for showing again: without the characters that no HTML page may hold."""
    return "".join(c for c in typed.replace("\r\n", "\n") if c in LINE_BREAKS or not is_forbidden(c))


def cannot_be_kept(text: str, *, lines: bool) -> bool:
    """Whether a control, damaged or impossible character is in it; `lines` welcomes line breaks."""
    return any(is_forbidden(c) or c == DAMAGED for c in text if not (lines and c in LINE_BREAKS))


def is_forbidden(character: str) -> bool:
    """Control characters, half characters and the 66 code points that Unicode promises never to use."""
    point = ord(character)
    return unicodedata.category(character) in {"Cc", "Cs"} or 0xFDD0 <= point <= 0xFDEF or point & 0xFFFE == 0xFFFE


def _is_seen(character: str) -> bool:
    # Joiners and direction marks matter inside Urdu words and emoji, but alone they are an empty answer.
    return unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"}


def phone(number: str | None) -> str:
    """07700 900123 from +447700900123; a number abroad keeps its country's code; anything else as it is."""
    if not number:
        return ""
    try:
        parsed = phonenumbers.parse(number, "GB")
    except phonenumbers.NumberParseException:
        return number
    style = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(parsed, style.NATIONAL if parsed.country_code == 44 else style.INTERNATIONAL)
