"""What a practice's operator does: commands, the door that takes them to a running server, and the terminal."""
