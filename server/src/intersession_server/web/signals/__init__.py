"""Signals as every page shows them, and how they are acknowledged."""
