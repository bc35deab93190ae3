"""Labels by which what belongs to a cluster, and to the state that made it, is found again."""

CLUSTER_LABEL = "scipio.cluster"
"""On everything in Docker that the program makes; its value is the cluster's name."""

STATE_LABEL = "scipio.state"
"""Beside it: the mark of the Pulumi state that made the object. Two checkouts on one machine may
use one cluster name; they never have one mark."""

STATE_PLACE_LABEL = "scipio.state.place"
"""Where that state was kept when it made its mark: a URL without credentials."""

STATE_MADE_LABEL = "scipio.state.made"
"""When it made its mark: ISO 8601, UTC."""

STATE_MARK_TYPE = "StateMark"
"""Last part of the type of the resource that keeps the mark in the state."""
