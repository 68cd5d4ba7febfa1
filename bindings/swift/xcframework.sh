#!/bin/sh
# Builds lib/tokmintFFI.xcframework, the library for Apple's platforms, after library.sh. Needs macOS with Xcode, and
# the Rust targets below: rustup target add TARGET...
set -eu

# One slice of the framework a line: its platform, and the targets that it holds.
slices='macos aarch64-apple-darwin x86_64-apple-darwin
ios aarch64-apple-ios
ios-simulator aarch64-apple-ios-sim x86_64-apple-ios'

# The oldest systems that Package.swift names.
export MACOSX_DEPLOYMENT_TARGET=13.0 IPHONEOS_DEPLOYMENT_TARGET=16.0

# Lays out the headers of a slice in a folder.
headers() {
	# Xcode copies the headers of all frameworks into one folder, so the module map is in one of its own. The
	# framework says itself what is to be linked.
	mkdir -p "$1/tokmintFFI"
	cp Sources/tokmintFFI/tokmintFFI.h "$1/tokmintFFI"
	sed '/^ *link /d' Sources/tokmintFFI/module.modulemap >"$1/tokmintFFI/module.modulemap"
}

cd "$(dirname "$0")"
case ${1:-} in
--print-targets)
	echo "$slices" | cut -d ' ' -f 2- | tr ' ' '\n'
	exit ;;
--headers)
	headers "$2"
	exit ;;
esac

if ! command -v xcodebuild >/dev/null; then
	echo "xcframework.sh needs macOS with Xcode: xcodebuild is not on the PATH" >&2
	exit 1
fi
package=$PWD
cd ../..
target=${CARGO_TARGET_DIR:-target}
built=$(mktemp -d)
trap 'rm -rf "$built"' EXIT
(cd "$package" && headers "$built/headers")

set --
while read -r platform targets; do
	libraries=
	for triple in $targets; do
		.ci/without-paths.sh cargo rustc --locked --quiet --release --package tokmint-uniffi --crate-type staticlib \
			--target "$triple" </dev/null
		libraries="$libraries $target/$triple/release/libtokmint_uniffi.a"
	done
	mkdir "$built/$platform"
	# Unquoted, because it is a list.
	lipo -create $libraries -output "$built/$platform/libtokmint_uniffi.a"
	strip -S "$built/$platform/libtokmint_uniffi.a"
	set -- "$@" -library "$built/$platform/libtokmint_uniffi.a" -headers "$built/headers"
done <<SLICES
$slices
SLICES

rm -rf "$package/lib/tokmintFFI.xcframework"
mkdir -p "$package/lib"
xcodebuild -create-xcframework "$@" -output "$package/lib/tokmintFFI.xcframework"
echo "SwiftPM remembers a manifest that it has read: run 'swift package purge-cache' once if it does not see the framework"
