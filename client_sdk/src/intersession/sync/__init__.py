"""The way to the server: what waits to be sent, what comes in, and the connection that carries both."""
