"""Attached files: the list of them, looking at one, and saving a copy."""
