"""The Administration page: people, organisation, journal."""
