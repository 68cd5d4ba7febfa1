# Every command a person needs. `make` alone lists them; CI calls the same ones.

.DEFAULT_GOAL := help

CARGO_DENY_VERSION := 0.20.2
CARGO_FUZZ_VERSION := 0.13.2
CARGO_MUTANTS_VERSION := 27.1.0
CLANG_FORMAT_VERSION := 14.0.6
ZIG_VERSION := 0.17.1
PYTHON_SOURCES := python tests/oracle tests/bench/python
C_SOURCES := $(shell git ls-files '*.c' '*.cpp' '*.hpp' 'tests/c/*.h')
FUZZ_TARGETS := verify_bytes inspect_bytes resign resign_rs256 key_text
ORACLE := target/oracle/venv/bin
MAVEN_FLAGS := --batch-mode --no-transfer-progress --quiet
PYTHON := $(CURDIR)/target/python/venv/bin
LINT := target/lint/venv/bin
# Third parties' suites for core, outside of the repository. Where they are not, their tests are ignored, and fail in CI.
# `none` leaves them out in CI too.
THIRD_PARTY ?= ../shared/data/third_party

# Debian's names of what the tests of C and C++ need beside make: compilers, valgrind, and libraries for JSON, HTTP,
# OpenSSL and JWT.
PACKAGES := gcc g++ clang binutils cmake pkg-config valgrind curl \
	libjansson-dev nlohmann-json3-dev libcpp-httplib-dev libssl-dev libjwt-dev
