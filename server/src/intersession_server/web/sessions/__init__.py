"""One client's sessions and episodes."""
