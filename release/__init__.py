"""A release as it happens: what living servers and balancers are asked, and what is waited for."""
