"""Wording as people have it, in a list of lines, and what a person confirms of any wording before it is asked."""
