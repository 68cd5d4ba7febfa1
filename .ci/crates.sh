#!/bin/sh
# Checks what the published crates hold: README, licences, and no test that needs the whole repository. With `--test` it
# also packs them, builds both, and runs the tests of core from what was packed, outside of the repository.
set -eu
cd "$(dirname "$0")/.."
fail() {
	echo "$*" >&2
	exit 1
}

for crate in tokmint:core tokmint-cli:bindings/cli; do
	name=${crate%:*} folder=${crate#*:}
	files=$(cargo package --list --locked --quiet --allow-dirty --package "$name")
	for file in Cargo.toml Cargo.lock README.md LICENSE-MIT LICENSE-APACHE; do
		echo "$files" | grep -qx "$file" || fail "the crate $name lacks $file"
	done
	others=$(echo "$files" | grep -vxE '\.cargo_vcs_info\.json|Cargo\.(toml|toml\.orig|lock)|README\.md|LICENSE-.*' |
		grep -vxE 'build\.rs|src/.*\.rs|vectors/.*' || true)
	[ -z "$others" ] || fail "the crate $name holds more than its sources:" $others
	# What the compiler or a unit test reads beside them.
	for path in $(grep -rhoE '"(\.\./[^"]+|[a-z0-9_]+\.json)"' "$folder/src" | tr -d '"'); do
		case $path in
		*"{"*) continue ;;
		../*) path=${path#../} ;;
		*) [ -e "$folder/vectors/$path" ] || continue && path=vectors/$path ;;
		esac
		echo "$files" | grep -qx "$path" || fail "the crate $name lacks $path, which its sources name"
	done
done

[ "${1:-}" = --test ] || exit 0
target=${CARGO_TARGET_DIR:-$PWD/target}
cargo package --locked --quiet --allow-dirty --package tokmint --package tokmint-cli
version=$(cargo pkgid --package tokmint | sed 's/.*[#@]//')
outside=$(mktemp -d)
trap 'rm -rf "$outside"' EXIT
tar -xzf "$target/package/tokmint-$version.crate" -C "$outside"
# A test looks for copies of keys on the stack, which no compiler avoids without optimising.
CARGO_TARGET_DIR=$target CARGO_PROFILE_DEV_OPT_LEVEL=1 cargo test --locked --quiet --all-features --manifest-path "$outside/tokmint-$version/Cargo.toml"
