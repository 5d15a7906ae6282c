"""What the care team gives and keeps, beyond one document at a time: homework and episodes of care."""
