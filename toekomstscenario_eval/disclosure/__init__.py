"""What may leave the tool: policies as data, and the one function that decides."""
