"""Many requests at once: the file, its columns, the report of its rows, the import."""
