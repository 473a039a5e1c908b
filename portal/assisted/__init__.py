"""Somebody types an application for another person, who confirms that it is theirs."""
