#!/usr/bin/env bash
# Builds the wheel and the sdist, installs each into an empty virtual environment outside the repository, and tests
# what was installed. Run it as `make test-python`.
set -euo pipefail

repository=$(cd "$(dirname "$0")/../.." && pwd)
target=${CARGO_TARGET_DIR:-$repository/target}
tools=$repository/target/python/venv # of the Makefile
packages=$target/python/packages
outside=$(mktemp -d)
trap 'rm -rf "$outside"' EXIT

cd "$repository/python"
rm -rf "$packages"
"$repository/.ci/without-paths.sh" "$tools/bin/maturin" build --release --locked --quiet --out "$packages"
"$tools/bin/maturin" sdist --out "$packages"
wheel=$(echo "$packages"/*.whl)
sdist=$(echo "$packages"/*.tar.gz)
# With the official tests. The Makefile has downloaded it, of the version that is installed.
opentok=$repository/target/python/sdist/opentok-$("$tools/bin/python" -c 'from opentok import __version__; print(__version__)').tar.gz
# A module that panics when a test asks for it.
PYO3_BUILD_EXTENSION_MODULE=1 cargo build --locked --quiet --package tokmint-python --features test-panic

# From here on nothing of the repository's package folder can be imported by accident.
cd "$outside"

install() { # into a new virtual environment $1 the wheel $2, with nothing else to be found
	python3 -m venv --without-pip "$1"
	"$tools/bin/pip" --python "$1/bin/python" install --quiet --no-index "$2"
	"$1/bin/python" -m tokmint self-test
}
# The files in an sdist are of 2006, so that cargo would take for new what it built of another version of them.
rm -rf "$target"/release/.fingerprint/tokmint-*
PATH=$tools/bin:$PATH CARGO_TARGET_DIR=$target "$tools/bin/pip" wheel --quiet --no-index --no-build-isolation \
	--wheel-dir built-from-sdist "$sdist"
install from-sdist built-from-sdist/*.whl
install from-wheel "$wheel"

# The tests' own dependencies become visible only now: the package has worked without them.
from-wheel/bin/python - "$tools" <<-'PYTHON'
	import sys, sysconfig
	from pathlib import Path
	libraries = Path(sysconfig.get_path("purelib"))
	of_tools = Path(sys.argv[1], *libraries.parts[-3:])
	(libraries / "test-dependencies.pth").write_text(f"{of_tools}\n")
PYTHON
PYRIGHT_PYTHON_CACHE_DIR=$target/python/pyright \
	TOKMINT_WHEEL=$wheel TOKMINT_OPENTOK_SDIST=$opentok TOKMINT_PANIC_MODULE=$target/debug/lib_tokmint.so PYTHONDONTWRITEBYTECODE=1 \
	from-wheel/bin/python -m pytest --quiet "$@" "$repository/python/tests"
