"""Whether the log's file is as it was written: its rows whenever they are read, and its streams as a whole."""
