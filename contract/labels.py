"""Labels by which what belongs to a cluster is found again."""

CLUSTER_LABEL = "scipio.cluster"
"""On everything in Docker that the program makes; its value is the cluster's name."""
