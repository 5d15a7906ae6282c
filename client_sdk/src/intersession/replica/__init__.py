"""A replica: the lock, the store and its documents, and where a face of the SDK reads and writes in it."""
