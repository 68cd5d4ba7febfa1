#!/bin/sh
# Writes a static library of Rust again as one object that exports nothing but functions whose names match a pattern:
# one_object.sh LIBRARY RESULT PATTERN...
#
# Otherwise the Rust runtime in it clashes with that of any other static library in Rust, and the RSA engine with another of
# its kind. What these functions do not reach is left out, which is half of that engine. LD, NM, OBJCOPY and AR name the
# tools, which know the library's format: ELF.
set -eu
library=$1 result=$2
shift 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
functions=$(${NM:-nm} -g "$library" 2>/dev/null | sed -n 's/.* T //p' | sort -u)
keep=
for pattern; do
    for function in $functions; do
        # shellcheck disable=SC2254
        case $function in $pattern) echo "--undefined=$function" >>"$work/roots" ;; esac
    done
    keep="$keep --keep-global-symbol=$pattern"
done
[ -s "$work/roots" ] || { echo "$library has no function that matches $*" >&2; exit 1; }
# --force-group-allocation resolves COMDAT groups; .llvmbc and .llvmcmd make `ar` fail.
${LD:-ld} -r --gc-sections --force-group-allocation "@$work/roots" "$library" -o "$work/whole.o"
# Unquoted, because they are options, whose patterns match no file.
# shellcheck disable=SC2086
${OBJCOPY:-objcopy} -w $keep --strip-debug --strip-unneeded -R .llvmbc -R .llvmcmd "$work/whole.o" "$work/tokmint.o"
rm -f "$result"
${AR:-ar} rcsD "$result" "$work/tokmint.o"
