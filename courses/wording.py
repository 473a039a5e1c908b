"""How the words of a course are kept, so that a folder can hold them: on one line, or on several."""

import unicodedata

HEADINGS = ("## ", "### ")
"""What cuts a week file into sessions and their parts; inside the words of a part a heading begins ####."""


def one_line(text: str) -> str:
    """The text on a single line, without space around it."""
    return " ".join(part.strip() for part in text.splitlines() if part.strip())


def many_lines(text: str) -> str:
    """The text with plain line ends, without space at the end of a line or empty lines around it."""
    return "\n".join(line.rstrip() for line in text.splitlines()).strip()


def cuts(text: str) -> bool:
    """Whether a line of the text would be taken for the beginning of another session or part."""
    return any(line.startswith(HEADINGS) for line in text.splitlines())


def can_be_shown(text: str) -> bool:
    """Whether every character can stand on a page: no controls but line ends and tabs, no halves, no code points
    that Unicode promises never to use."""
    return not any(_is_forbidden(character) for character in text if character not in "\n\t")


def _is_forbidden(character: str) -> bool:
    point = ord(character)
    return unicodedata.category(character) in {"Cc", "Cs"} or 0xFDD0 <= point <= 0xFDEF or point & 0xFFFE == 0xFFFE
