"""What carries a message: a mail server, or GOV.UK Notify for texts."""
