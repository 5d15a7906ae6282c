"""What therapists bring for instruments and take down with them, for pages and the HTTP API."""
