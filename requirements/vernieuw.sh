#!/usr/bin/env bash
# Pin the versions, with hashes and without the address of any package index; --upgrade as second argument renews
# them. Extras stay in the pins: pip before 23.3 does not see that a pin of x also pins x[extra].
set -euo pipefail
bin=${1:-.venv/bin}
"$bin/python" -m pip install --quiet uv
opties=(--universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links
  --no-header --no-annotate --no-strip-extras --quiet "${@:2}")
"$bin/uv" pip compile "${opties[@]}" pyproject.toml requirements/bouw.in -o requirements/gebruik.txt
"$bin/uv" pip compile "${opties[@]}" pyproject.toml requirements/bouw.in --group test --group lint --group docs \
  -o requirements/ontwikkel.txt
# Comes on top of what is for developing, so with the same versions.
"$bin/uv" pip compile "${opties[@]}" --group mutanten -c requirements/ontwikkel.txt -o requirements/mutanten.txt
