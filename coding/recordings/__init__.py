"""Recordings: from a file that somebody has to the seconds of an airing that a coder sees."""
