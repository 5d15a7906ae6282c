"""Scores, signals and the brief of one record, made from its documents by pure functions."""
