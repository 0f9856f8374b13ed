"""The store: an encrypted SQLite file, its schema, queries and journal. Knows nothing of the desk."""
