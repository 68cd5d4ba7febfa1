#!/bin/sh
# Runs a command, so that what it builds of Rust names no folder of this machine: without-paths.sh COMMAND...
#
# Panics name source files. Those of this repository get the prefix "tokmint", those of other crates "crates". rustc itself
# does so for the standard library, and the build of the RSA engine for its C.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
# Inside of another call of this script, all is done.
case ${CARGO_ENCODED_RUSTFLAGS:-} in *=tokmint*=crates*) exec "$@" ;; esac
# The folder that holds the crates is named after their registry, and is there only once they are.
cargo fetch --quiet --locked --manifest-path "$root/Cargo.toml"
separator=$(printf '\037')
flags=${CARGO_ENCODED_RUSTFLAGS:-$(printf %s "${RUSTFLAGS:-}" | tr -s ' ' '\037')}
remap() {
	# On Windows rustc knows folders by other names than the shell.
	folder=$(cygpath -w "$1" 2>/dev/null) || folder=$1
	flags=${flags:+$flags$separator}--remap-path-prefix=$folder=$2
}
remap "$root" tokmint
for crates in "${CARGO_HOME:-$HOME/.cargo}"/registry/src/*; do remap "$crates" crates; done
CARGO_ENCODED_RUSTFLAGS=$flags exec "$@"
