"""The linear backend from inside: what it reads, how it is fitted, what it weighs."""
