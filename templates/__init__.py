"""Jinja2 files, their one renderer, and what is made with them.

Pure: text in, text out. Nothing here touches a file system, a network or a clock.
"""
