"""What crosses a wall of the house: versioned models, each with its JSON schema beside it.

Nothing here knows of Pulumi, Docker, AWS or Jinja2. Both sides of a wall import this package;
neither side imports the other.
"""
