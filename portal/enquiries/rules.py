"""What a first hello is called, and what to say when ringing."""

from __future__ import annotations

KEPT_MONTHS = 6
"""How long a name, what it came with, and a way to reach somebody are kept after our answer, as the notice says."""
LONGEST_WAIT_MONTHS = 24
"""Whoever asked to hear when an area opens is kept until they have heard, but no longer than this after their hello."""
FORGOTTEN = "-"
"""In place of an address: no row is without a way to reach somebody."""

CALL = (
    "Ask whether it is a good time. Say only your first name until you know that you speak to the right person.",
    "Thank them for saying hello. Ask what made them think of it.",
    "Say what a mentor does and how much time it takes. Ask what they would like to know.",
    "Say that a past is no bar. Do not ask about convictions, health or money: we do not need them now.",
    "Ask what would make it easier: somebody beside them, paper, another language, a place without stairs.",
    "Agree what happens next, and by when. Write it down here.",
)
"""The steps of the call, for whoever rings for the first time."""


def reference(number: int) -> str:
    """What an enquiry is called on the phone. It opens nothing."""
    return f"H-{number:04}"
