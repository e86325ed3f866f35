# Two commands do everything: `make rapport` and `make test`. The rest is for daily work.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: rapport test lab docs lint mutanten metingen voorbeeldrapport benchmarks requirements schoon

rapport: $(VENV)/.gebruik ## install and make the report on the built-in example package
	$(BIN)/tks rapport --uit uit
	@echo "De verslagen staan in de map uit: verantwoording.html, verantwoording.pdf, verantwoording.docx"

test: $(VENV)/.ontwikkel ## install and run all tests
	$(BIN)/pytest -n auto --dist loadscope --no-loadscope-reorder $(DEKKING)

lab: $(VENV)/.gebruik ## open the notebooks
	$(BIN)/jupyter lab analyses

docs: $(VENV)/.ontwikkel ## build the handbook
	$(BIN)/mkdocs build --strict --site-dir site

lint: $(VENV)/.ontwikkel ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

mutanten: $(VENV)/.mutanten ## which small mistakes in the core no test notices; MUTANTEN="estimators/cox.py --steekproef 60"
	$(BIN)/python benchmarks/mutants.py $(MUTANTEN)

voorbeeldrapport: $(VENV)/.gebruik ## renew the rendered example in rapporten/, and its picture (needs Chromium)
	$(BIN)/tks rapport --uit rapporten/voorbeeld --formaat html,pdf,docx
	chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size=1280,1150 \
	  --blink-settings=preferredColorScheme=1 \
	  --screenshot=$(CURDIR)/rapporten/voorbeeld/schermafbeelding.png \
	  file://$(CURDIR)/rapporten/voorbeeld/verantwoording.html

metingen: $(VENV)/.ontwikkel ## safety, accuracy, coverage and cost of the protection; METINGEN="veiligheid"
	$(BIN)/python benchmarks/metingen.py $(METINGEN)

benchmarks: $(VENV)/.ontwikkel ## side-by-side measurements
	$(BIN)/python benchmarks/controle.py
	$(BIN)/python benchmarks/tien_miljoen.py

requirements: $(VENV)/.ontwikkel ## renew the pinned versions
	bash requirements/vernieuw.sh $(BIN) --upgrade

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.gebruik: requirements/gebruik.txt pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/gebruik.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.ontwikkel: requirements/ontwikkel.txt pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/ontwikkel.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.gebruik

$(VENV)/.mutanten: requirements/mutanten.txt | $(VENV)/.ontwikkel
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/mutanten.txt
	@touch $@

schoon: ## remove what was built
	rm -rf $(VENV) site uit controle build dist mutants
