"""What a node finds when it looks around from inside its container: `python3 -m node check`.

Reads and probes; what a look writes (a row of the reference node, a file) it takes away again or
writes over the next time. Every look answers in lines, and a look that fails is a line too.
"""
