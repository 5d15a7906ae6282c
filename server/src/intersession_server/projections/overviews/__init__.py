"""What a caseload says of each client, worked out when something of theirs changes and kept beside the read models."""
