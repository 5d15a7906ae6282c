"""The index that everything shown of a client is found by."""
