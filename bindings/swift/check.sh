#!/bin/sh
# Checks what can be checked without a Swift compiler, after library.sh: every file that the package names is there, the
# header is valid C, and the library exports every function that the header declares and nothing else.
set -eu

cd "$(dirname "$0")"
for file in Sources/Tokmint/Tokmint.swift Sources/TokmintGenerated/TokmintGenerated.swift \
	Sources/tokmintFFI/module.modulemap Sources/tokmintFFI/tokmintFFI.h Tests/TokmintTests/TokmintTests.swift \
	lib/libtokmint_uniffi.a; do
	test -s "$file" || { echo "missing: $file" >&2 && exit 1; }
done
header=$(sed -n 's/.*header "\(.*\)".*/\1/p' Sources/tokmintFFI/module.modulemap)
test -s "Sources/tokmintFFI/$header" || { echo "the module map names $header, which is not there" >&2 && exit 1; }
linked=$(sed -n 's/.*link "\(.*\)".*/\1/p' Sources/tokmintFFI/module.modulemap)
test -s "lib/lib$linked.a" || { echo "the module map links $linked, which is not there" >&2 && exit 1; }
for module in tokmintFFI TokmintGenerated Tokmint TokmintTests; do
	grep -q "name: \"$module\"" Package.swift || { echo "Package.swift lacks $module" >&2 && exit 1; }
done

# The header is written for clang; gcc reads it without the two keywords that it does not know.
echo "#include \"$header\"" | ${CC:-cc} -fsyntax-only -D_Nullable= -D_Nonnull= -ISources/tokmintFFI -x c -

declared=$(grep -oE '\b(uniffi|ffi)_tokmint_uniffi_[a-z0-9_]+ *\(' "Sources/tokmintFFI/$header" | tr -d ' (' | sort -u)
exported=$(nm --defined-only --extern-only "lib/lib$linked.a" | awk 'NF == 3 { sub(/^_/, "", $3); print $3 }' | sort -u)
for function in $declared; do
	echo "$exported" | grep -qx "$function" || { echo "not in the library: $function" >&2 && exit 1; }
done
foreign=$(echo "$exported" | grep -vE '^(uniffi|ffi)_tokmint_' || true)
if [ "$(uname -s)" = Linux ] && [ -n "$foreign" ]; then
	echo "the library exports more than its own functions: $foreign" >&2
	exit 1
fi
echo "checked $(echo "$declared" | wc -l) functions of the Swift package"
