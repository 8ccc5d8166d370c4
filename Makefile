# setup · run · test · check · outside · eval · calibrate · faults · bench · schema · docs · samples
# Every target prepares the virtual environment first; that is quick when nothing changed.

SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
VIEWERS := bpmn-js@18.31.1 mermaid@11.17.2
SAMPLES := $(wildcard samples/*.txt samples/*.pdf)
DRAWN := samples/chart.pdf
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help setup run test check outside eval calibrate faults bench schema docs samples

help:
	@echo "make run      parse the documents in samples/ into out/; draw the chart of one"
	@echo "make test     run the tests"
	@echo "make check    style, types, imports, schema and reference up to date"
	@echo "make outside  our diagrams in bpmn-js, Mermaid (Chromium, npm) and PM4Py; the review page in Chromium"
	@echo "make eval     score against real documents, where ../shared holds them"
	@echo "make calibrate faults    fit the confidence of values anew; planted faults that go unseen"
	@echo "make bench    how long parsing and starting take"
	@echo "make schema docs samples    write schemas/, docs/, samples/ anew"

setup: $(READY)

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "sopparse needs Python 3.11 or newer; name it: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@if [ ! -x $(BIN)/pip ] && ! $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; then \
	  echo "python3-venv is missing: installing it with apt-get"; \
	  if [ "$$(id -u)" = 0 ]; then root=; else root=sudo; fi; \
	  $$root apt-get update -qq && $$root apt-get install -y -qq python3-venv \
	    || { echo "Please run: sudo apt-get install python3-venv"; exit 1; }; \
	fi
	@if ! tesseract --list-langs 2>/dev/null | grep -qx ind; then \
	  echo "Tesseract with Indonesian is missing: installing it with apt-get"; \
	  if [ "$$(id -u)" = 0 ]; then root=; else root=sudo; fi; \
	  $$root apt-get update -qq && $$root apt-get install -y -qq tesseract-ocr tesseract-ocr-ind \
	    || echo "Scans cannot be read. To read them: sudo apt-get install tesseract-ocr tesseract-ocr-ind"; \
	fi
	@[ -x $(BIN)/pip ] || $(PYTHON) -m venv --clear $(VENV)
	$(BIN)/pip install --quiet --editable '.[dev]'
	@touch $(READY)

run: setup
	@$(BIN)/sopparse parse $(SAMPLES) -o out/
	@$(BIN)/sopparse export out/$(notdir $(DRAWN:.pdf=.json)) --format bpmn -o out/$(notdir $(DRAWN:.pdf=.bpmn))
	@$(BIN)/sopparse show $(DRAWN) --page 2 -o out/$(notdir $(DRAWN:.pdf=.png))

test: setup
	$(BIN)/python -m pytest

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m tests.reference --check

# Chromium and npm from Debian, libraries from npm, PM4Py: all for development only, none of it is part of sopparse.
outside: $(VENV)/.outside
	OUTSIDE=1 $(BIN)/python -m pytest -m 'browser or outside'

$(VENV)/.outside: $(READY)
	@for each in chromium npm; do command -v $$each >/dev/null || missing="$$missing $$each"; done; \
	if [ -n "$$missing" ]; then \
	  echo "installing with apt-get:$$missing"; \
	  if [ "$$(id -u)" = 0 ]; then root=; else root=sudo; fi; \
	  $$root apt-get update -qq && $$root apt-get install -y -qq $$missing \
	    || { echo "Please run: sudo apt-get install$$missing"; exit 1; }; \
	fi
	npm install --silent --no-audit --no-fund --ignore-scripts --prefix $(VENV)/npm $(VIEWERS)
	$(BIN)/pip install --quiet --editable '.[outside]'
	@touch $@

eval: setup
	$(BIN)/python -m tests.quality.gate

calibrate: setup
	nice $(BIN)/python -m tests.quality.calibrate --write

faults: setup
	nice $(BIN)/python -m tests.faults

bench: setup
	$(BIN)/python -m tests.bench.run

schema docs: setup
	$(BIN)/python -m tests.reference

samples: setup
	$(BIN)/python -m tests.generator samples
	$(BIN)/python -m tests.drawing samples
