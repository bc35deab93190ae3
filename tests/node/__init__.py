"""The agent's tests: pure decisions, real processes, a real PostgreSQL."""
