"""Saved documents beside the rows of the log: what a new device is given in the place of long histories."""
