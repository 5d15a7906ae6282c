"""The documents of a store: their changes as rows, the documents in memory, and the rows that both are read from."""
