"""What a mission reports: coverage, metrics, charts, pages and the command line."""
