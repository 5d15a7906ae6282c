"""A practice to look around in."""
