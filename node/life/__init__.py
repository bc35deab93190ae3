"""A node's place among the others: heartbeat, who is gone, and what the gone ones left behind."""
