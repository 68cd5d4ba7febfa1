# Every command a person needs. `make` alone lists them; CI calls the same ones.

.DEFAULT_GOAL := help
.PHONY: help demo test test-rust test-vectors test-node test-node-long fuzz-short fuzz bench bench-node lint clean

CARGO_DENY_VERSION := 0.20.2
CARGO_FUZZ_VERSION := 0.13.2
FUZZ_TARGETS := verify_bytes resign
VENV := target/venv

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## Mint, verify and print a token of each format
	@cargo run --quiet --locked --package tokmint-cli -- demo

test: ## Set up what the tests need and run them in every language
	@tests/run_all.sh

test-rust: ## Test core and the command line
	cargo test --locked

test-vectors: $(VENV)/oracle ## Compare tests/vectors with the official Python SDK and the separate encoder
	$(VENV)/bin/python tests/oracle/generate_vectors.py --check

test-node: ## Pack the npm package, install it outside the repository and test it there
	node node/test/run.mjs

test-node-long: ## Test the npm package also under Bun and Deno, and with more threads
	node node/test/run.mjs --long

$(VENV)/oracle: tests/oracle/requirements.txt
	python3 -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --requirement $<
	touch $@

fuzz-short: FUZZ_SECONDS := 15
fuzz-short: fuzz ## Run each fuzz target for 15 seconds

FUZZ_SECONDS ?= 600
fuzz: ## Run each fuzz target for FUZZ_SECONDS (600)
	cargo fuzz --version 2>/dev/null | grep -qF $(CARGO_FUZZ_VERSION) \
		|| cargo install --quiet --locked --version $(CARGO_FUZZ_VERSION) cargo-fuzz
	for target in $(FUZZ_TARGETS); do \
		(cd core && cargo fuzz run --sanitizer none $$target -- \
			-max_total_time=$(FUZZ_SECONDS) -print_final_stats=1 -verbosity=0 -print_funcs=0) || exit 1; \
	done

bench: bench-node ## Measure tokens beside the bare HMAC and other libraries
	cargo run --release --locked --quiet --package tokmint-bench

bench-node: BENCH := target/bench-node
bench-node: ## Measure the npm package beside other npm packages
	mkdir -p $(BENCH) && cp tests/bench/node/* $(BENCH)
	cd node && npm pack --silent --pack-destination ../$(BENCH)
	cd $(BENCH) && npm ci --ignore-scripts --silent && npm install --ignore-scripts --silent --no-save ./tokmint-*.tgz
	cd $(BENCH) && node bench.mjs

lint: ## Check formatting, clippy, documentation and licences
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets -- --deny warnings
	RUSTDOCFLAGS="--deny warnings" cargo doc --locked --no-deps --quiet
	cargo deny --version 2>/dev/null | grep -qF $(CARGO_DENY_VERSION) \
		|| cargo install --quiet --locked --version $(CARGO_DENY_VERSION) cargo-deny
	cargo deny --locked check bans licenses sources

clean: ## Remove everything that was built
	cargo clean
	rm -rf core/fuzz/target core/fuzz/corpus core/fuzz/artifacts
