"""The cluster on one machine with Docker, one component a file."""
