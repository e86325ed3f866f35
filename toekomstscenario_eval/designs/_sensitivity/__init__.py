"""How far a change bends when an assumption does not hold, one way a file; see `designs._checked`."""
