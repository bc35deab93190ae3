"""Secrets and certificates that are drawn once and then live in the stack's encrypted state.

Each is a dynamic resource whose provider the engine finds again by the path of its module: a
module here that moves leaves the states that name it behind.
"""
