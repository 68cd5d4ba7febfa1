#!/bin/sh
# Publishes the crates, first the library: publish-crates.sh [--dry-run]. What is published already is left out, so that a
# second attempt does the rest.
set -eu
cd "$(dirname "$0")/.."
python3 .ci/release/publishable.py crates
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml)
# `cargo publish` packs them itself. Another cargo, or another commit, makes other crates.
cargo package --quiet --locked --no-verify --package tokmint --package tokmint-cli
for crate in tokmint tokmint-cli; do
	cmp "${CARGO_TARGET_DIR:-target}/package/$crate-$version.crate" "dist/crates/$crate-$version.crate"
done
for crate in tokmint tokmint-cli; do
	if cargo info --quiet --registry crates-io "$crate@$version" >/dev/null 2>&1; then
		echo "$crate $version is published already"
	else
		cargo publish --locked --package "$crate" "$@"
	fi
done
