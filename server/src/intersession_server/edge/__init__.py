"""The server's edge: connections, how many and how long, and what every answer and request is held to."""
