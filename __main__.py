"""What `pulumi up` runs."""

from components.program import program

program()