# The browser in which the inspector page is tested. CHROMIUM names one that is elsewhere.
BROWSER := chromium
export CHROMIUM ?= /usr/bin/chromium
# Prints those of its arguments that are not installed: all of them where there is no dpkg to ask.
MISSING_PACKAGES = missing() { for package; do \
	dpkg-query -W -f '$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || echo $$package; done; }; missing

# $(call cargo-tool,NAME,VERSION): installs a tool of cargo into cargo's own folder, unless this version is there.
cargo-tool = cargo install --list | grep -qx '$(1) v$(2):' \
	|| { echo "Installing $(1) $(2)"; cargo install --quiet --locked --version $(2) $(1); }

.PHONY: help
help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: packages
packages: ## Install the Debian packages that the tests of C, C++ and the inspector page need (as root or with sudo)
	@missing=$$($(MISSING_PACKAGES) $(PACKAGES) $(if $(wildcard $(CHROMIUM)),,$(BROWSER))); [ -n "$$missing" ] || exit 0; \
	command -v apt-get >/dev/null || { echo "No apt-get here. Install what these packages of Debian hold:" $$missing >&2; exit 1; }; \
	sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	echo "Installing:" $$missing; \
	$$sudo apt-get update -qq && $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null

# Installs nothing: it says what is missing. Where there is no dpkg, the tests find out for themselves.
.PHONY: packages-installed
packages-installed:
	@missing=$$($(MISSING_PACKAGES) $(PACKAGES)); [ -z "$$missing" ] || ! command -v dpkg-query >/dev/null \
		|| { echo "not installed:" $$missing "(make packages installs them)" >&2; exit 1; }

.PHONY: chromium-installed
chromium-installed:
	@[ -x '$(CHROMIUM)' ] || { echo "no $(CHROMIUM) (make packages installs it; CHROMIUM names another one)" >&2; exit 1; }

.PHONY: demo
demo: ## Mint, verify and print a token of each kind: JWT, T1, and that of an application
	@cargo run --quiet --locked --package tokmint-cli -- demo

# Tests

.PHONY: test
test: ## Set up what the tests need and run them in every language
	@tests/run_all.sh

.PHONY: test-rust
test-rust: ## Test core, the C library's Rust side and the command line
	cargo test --locked
ifneq ($(THIRD_PARTY),none)
ifneq ($(wildcard $(THIRD_PARTY))$(filter true,$(CI)),)
	cargo test --locked --package tokmint --lib -- --ignored
endif
endif

.PHONY: test-instructions
test-instructions: packages-installed instructions-comparable ## Count the instructions of core's calls and compare them with those that are recorded
	tests/instructions/run.sh

# The counts are of one compiler and one kind of processor.
.PHONY: instructions-comparable
instructions-comparable:
	@tests/instructions/run.sh --comparable

.PHONY: test-vectors
test-vectors: target/oracle/ready ## Compare tests/vectors with the official SDKs and a separate encoder, and exchange tokens with the SDKs
	$(ORACLE)/python tests/oracle/generate_vectors.py --check
	cargo build --quiet --locked --package tokmint-cli
	$(ORACLE)/python tests/oracle/exchange.py $${CARGO_TARGET_DIR:-target}/debug/tokmint

target/oracle/ready: tests/oracle/requirements.txt target/oracle/node/ready
	python3 -m venv target/oracle/venv
	$(ORACLE)/pip install --quiet --disable-pip-version-check --requirement $<
	touch $@

# The script runs where its packages are, so that it is copied too.
target/oracle/node/ready: $(addprefix tests/oracle/,package.json package-lock.json vonage.cjs)
	mkdir -p $(@D) && cp $^ $(@D)
	cd $(@D) && npm ci --ignore-scripts --silent
	touch $@

.PHONY: update
update: target/oracle/ready ## Rewrite what is generated and committed: the C header, tables of codes, transcripts, vectors
	TOKMINT_UPDATE=1 cargo test --quiet --locked --package tokmint --test generated
	TOKMINT_UPDATE=1 cargo test --quiet --locked --package tokmint-c --test header
	TOKMINT_UPDATE=1 cargo test --quiet --locked --package tokmint-cli page
	$(ORACLE)/python tests/oracle/generate_vectors.py

.PHONY: test-python
test-python: target/python/ready ## Build the pip package, install it outside the repository and test it
	python/tests/run.sh

target/python/ready: python/tests/requirements.txt
	python3 -m venv target/python/venv
	$(PYTHON)/pip install --quiet --disable-pip-version-check --requirement $<
	touch $@

.PHONY: wasm
wasm: ## Build the WebAssembly module, with a compiler of Debian where the machine's has no library for it
	@sh bindings/wasm/build.sh $${CARGO_TARGET_DIR:-target}/wasm/tokmint.wasm

.PHONY: test-page
test-page: page chromium-installed ## Test the inspector page in Chromium against the command line
	cargo build --quiet --locked --package tokmint-cli
	cd bindings/wasm/page/test && npm ci --ignore-scripts --silent && node --test *.test.mjs

.PHONY: page
page: wasm ## Build the inspector page, dist/tokmint-inspector.html: one file that explains tokens in a browser
	node bindings/wasm/page/build.mjs $${CARGO_TARGET_DIR:-target}/wasm/tokmint.wasm dist/tokmint-inspector.html

.PHONY: python-release
python-release: target/python/ready ## Build the wheel for Linux from 2014 on, and the sdist, in dist (needs 411 MB of zig)
	$(PYTHON)/pip install --quiet --disable-pip-version-check ziglang==$(ZIG_VERSION)
	cd python && XDG_CACHE_HOME=$(CURDIR)/target/python/zig ZIG_GLOBAL_CACHE_DIR=$(CURDIR)/target/python/zig \
		PATH=$(PYTHON):$$PATH maturin build --release --locked --zig --compatibility manylinux2014 --out ../dist
	cd python && $(PYTHON)/maturin sdist --out ../dist
	$(PYTHON)/auditwheel show dist/*.whl

.PHONY: lint
lint: lint-rust lint-python lint-node lint-c lint-kotlin ## Check the formatting and lints of every language, documentation and licences

.PHONY: lint-rust
lint-rust: ## Check Rust: formatting, clippy (core also without RS256), documentation, licences
	cargo fmt --all --check
	@! git ls-files -z '*.rs' | LC_ALL=C.UTF-8 xargs -0 grep -nE '^.{101,}' | grep -E ':[0-9]+: *//[/!]? [^ ]' \
		|| { echo "comments beyond 100 columns, which rustfmt does not wrap" >&2; exit 1; }
	cargo clippy --locked --workspace --all-targets -- --deny warnings
	cargo clippy --locked --package tokmint --lib --no-default-features -- --deny warnings
	RUSTDOCFLAGS="--deny warnings" cargo doc --locked --no-deps --quiet
	@$(call cargo-tool,cargo-deny,$(CARGO_DENY_VERSION))
	cargo deny --locked check bans licenses sources

.PHONY: lint-python
lint-python: target/lint/ready ## Check Python: ruff, with the settings in python/pyproject.toml
	$(LINT)/ruff check --quiet --config python/pyproject.toml $(PYTHON_SOURCES)
	$(LINT)/ruff format --quiet --check --config python/pyproject.toml $(PYTHON_SOURCES)

target/lint/ready: python/tests/requirements.txt
	python3 -m venv target/lint/venv
	$(LINT)/pip install --quiet --disable-pip-version-check "$$(grep '^ruff==' $<)" clang-format==$(CLANG_FORMAT_VERSION)
	touch $@

.PHONY: lint-node
lint-node: node/node_modules/.package-lock.json ## Check JavaScript: Biome, with the settings in node/biome.json
	cd node && node_modules/.bin/biome ci --error-on-warnings
	cd bindings/wasm/page && ../../../node/node_modules/.bin/biome ci --error-on-warnings

node/node_modules/.package-lock.json: node/package-lock.json
	cd node && npm ci --ignore-scripts --silent
	touch $@

.PHONY: lint-c
lint-c: target/lint/ready ## Check C and C++: clang-format, with the settings in .clang-format
	$(LINT)/clang-format --dry-run --Werror $(C_SOURCES)

.PHONY: lint-kotlin
lint-kotlin: ## Check Kotlin: ktlint, with the settings in bindings/kotlin/.editorconfig (needs a JDK and Maven)
	sh bindings/kotlin/lint.sh

.PHONY: clean
clean: ## Remove everything that was built
	cargo clean
	rm -rf dist core/fuzz/target core/fuzz/corpus core/fuzz/artifacts
	rm -rf node/*.node node/vectors node/LICENSE-* node/node_modules
