"""The practice: people, invitations, assignments, devices."""
