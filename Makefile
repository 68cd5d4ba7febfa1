# Every command a person needs. `make` alone lists them; CI calls the same ones.

.DEFAULT_GOAL := help
.PHONY: help demo test test-rust test-vectors test-c fuzz-short fuzz bench bench-c install packages-c lint clean

CARGO_FUZZ_VERSION := 0.13.2
FUZZ_TARGETS := verify_bytes resign
VENV := target/venv

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## Mint, verify and print a token of each format
	@cargo run --quiet --locked --package tokmint-cli -- demo

test: test-rust test-vectors test-c fuzz-short ## Set up what the tests need and run them in every language

test-rust: ## Test core and the command line
	cargo test --locked

test-vectors: $(VENV)/oracle ## Compare tests/vectors with the official Python SDK and the separate encoder
	$(VENV)/bin/python tests/oracle/generate_vectors.py --check

$(VENV)/oracle: tests/oracle/requirements.txt
	python3 -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --requirement $<
	touch $@

test-c: packages-c ## Install the C and C++ library to a temporary folder and test it from there
	tests/c/run.sh

# Compilers, valgrind, and the libraries that the tests of C and C++ use: JSON, HTTP and OpenSSL.
PACKAGES_C := gcc g++ clang binutils cmake pkg-config valgrind curl \
	libjansson-dev nlohmann-json3-dev libcpp-httplib-dev libssl-dev libjwt-dev

packages-c:
	@missing=$$(for package in $(PACKAGES_C); do \
		dpkg-query -W -f '$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || echo $$package; \
	done); \
	if [ -n "$$missing" ] && [ "$$(id -u)" = 0 ]; then \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	elif [ -n "$$missing" ]; then \
		echo "The tests of C and C++ need these Debian packages; install them as root:" $$missing >&2; exit 1; \
	fi

install: ## Install the C and C++ library to PREFIX (/usr/local); DESTDIR and LIBDIR work as usual
	PREFIX='$(PREFIX)' DESTDIR='$(DESTDIR)' LIBDIR='$(LIBDIR)' bindings/c/install.sh

fuzz-short: SECONDS := 15
fuzz-short: fuzz ## Run each fuzz target for 15 seconds

fuzz: SECONDS ?= 600
fuzz: ## Run each fuzz target for SECONDS (600)
	cargo fuzz --version 2>/dev/null | grep -qF $(CARGO_FUZZ_VERSION) \
		|| cargo install --quiet --locked --version $(CARGO_FUZZ_VERSION) cargo-fuzz
	for target in $(FUZZ_TARGETS); do \
		(cd core && cargo fuzz run --sanitizer none $$target -- -max_total_time=$(SECONDS) -print_final_stats=1 -verbosity=0) || exit 1; \
	done

bench: bench-c ## Measure tokens beside the bare HMAC and other libraries
	cargo run --release --locked --quiet --package tokmint-bench

bench-c: packages-c ## Measure the C library beside core, OpenSSL and libjwt
	tests/bench/c/run.sh

lint: ## Check formatting, clippy, documentation and licences
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets -- --deny warnings
	RUSTDOCFLAGS="--deny warnings" cargo doc --locked --no-deps --quiet
	cargo deny --version >/dev/null 2>&1 || cargo install --quiet --locked cargo-deny
	cargo deny --locked check bans licenses sources

clean: ## Remove everything that was built
	cargo clean
	rm -rf core/fuzz/target core/fuzz/corpus core/fuzz/artifacts
