"""What a practitioner says of somebody they know, by a one-time link."""
