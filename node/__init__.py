"""The node's agent: PID 1 of the container.

`run` stays small beside the JVM: it imports the standard library alone. Whatever needs pydantic,
lxml or psycopg happens in `prepare`, a child that ends before the JVM starts.
"""
