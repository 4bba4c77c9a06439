"""Text of a programme with its times: subtitle files read, attached to an airing, and cut to a stretch of it."""
