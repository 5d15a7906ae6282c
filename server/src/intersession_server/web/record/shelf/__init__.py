"""What stands in a practice's library besides instruments: templates and resources."""
