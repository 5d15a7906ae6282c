"""What was read from rows and is kept in memory, until the rows say that it is another: see `touched`."""
