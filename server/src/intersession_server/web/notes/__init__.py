"""Notes that the care team alone reads."""
