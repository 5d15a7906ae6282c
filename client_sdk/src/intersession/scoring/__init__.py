"""What can be asked of a record and worked out from it: instruments and their wordings, scores, signals, briefs."""
