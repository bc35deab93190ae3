"""One file a syntax: how a value is written in it, and its reader."""
