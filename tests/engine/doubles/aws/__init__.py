"""Amazon Web Services in memory: a provider that refuses what AWS or its provider refuses.

It shares no code with the program it judges, so that it does not share its mistakes.
"""
