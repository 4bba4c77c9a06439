"""Pages of the result: each asks a metric, shows its chart, its table and the segments behind. No arithmetic."""
