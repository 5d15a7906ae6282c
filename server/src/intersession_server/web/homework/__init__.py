"""One client's homework: assigned, done, reviewed."""
