"""What a first hello is called, and what to say when ringing."""

from __future__ import annotations

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
