# Every target sets up what it needs first: see .ci/setup.

PYTHON := .venv/bin/python
SAMPLE := build/sample
TOUR := build/tour
UV := uv

.PHONY: help run demo tour pictures test kills check bench bench-million format lock setup clean

help:
	@echo "make run     open the desk on a store of invented cases; without a display, walk through it as make tour does"
	@echo "make demo    make that store anew, in $(SAMPLE)"
	@echo "make tour    walk the main job through the real windows; pictures and letters in $(TOUR)"
	@echo "make pictures  renew the pictures of the README, from the tour"
	@echo "make test    every test (ARGS='tests/unit -k clocks' for some)"
	@echo "make kills   200 rounds of kill -9 for each thing that the desk does, where make test does some"
	@echo "make check   the linter, the formatter, the types, and which way the arrows run"
	@echo "make bench   the measurements, as ratios to a floor in the same run"
	@echo "make bench-million  the same of the desk with a million cases: minutes, and 10 GB of disk"
	@echo "make format  put the source into the one form"
	@echo "make lock    renew the lock files (needs uv)"
	@echo "make clean   remove what was made here, but for the virtual environment"

setup:
	@.ci/setup

run: setup
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] || [ "$$(uname)" = Darwin ]; then \
	    test -e $(SAMPLE)/desk.db || $(PYTHON) -m desktop --data-dir $(SAMPLE) demo && \
	    exec $(PYTHON) -m desktop --data-dir $(SAMPLE); \
	else \
	    echo "There is no display here, so the desk walks through the same windows by itself." && \
	    QT_QPA_PLATFORM=offscreen $(PYTHON) -m desktop tour --out $(TOUR) && \
	    echo "The pictures of the windows and the letters are in $(TOUR)."; \
	fi

demo: setup
	@rm -rf $(SAMPLE)
	@$(PYTHON) -m desktop --data-dir $(SAMPLE) demo

tour: setup
	@QT_QPA_PLATFORM=offscreen $(PYTHON) -m desktop tour --out $(TOUR)
	@echo "The pictures of the windows and the letters are in $(TOUR)."

# The README's pictures, from the real windows.
pictures: tour
	@mkdir -p docs/pictures
	@cp $(TOUR)/02-my-work.png docs/pictures/my-work.png
	@cp $(TOUR)/05-case-form.png docs/pictures/case-form.png
	@cp $(TOUR)/12-review.png docs/pictures/review.png
	@cp $(TOUR)/18-letter.png docs/pictures/letter.png
	@cp $(TOUR)/26-reports-publication.png docs/pictures/reports.png

test: setup
	QT_QPA_PLATFORM=offscreen $(PYTHON) -m pytest -n auto --dist worksteal $(ARGS)

# 200 rounds of kill -9 for each thing that the desk does; make test does some of them.
kills: setup
	KILLS=200 QT_QPA_PLATFORM=offscreen $(PYTHON) -m pytest -n auto tests/faults

check: setup
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	.venv/bin/lint-imports

bench: setup
	@QT_QPA_PLATFORM=offscreen $(PYTHON) -m tests.bench

# On a million cases: makes a store of 10 GB first, in some minutes.
bench-million: setup
	@QT_QPA_PLATFORM=offscreen $(PYTHON) -m tests.bench million

format: setup
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

lock:
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	    --output-file requirements.lock pyproject.toml
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	    --group dev --output-file requirements-dev.lock pyproject.toml

clean:
	rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find desktop db resources tests -name __pycache__ -prune -exec rm -rf {} +
