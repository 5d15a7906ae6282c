"""Forms: what a browser sends, read as the changes that the HTTP API takes, and answered."""
