"""The log of incidents: what numbers cannot show, checked, in files, and beside results."""
