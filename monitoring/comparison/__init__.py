"""Two sides and one quantity: how far they differ, how sure that is, and in which words it may be told."""
