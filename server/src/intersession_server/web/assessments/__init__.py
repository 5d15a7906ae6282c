"""One client's assessments, and scores from paper."""
