"""What accounts, read models and the log stand on: SQLite connections, their threads, and migrations."""
