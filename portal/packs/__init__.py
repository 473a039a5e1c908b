"""What is handed out in a session: its files, the trainer's pack, and the booklet for who has no internet."""
