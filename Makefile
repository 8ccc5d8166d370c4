# setup · run · test · check · eval · bench · schema · docs · samples
# Every target prepares the virtual environment first; that is quick when nothing changed.

SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
SAMPLES := $(wildcard samples/*.txt samples/*.html)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help setup run test check eval bench schema docs samples

help:
	@echo "make run      parse the documents in samples/ into out/"
	@echo "make test     run the tests"
	@echo "make check    style, types, imports, schema and reference up to date"
	@echo "make eval     score against real documents, where ../shared holds them"
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
	@[ -x $(BIN)/pip ] || $(PYTHON) -m venv --clear $(VENV)
	$(BIN)/pip install --quiet --editable '.[dev]'
	@touch $(READY)

run: setup
	@$(BIN)/sopparse parse $(SAMPLES) -o out/

test: setup
	$(BIN)/python -m pytest

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m tests.reference --check

eval: setup
	$(BIN)/python -m tests.quality.gate

bench: setup
	$(BIN)/python -m tests.bench.run

schema docs: setup
	$(BIN)/python -m tests.reference

samples: setup
	$(BIN)/python -m tests.generator samples
