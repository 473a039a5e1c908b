"""Coming back to an application that is not finished: a new link, reminders, and no more reminders."""
