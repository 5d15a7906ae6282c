"""The design language on one page, in the demo."""
