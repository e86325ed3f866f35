#!/usr/bin/env bash
# Renew the pinned versions, with hashes and without the address of any package index.
set -euo pipefail
bin=${1:-.venv/bin}
"$bin/python" -m pip install --quiet uv
opties=(--universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links
  --no-header --no-annotate --quiet --upgrade)
"$bin/uv" pip compile "${opties[@]}" pyproject.toml requirements/bouw.in -o requirements/gebruik.txt
"$bin/uv" pip compile "${opties[@]}" pyproject.toml requirements/bouw.in --group test --group lint --group docs \
  -o requirements/ontwikkel.txt
