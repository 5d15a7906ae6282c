"""German labels, of our own words."""
