"""What comes in: what people and apps give, checked before anything is done with it."""
