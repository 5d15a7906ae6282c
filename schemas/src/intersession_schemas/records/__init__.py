"""The read side: what documents say, when that arrived, and how both are kept. The server and devices read through it,
so that the same rows of a log give the same everywhere. Pure."""
