"""Acceptance checks of a running cluster: what a visitor sees, one function a promise.

They read the stack's outputs and nothing else of the stack, so they hold for every platform.
"""
