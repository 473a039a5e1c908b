"""Reading a delivery receipt as GOV.UK Notify hands it in."""

from __future__ import annotations

import json
from dataclasses import dataclass

from portal.web import text

LONGEST = 120


class ReceiptUnreadable(ValueError):
    """What was handed in is no delivery receipt; its words say why."""


@dataclass(frozen=True)
class Receipt:
    """What became of one text message."""

    notify_id: str
    reference: str
    status: str


def read(body: bytes) -> Receipt:
    """The receipt in this JSON. Raises `ReceiptUnreadable`; the words never hold what was sent."""
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ReceiptUnreadable("This is not JSON") from error
    if not isinstance(sent, dict):
        raise ReceiptUnreadable("A receipt is an object")
    values = {}
    for key in ("id", "reference", "status"):
        value = sent.get(key)
        if not isinstance(value, str) or len(value) > LONGEST or text.cannot_be_kept(value, lines=False):
            raise ReceiptUnreadable(f"“{key}” must be text of at most {LONGEST} characters")
        values[key] = value
    return Receipt(values["id"], values["reference"], values["status"])
