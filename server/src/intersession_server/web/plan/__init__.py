"""One client's plan, shaped in place."""
