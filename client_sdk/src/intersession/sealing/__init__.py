"""The vault's cryptography, and the keys that lie in the store."""
