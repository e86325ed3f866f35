"""The document tree, its renderers to HTML, PDF and DOCX, and the gate; knows no results."""

import sys

# The libraries behind figures and notebooks load jsonschema, which, when this module can be found,
# spends two seconds on a grammar of internationalised addresses; nothing here checks any.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
