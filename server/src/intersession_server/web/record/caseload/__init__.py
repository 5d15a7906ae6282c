"""The clients of a therapist, as a list of them is read."""
