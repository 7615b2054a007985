"""What the numbers say: pure functions on the series of a run. Nothing here words anything."""
