#!/bin/sh
# Checks what can be checked without a Swift compiler, after library.sh: every file that the package names is there, the
# header is valid C, the library links, exports what the header declares and nothing else, and is the one that the
# generated Swift was made for; the examples of READMEs and articles are the code of tests; the privacy manifest reads; and
# the parts of the xcframework fit.
set -eu

cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() {
	echo "$1" >&2
	exit 1
}

generated=Sources/TokmintGenerated/TokmintGenerated.swift
for file in Sources/Tokmint/OpenTok.swift $generated Sources/tokmintFFI/module.modulemap Sources/tokmintFFI/tokmintFFI.h \
	lib/libtokmint_uniffi.a; do
	test -s "$file" || fail "missing: $file"
done
header=$(sed -n 's/.*header "\(.*\)".*/\1/p' Sources/tokmintFFI/module.modulemap)
test -s "Sources/tokmintFFI/$header" || fail "the module map names $header, which is not there"
linked=$(sed -n 's/.*link "\(.*\)".*/\1/p' Sources/tokmintFFI/module.modulemap)
test -s "lib/lib$linked.a" || fail "the module map links $linked, which is not there"
for module in tokmintFFI TokmintGenerated Tokmint TokmintTests; do
	grep -q "name: \"$module\"" Package.swift || fail "Package.swift lacks $module"
	find "Sources/$module" "Tests/$module" -type f 2>/dev/null | grep -q . || fail "no file of $module"
done

declared=$(grep -oE '\b(uniffi|ffi)_tokmint_uniffi_[a-z0-9_]+ *\(' "Sources/tokmintFFI/$header" | tr -d ' (' | sort -u)
exported=$(nm --defined-only --extern-only "lib/lib$linked.a" | awk 'NF == 3 { sub(/^_/, "", $3); print $3 }' | sort -u)
for function in $declared; do
	echo "$exported" | grep -qx "$function" || fail "not in the library: $function"
done
foreign=$(echo "$exported" | grep -vE '^(uniffi|ffi)_tokmint_' || true)
if [ "$(uname -s)" = Linux ] && [ -n "$foreign" ]; then
	fail "the library exports more than its own functions: $foreign"
fi

# The generated Swift ends the process if the library returns other checksums than these.
sed -nE 's/^ *if \((uniffi_[a-z0-9_]+)\(\) != ([0-9]+)\).*/\1 \2/p' $generated >"$work/checksums"
sed -nE 's/^ *let bindings_contract_version = ([0-9]+)$/ffi_tokmint_uniffi_uniffi_contract_version \1/p' $generated \
	>>"$work/checksums"
test "$(wc -l <"$work/checksums")" -ge 2 || fail "no checksums in the generated Swift"
{
	echo "#include \"$header\""
	echo '#include <stdio.h>'
	echo 'static int differs;'
	echo '#define CHECK(function, checksum) if (function() != checksum) differs = 1, puts(#function)'
	echo 'int main(void) {'
	sed 's/\(.*\) \(.*\)/CHECK(\1, \2);/' "$work/checksums"
	echo 'return differs; }'
} >"$work/checksums.c"
# The header is written for clang, which comes with Swift; gcc reads it without the two keywords that it does not know.
${CC:-$(command -v cc || command -v clang)} -D_Nullable= -D_Nonnull= -ISources/tokmintFFI "$work/checksums.c" -Llib -l"$linked" \
	$(sed -n 's/.*linkedLibrary("\(.*\)", .*/-l\1/p' Package.swift) -o "$work/checksums"
"$work/checksums" || fail "the generated Swift was made for another library: run library.sh"

# The examples are the code of tests, but for its indentation and their imports.
# examples NAME TEST: the lines of a test between comments with a name and those of an end.
examples() {
	sed -n "\|^ *// $1\$|,\|^ *// end\$|{\|^ *// $1\$|d;\|^ *// end\$|d;p}" "Tests/TokmintTests/$2" | sed 's/^        //'
}
without_imports() { sed '/^import /,/^$/d' "$@"; }
mkdir "$work/programs"
awk -v folder="$work/programs" -f examples.awk README.md
test -s "$work/programs/1.swift" || fail "README.md has no example"
for program in "$work"/programs/*; do
	number=$(basename "$program" .swift)
	examples "program $number" ReadmeTests.swift >"$work/examples"
	without_imports "$program" | diff "$work/examples" - \
		|| fail "program $number of README.md is not the one that a test runs"
done
# document FILE: the examples that it shows.
document() { sed -n '/^```swift$/,/^```$/p' "$1" | sed '/^```/d' | without_imports; }
for article in Minting Verifying Explaining; do
	examples "$article.md" ArticlesTests.swift >"$work/examples"
	document "Sources/Tokmint/Tokmint.docc/$article.md" | diff "$work/examples" - \
		|| fail "the examples of the article $article are not those that a test runs"
	test -s "$work/examples" || fail "the article $article has no example"
done

python3 -c 'import plistlib, sys; plistlib.load(sys.stdin.buffer)' <Sources/Tokmint/PrivacyInfo.xcprivacy \
	|| fail "the privacy manifest is no property list"

# The xcframework, laid out with files in place of the libraries.
targets=$(python3 layout.py --apple-targets)
# Where the library was brought ready-made there may be no Rust.
if command -v rustc >/dev/null; then
	for target in $targets; do
		rustc --print target-list | grep -qx "$target" || fail "rustc does not know the target $target"
	done
fi
for system in MACOSX:macOS IPHONEOS:iOS; do
	version=$(sed -n "s/.*${system%:*}_DEPLOYMENT_TARGET=\([0-9]*\)\.0.*/\1/p" xcframework.sh)
	for manifest in Package.swift release/*.swift; do
		grep -q "\.${system#*:}(\.v$version)" "$manifest" || fail "$manifest names another oldest ${system#*:}"
	done
done
for target in $targets; do
	mkdir -p "$work/parts/$target/swift"
	echo "$target" >"$work/parts/$target/swift/libtokmint_uniffi.a"
done
python3 layout.py --xcframework "$work/framework" --parts "$work/parts"
python3 - "$work/framework" <<'END' || fail "the xcframework does not hold what it names"
import pathlib, plistlib, sys

folder = pathlib.Path(sys.argv[1])
slices = plistlib.loads((folder / "Info.plist").read_bytes())["AvailableLibraries"]
assert {slice["LibraryIdentifier"] for slice in slices} == {path.name for path in folder.iterdir() if path.is_dir()}
found = []
for slice in slices:
    part = folder / slice["LibraryIdentifier"]
    headers = part / slice["HeadersPath"] / "tokmintFFI"
    module = (headers / "module.modulemap").read_text()
    # The framework says itself what is linked.
    assert "link" not in module and (headers / module.split('"')[1]).exists(), module
    library = (part / slice["LibraryPath"]).read_bytes()
    processors = slice["SupportedArchitectures"]
    if len(processors) == 1:
        found.append(library)
        continue
    assert library[:4] == bytes.fromhex("cafebabe") and int.from_bytes(library[4:8], "big") == len(processors)
    for index in range(len(processors)):
        entry = [int.from_bytes(library[8 + 20 * index + 4 * n :][:4], "big") for n in range(5)]
        assert {"arm64": 0x0100000C, "x86_64": 0x01000007}[processors[index]] == entry[0]
        found.append(library[entry[2] : entry[2] + entry[3]])
parts = folder.parent / "parts"
assert sorted(found) == sorted(path.read_bytes() for path in parts.glob("*/swift/*.a")), found
END

echo "checked $(echo "$declared" | wc -l) functions and the examples of the Swift package"
