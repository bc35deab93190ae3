"""The cluster on AWS: one component a file; the platform composes them."""
