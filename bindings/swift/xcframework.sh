#!/bin/sh
# Builds lib/tokmintFFI.xcframework, the library for Apple's platforms, after library.sh: xcframework.sh [PARTS]
#
# Needs macOS with Xcode, whose SDKs the RSA engine is compiled with, and the targets of Rust that layout.py lists:
# rustup target add TARGET... The libraries stay in PARTS/TARGET/swift, if PARTS is given; the release takes them from
# dist/parts.
set -eu

# The oldest systems that Package.swift names.
export MACOSX_DEPLOYMENT_TARGET=13.0 IPHONEOS_DEPLOYMENT_TARGET=16.0

if [ "$(uname -s)" != Darwin ] || ! command -v xcrun >/dev/null; then
	echo "xcframework.sh needs macOS with Xcode" >&2
	exit 1
fi
temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
parts=${1:-$temporary}
mkdir -p "$parts"
parts=$(cd "$parts" && pwd)
cd "$(dirname "$0")/../.."
target=${CARGO_TARGET_DIR:-target}
for triple in $(python3 bindings/swift/layout.py --apple-targets); do
	.ci/without-paths.sh cargo rustc --locked --quiet --release --package tokmint-uniffi --crate-type staticlib \
		--target "$triple"
	mkdir -p "$parts/$triple/swift"
	cp "$target/$triple/release/libtokmint_uniffi.a" "$parts/$triple/swift"
	strip -S "$parts/$triple/swift/libtokmint_uniffi.a"
done
python3 bindings/swift/layout.py --xcframework bindings/swift/lib/tokmintFFI.xcframework --parts "$parts"
echo "SwiftPM remembers a manifest that it has read: run 'swift package purge-cache' once if it does not see the framework"
