"""The courses of a scheme: their versions, drafts of the next one, and what is handed out in their sessions."""
