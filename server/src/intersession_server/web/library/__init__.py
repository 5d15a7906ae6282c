"""The practice's library of templates and resources."""
