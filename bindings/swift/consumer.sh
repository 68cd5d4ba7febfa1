#!/bin/sh
# Tries the package that release.sh laid out, as its users have it: consumer.sh FOLDER
#
# The package becomes a git repository with a tag, outside of this one. The programs of its README, which depend on that by
# version, are built in release mode and run, in the language mode of Swift 5 and in that of Swift 6; then the tests with
# all vectors run, and the programs again, depending on the folder. Where the compiler is older than 6.2 the library is
# installed first, as the README says.
set -eu

folder=$(cd "$1" && pwd)
cd "$(dirname "$0")"
here=$PWD
set -- "$folder"/tokmint-swift-*.zip
if [ $# != 1 ] || [ ! -f "$1" ]; then
	echo "no package, or several, in $folder" >&2
	exit 1
fi
version=$(basename "$1" .zip | sed 's/^tokmint-swift-//')
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# SwiftPM before 6.2 refuses such a dependency, later ones do not.
! grep -n unsafeFlags "$folder"/tokmint-swift/Package*.swift >&2 || exit 1
# A repository holds the package, unpacked from the archive.
python3 -m zipfile -e "$1" "$work"
diff -r "$folder/tokmint-swift" "$work/tokmint-swift-$version" >&2
mv "$work/tokmint-swift-$version" "$work/tokmint-swift"
git() { command git -C "$work/tokmint-swift" -c user.name=tokmint -c user.email=tokmint@example.org "$@"; }
git init --quiet
git add --all
git commit --quiet --message "$version"
git tag "$version"

if ! "$here/with-swift.sh" sh -c 'swift --version 2>/dev/null' | tee "$work/compiler" | grep -q 'Swift version \(6\.[2-9]\|6\.[1-9][0-9]\|[7-9]\|[1-9][0-9]\)'; then
	sh "$work/tokmint-swift/install.sh" "$work/prefix" >/dev/null
	export PKG_CONFIG_PATH="$work/prefix/lib/pkgconfig"
fi

# The tests find the vectors from where they are.
ln -s "$here/../../tests" "$work/tests"
mkdir -p "$work/bindings/consumer/Sources" "$work/bindings/consumer/Tests/Vectors" "$work/programs"
cd "$work/bindings/consumer"
for file in VectorsTests Notation Hmac; do cp "$here/Tests/TokmintTests/$file.swift" Tests/Vectors; done
cp "$here/../../tests/vectors/private_key.pem" private.key
awk -v folder="$work/programs" -f "$here/examples.awk" "$work/tokmint-swift/README.md"
targets=
for program in "$work"/programs/*; do
	name=readme$(basename "$program" .swift)
	mkdir "Sources/$name"
	mv "$program" "Sources/$name/main.swift"
	targets="$targets
        .executableTarget(name: \"$name\", dependencies: [.product(name: \"Tokmint\", package: \"tokmint-swift\")]),"
done
# Runs SwiftPM in the consumer's folder, and shows what it says only if it fails.
swift() {
	command=$1
	shift
	"$here/with-swift.sh" swift "$command" --cache-path "$work/cache" "$@" >"$work/output" 2>"$work/log" || {
		cat "$work/log" "$work/output" >&2
		exit 1
	}
}
# programs MODE DEPENDENCY HOW: builds and runs the programs.
programs() {
	cat >Package.swift <<END
// swift-tools-version:5.9
import PackageDescription

let package = Package(
    name: "consumer",
    platforms: [.macOS(.v13)],
    dependencies: [$2],
    targets: [$targets
        .testTarget(name: "Vectors", dependencies: [.product(name: "Tokmint", package: "tokmint-swift")]),
    ],
    swiftLanguageVersions: [.version("$1")]
)
END
	swift build --configuration release
	# clang warns of an option of SwiftPM itself.
	if grep -v '^clang: ' "$work/log" "$work/output" | grep -E 'warning|error' >&2; then exit 1; fi
	for name in Sources/*; do
		"$here/with-swift.sh" ".build/release/$(basename "$name")"
	done >"$work/output"
	for line in 'moderator: name=Johnny' name=Jane data_too_long 'true valid' '[quotes_around, token_expired]' \
		'welcome, name=Johnny' 'ask for a new token' 'moderator of a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9'; do
		grep -qxF "$line" "$work/output" || {
			echo "the README's programs do not print: $line" >&2
			cat "$work/output" >&2
			exit 1
		}
	done
	echo "Swift package $version, depended on by $3: built and run by $(head -n 1 "$work/compiler"), language mode $1"
}
by_version=".package(url: \"file://$work/tokmint-swift\", from: \"$version\")"
programs 5 "$by_version" version
programs 6 "$by_version" version

swift test
cat "$work/output" "$work/log" | grep -m 1 'Executed [1-9][0-9]* tests, with 0 failures'

programs 6 ".package(path: \"$folder/tokmint-swift\")" path
