"""The Reports window: the figures of the desk, each with the cases behind it."""
