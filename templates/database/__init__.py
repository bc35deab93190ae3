"""The local database: PostgreSQL 15."""
