#!/bin/sh
# Runs a command with Swift: with-swift.sh COMMAND...
#
# Swift is the one on the PATH; else that of Debian's suite trixie, or of the suite that SWIFT_SUITE names, which is
# unpacked into the target folder (0.5 GB to download and 1.6 GB on the disk, once) and laid over /usr for this command
# alone. That needs Debian 12 or later, and to be root or to have user namespaces. SWIFT_SUITE also overrules the PATH.
# with-swift.sh --available succeeds if there is one or the other, and downloads nothing.
set -eu

if [ -z "${SWIFT_SUITE:-}" ] && command -v swift >/dev/null; then
	[ "$1" != --available ] || exit 0
	exec "$@"
fi
repository=$(cd "$(dirname "$0")/../.." && pwd)
if [ "$(. /etc/os-release 2>/dev/null && echo "${ID:-}")" != debian ] \
	|| ! sh "$repository/tests/in_debian.sh" --available 2>/dev/null; then
	echo "no swift on the PATH, and no Debian in which another one can be unpacked and mounted" >&2
	exit 1
fi
[ "$1" != --available ] || exit 0

suite=${SWIFT_SUITE:-trixie}
target=${CARGO_TARGET_DIR:-$repository/target}
mkdir -p "$target/swift/home"
target=$(cd "$target/swift" && pwd)
# What a compiler, its linker and SwiftPM with its dependencies take; no debugger and no editor.
sh "$repository/tests/debian.sh" "$target/$suite" "$suite" \
	"swiftlang libc6-dev libstdc++-14-dev git pkg-config dash coreutils" \
	'perl*' 'libperl*' 'git-man' 'python3*' 'libpython3*' 'gcc-*' 'cpp-*' 'lib?san*' './*/swift_static/*' \
	'./*/lldb*' './*/liblldb*' './*/libsourcekitd*' './*/clangd*' './*/sourcekit-lsp*'
# Suite sid lacks a library that every test is linked to. Tests without swift-testing need nothing of it.
missing=$target/$suite/usr/libexec/swift/lib/swift/linux/lib_Testing_Foundation
[ -e "$missing.so" ] || printf '!<arch>\n' >"$missing.a"

exec env -i HOME="$target/home" LANG=C.UTF-8 PATH=/usr/libexec/swift/bin:/usr/bin:/usr/sbin \
	${TMPDIR:+TMPDIR="$TMPDIR"} ${PKG_CONFIG_PATH:+PKG_CONFIG_PATH="$PKG_CONFIG_PATH"} ${CI:+CI="$CI"} \
	sh "$repository/tests/in_debian.sh" "$target/$suite" "$@"
