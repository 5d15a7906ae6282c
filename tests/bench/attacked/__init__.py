"""What attackers do to a server, and how honest people fare beside it."""
