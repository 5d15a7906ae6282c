"""The file that a replica lives in: opened by one process at a time, every write a durable transaction."""
