"""What of the plan was monitored, coded and coded twice, what is missing, and how far that could move a result."""
