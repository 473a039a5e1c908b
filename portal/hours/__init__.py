"""Guided learning hours: who was taught what, when, for how long and by whom, as an awarding body asks for it."""
