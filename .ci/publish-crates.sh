#!/bin/sh
# Publishes the crates, first the library: publish-crates.sh [--dry-run]. What is published already is left out, so that a
# second attempt does the rest.
set -eu
cd "$(dirname "$0")/.."
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml)
for crate in tokmint tokmint-cli; do
	if cargo info --quiet --registry crates-io "$crate@$version" >/dev/null 2>&1; then
		echo "$crate $version is published already"
	else
		cargo publish --locked --package "$crate" "$@"
	fi
done
