"""A therapist's own account."""
