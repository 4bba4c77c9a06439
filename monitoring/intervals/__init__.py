"""How sure a result is: intervals from resampled outlet-days, all cells at once, and what carries a result."""
