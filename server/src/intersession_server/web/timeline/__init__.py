"""Everything about one client in the order of time, with its filters and search."""
