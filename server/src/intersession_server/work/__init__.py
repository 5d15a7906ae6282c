"""What work costs whoever asks for it, and where it is done."""
