"""The database, prepared exactly once, however many nodes boot together."""
