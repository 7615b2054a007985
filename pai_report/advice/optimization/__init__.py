"""Optimization O1 to O9, one module per section of the requirements, in their order."""
