# Every target uses .venv in this folder, made on first use: Python 3.11 and make are all that is needed.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test check wheel bench bench-peers bench-quality bench-report test-properties test-crash test-cluster clean

# Two stamps: the demo needs only the base install, the tests need the extra `dev`.
$(VENV)/base: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/dev: $(VENV)/base
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[dev]"
	touch $@

demo: $(VENV)/base
	$(BIN)/leermatch demo

# File by file over WORKERS processes, in the order of tests/conftest.py.
WORKERS ?= 2
test: $(VENV)/dev
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

# Every property with ten times as many examples.
test-properties: $(VENV)/dev
	LEERMATCH_EXAMPLES=600 $(BIN)/python -m pytest -m hypothesis -n $(WORKERS) --dist loadfile

$(VENV)/bench: $(VENV)/dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[bench]"
	touch $@

# Instances from real labels where LEERMATCH_DATA is set, else made-up ones; see benchmarks/README.md.
bench: $(VENV)/dev
	$(BIN)/python -m pytest benchmarks/bench_match.py --benchmark-only --benchmark-columns=min,median,mean,max,rounds
	$(BIN)/python -m benchmarks.scale

bench-peers: $(VENV)/bench
	$(BIN)/python -m benchmarks.peers 10k
	$(BIN)/python -m benchmarks.peers 100k

# How well the encoder ranks and links; needs LEERMATCH_DATA. MODELS="NAME_OR_PATH …" sets other models beside it.
bench-quality: $(VENV)/bench
	$(BIN)/python -m benchmarks.quality $(MODELS:%=--model %)

bench-report: $(VENV)/dev
	$(BIN)/python -m benchmarks.report

check: $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/mypy

# The wheel in an empty environment, from another folder: nothing may lean on this checkout.
wheel:
	rm -rf build/wheel && mkdir -p build/wheel/elsewhere
	$(PYTHON) -m venv build/wheel/venv
	build/wheel/venv/bin/python -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir build/wheel .
	build/wheel/venv/bin/python -m pip install --quiet --disable-pip-version-check build/wheel/leermatch-*.whl
	cd build/wheel/elsewhere && ../venv/bin/leermatch demo
	build/wheel/venv/bin/python -m pip list --format=freeze | { ! grep -i "^torch=="; }

# Kills, flipped bytes and readers at full length: half an hour.
test-crash: $(VENV)/dev
	LEERMATCH_KILLS=200 LEERMATCH_FLIPS=500 LEERMATCH_SECONDS=60 LEERMATCH_LEARNERS=200000 LEERMATCH_BATCH_KILLS=10 \
		$(BIN)/python -m pytest -s tests/test_store.py tests/test_store_crash.py tests/test_batch_crash.py

$(VENV)/spark: $(VENV)/base
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[spark]"
	touch $@

# A real Spark cluster of two workers whose processes are killed; Java from Debian where there is none.
test-cluster: $(VENV)/spark
	command -v java >/dev/null || { apt-get update -qq && \
		DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends openjdk-17-jre-headless >/dev/null; }
	$(BIN)/python tests/cluster_run.py

clean:
	rm -rf $(VENV) dist build
