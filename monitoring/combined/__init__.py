"""Human and machine together: an estimate from hand codes and machine readings that does not trust the model."""
