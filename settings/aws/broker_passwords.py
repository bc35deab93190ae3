"""What Amazon MQ accepts as a user's password (API reference, User)."""

LENGTH = 32
"""Of the passwords that the program makes."""

MIN_LENGTH, MAX_LENGTH = 12, 250
MIN_UNIQUE = 4
FORBIDDEN = ",:="


def fault_of(password: str) -> str | None:
    """What is wrong with it, in words that do not repeat it; None when it is accepted."""
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        return f"has {len(password)} characters; allowed are {MIN_LENGTH} to {MAX_LENGTH}"
    if len(set(password)) < MIN_UNIQUE:
        return f"has {len(set(password))} different characters; {MIN_UNIQUE} are the fewest"
    forbidden = sorted(set(password) & set(FORBIDDEN))
    if forbidden:
        return f"holds {' and '.join(forbidden)}, which Amazon MQ refuses"
    return None
