"""Assessments: begun, answered, completed, amended, and read."""
