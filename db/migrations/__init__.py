"""Schema migrations. Once landed, a revision is never edited."""
