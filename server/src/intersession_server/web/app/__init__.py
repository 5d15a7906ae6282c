"""The client's app as it is handed out: its files, how to install it, and what a scanned pairing code leads to."""
