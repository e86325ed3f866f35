"""Reporting: released results as documents in HTML, PDF and DOCX."""

import sys

# The libraries behind figures and notebooks load jsonschema, which, when this module can be found,
# spends two seconds on a grammar of internationalised addresses; nothing here checks any.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
