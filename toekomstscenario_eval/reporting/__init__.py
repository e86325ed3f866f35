"""Reporting: released results as documents in HTML, PDF and DOCX."""
