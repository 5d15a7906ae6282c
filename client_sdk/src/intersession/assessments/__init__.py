"""Assessments and what is measured with them: forms, their wordings, scores, signals and briefs."""
