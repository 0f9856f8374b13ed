"""Words from facts, then pages from words."""
