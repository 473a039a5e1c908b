"""Sign-in, second factor, invitations, staff and the roles they hold."""
