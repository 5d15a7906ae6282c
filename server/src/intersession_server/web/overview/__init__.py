"""The first page of one client: what matters now."""
