"""A built Scipio tree on this machine: what it is, what of it goes into an image, what it brings.

Reads only; nothing of a user's tree is ever changed.
"""
