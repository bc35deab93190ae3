"""The local balancer: HAProxy 2.6 in front of the app nodes."""
