"""One client's trackers and scores over time."""
