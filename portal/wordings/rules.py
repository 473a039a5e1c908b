"""Which words a scheme may put in place of ours, and what a text message of them costs."""

from __future__ import annotations

from rapidfuzz import process

from portal.carriers.rules import Carrier
from portal.messages import documents
from portal.messages.documents import Purpose, WordsUnusable

LONGEST_LETTER = 5000
LONGEST_TEXT = 612  # four parts of a text message
ONE_PART, EACH_PART = 160, 153
ONE_PART_OF_MORE, EACH_PART_OF_MORE = 70, 67
GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_TWICE = set("^{}\\[~]|€")
ALIKE = 60  # of a hundred


def parts_of(text: str) -> int:
    """How many messages a text is charged as. One letter outside of the telephones' own alphabet makes it costlier.

    Source: 3GPP TS 23.038, 6.2.1, the alphabet of seven bits; and TS 23.040, 9.2.3.24, what the joints take up.
    """
    if set(text) <= GSM | GSM_TWICE:
        length = len(text) + sum(each in GSM_TWICE for each in text)
        one, each_part = ONE_PART, EACH_PART
    else:
        length = len(text.encode("utf-16-be")) // 2
        one, each_part = ONE_PART_OF_MORE, EACH_PART_OF_MORE
    return 1 if length <= one else -(-length // each_part)


def reasons_against_subject(purpose: Purpose, subject: str) -> list[str]:
    """Why this subject cannot be used."""
    return _unreadable(purpose, subject)


def reasons_against_body(purpose: Purpose, carrier: Carrier, body: str) -> list[str]:
    """Why these words cannot be used: a field nobody knows, braces that are not closed, a link that is missing."""
    reasons = _unreadable(purpose, body)
    if reasons:
        return reasons
    must = purpose.must_in_texts if carrier is Carrier.TEXT else purpose.must
    what = {each.name: each.what for each in (*purpose.fields, *purpose.links)}
    said = documents.always_in(body)
    where = ", outside of any if" if "{%" in body else ""
    return [
        f"{in_braces(name)} is missing: {what.get(name, 'it').lower()}. Put it in{where}"
        for name in must
        if name not in said
    ]


def _unreadable(purpose: Purpose, words: str) -> list[str]:
    try:
        unknown = sorted(documents.fields_in(words) - set(purpose.names))
    except WordsUnusable as wrong:
        return [str(wrong)]
    return [f"There is no {in_braces(name)}{_instead(name, purpose)}" for name in unknown]


def _instead(name: str, purpose: Purpose) -> str:
    found = process.extractOne(name, purpose.names, score_cutoff=ALIKE)
    return f". Did you mean {in_braces(found[0])}?" if found else ". The list below has all there are"


def in_braces(name: str) -> str:
    """A merge field as one types it."""
    return f"{{{{ {name} }}}}"
