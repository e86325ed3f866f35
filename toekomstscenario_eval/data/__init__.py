"""Reading, checking, importing and making packages of proeftuin data."""
