"""assess-role."""
