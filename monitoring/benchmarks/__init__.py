"""What contestants are measured by: benchmarks of the mission and of the user, gaps from them, and distances."""
