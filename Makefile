# Every command a person needs. `make` alone lists them; CI calls the same ones.

.DEFAULT_GOAL := help
.PHONY: help demo test test-rust test-vectors test-python fuzz-short fuzz bench bench-rust bench-python \
	python-release lint clean

CARGO_FUZZ_VERSION := 0.13.2
FUZZ_TARGETS := verify_bytes resign
VENV := target/venv
PYTHON := $(CURDIR)/target/python/venv/bin
ZIG_VERSION := 0.17.1

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## Mint, verify and print a token of each format
	@cargo run --quiet --locked --package tokmint-cli -- demo

test: test-rust test-vectors test-python fuzz-short ## Set up what the tests need and run them in every language

test-rust: ## Test core and the command line
	cargo test --locked

test-vectors: $(VENV)/oracle ## Compare tests/vectors with the official Python SDK and the separate encoder
	$(VENV)/bin/python tests/oracle/generate_vectors.py --check

$(VENV)/oracle: tests/oracle/requirements.txt
	python3 -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --requirement $<
	touch $@

test-python: target/python/ready ## Build the pip package, install it outside the repository and test it
	python/tests/run.sh

target/python/ready: python/tests/requirements.txt
	python3 -m venv target/python/venv
	$(PYTHON)/pip install --quiet --disable-pip-version-check --requirement $<
	touch $@

fuzz-short: SECONDS := 15
fuzz-short: fuzz ## Run each fuzz target for 15 seconds

fuzz: SECONDS ?= 600
fuzz: ## Run each fuzz target for SECONDS (600)
	cargo fuzz --version 2>/dev/null | grep -qF $(CARGO_FUZZ_VERSION) \
		|| cargo install --quiet --locked --version $(CARGO_FUZZ_VERSION) cargo-fuzz
	for target in $(FUZZ_TARGETS); do \
		(cd core && cargo fuzz run --sanitizer none $$target -- -max_total_time=$(SECONDS) -print_final_stats=1 -verbosity=0) || exit 1; \
	done

bench: bench-rust bench-python ## Measure tokens beside the bare HMAC and other libraries

bench-rust: ## Measure core
	cargo run --release --locked --quiet --package tokmint-bench

bench-python: target/python/ready ## Measure the pip package beside opentok and PyJWT
	rm -rf target/python/packages target/python/installed
	cd python && $(PYTHON)/maturin build --release --locked --quiet --out ../target/python/packages
	$(PYTHON)/pip install --quiet --no-index --target target/python/installed target/python/packages/*.whl
	PYTHONPATH=target/python/installed $(PYTHON)/python tests/bench/python/main.py

python-release: target/python/ready ## Build the wheel for Linux from 2014 on, and the sdist, in dist (needs 411 MB of zig)
	$(PYTHON)/pip install --quiet --disable-pip-version-check ziglang==$(ZIG_VERSION)
	cd python && XDG_CACHE_HOME=$(CURDIR)/target/python/zig ZIG_GLOBAL_CACHE_DIR=$(CURDIR)/target/python/zig \
		PATH=$(PYTHON):$$PATH maturin build --release --locked --zig --compatibility manylinux2014 --out ../dist
	cd python && $(PYTHON)/maturin sdist --out ../dist
	$(PYTHON)/auditwheel show dist/*.whl

lint: ## Check formatting, clippy, documentation and licences
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets -- --deny warnings
	RUSTDOCFLAGS="--deny warnings" cargo doc --locked --no-deps --quiet
	cargo deny --version >/dev/null 2>&1 || cargo install --quiet --locked cargo-deny
	cargo deny --locked check bans licenses sources

clean: ## Remove everything that was built
	cargo clean
	rm -rf core/fuzz/target core/fuzz/corpus core/fuzz/artifacts
