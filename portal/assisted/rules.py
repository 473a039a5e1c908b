"""How long somebody has to confirm what was typed for them, and the words of their answers."""

from __future__ import annotations

from datetime import timedelta
from enum import Enum

LINK_LASTS = timedelta(days=14)
WRONG_WORDS = "said_is_wrong"  # the key in `Application.prompted`: what the person said must be changed
NOT_ASKED_FOR = "They said that they did not ask for this application"


class Answer(Enum):
    """What somebody says of an application that was typed for them."""

    YES = "yes"
    WRONG = "wrong"
    NOT_MINE = "not_mine"

    @property
    def words(self) -> str:
        """As a choice on their page."""
        return {
            "yes": "Yes, this is mine. Send it", "wrong": "Something is wrong", "not_mine": "I did not ask for this"
        }[self.value]  # fmt: skip
