"""One client in the order of time: every kind of the read models, merged a page at a time."""
