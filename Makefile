# Every command a person needs. `make` alone lists them; CI calls the same ones.

.DEFAULT_GOAL := help
.PHONY: help demo test test-rust test-vectors test-kotlin swift-library test-swift fuzz-short fuzz bench lint clean

CARGO_DENY_VERSION := 0.20.2
CARGO_FUZZ_VERSION := 0.13.2
FUZZ_TARGETS := verify_bytes resign
VENV := target/venv
MAVEN_FLAGS := --batch-mode --no-transfer-progress --quiet

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## Mint, verify and print a token of each format
	@cargo run --quiet --locked --package tokmint-cli -- demo

test: test-rust test-vectors test-kotlin swift-library test-swift fuzz-short ## Set up what the tests need and run them in every language

test-rust: ## Test core and the command line
	cargo test --locked

test-vectors: $(VENV)/oracle ## Compare tests/vectors with the official Python SDK and the separate encoder
	$(VENV)/bin/python tests/oracle/generate_vectors.py --check

$(VENV)/oracle: tests/oracle/requirements.txt
	python3 -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --requirement $<
	touch $@

test-kotlin: ## Build the jar and run the Kotlin and Java tests (needs a JDK of version 11 or later, and Maven)
	cd bindings/kotlin && mvn $(MAVEN_FLAGS) install
	sh bindings/kotlin/consumers/run.sh

swift-library: ## Build the static library and the generated sources of the Swift package
	sh bindings/swift/library.sh

test-swift: ## Check the Swift package and run its tests where Swift is installed (after swift-library)
	sh bindings/swift/check.sh
	@if command -v swift >/dev/null; then swift test --package-path bindings/swift; \
	else echo "swift is not on the PATH: the Swift package was checked, but neither compiled nor tested"; fi

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

bench: ## Measure tokens beside the bare HMAC and other libraries
	cargo run --release --locked --quiet --package tokmint-bench

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
