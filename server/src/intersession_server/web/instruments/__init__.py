"""The practice's instruments and their official wording."""
