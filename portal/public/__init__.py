"""What anybody may read: schemes and areas, how long it takes, could I do this."""
