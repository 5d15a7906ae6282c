"""Spreadsheets that people bring: what a file's bytes mean, and the logs that they become."""
