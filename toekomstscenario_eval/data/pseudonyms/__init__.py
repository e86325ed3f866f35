"""Pseudonyms: the key that suppliers share, and a delivery without numbers, names and exact dates."""
