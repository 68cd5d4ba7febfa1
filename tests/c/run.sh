#!/usr/bin/env bash
# Installs the C and C++ library to a temporary folder and tests it from there. `make test-c` sets up what it needs.
#
# TOKMINT_UPDATE=1 records the exported symbols and the layout of the structs anew.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
work=$(mktemp -d)
service=
trap '[ -z "$service" ] || kill "$service" 2>/dev/null || true; rm -rf "$work"' EXIT
prefix=$work/prefix
lib=$prefix/lib
include=-I$prefix/include
static=$lib/libtokmint.a

# grep without -q in pipes: it would end the other side early, which pipefail takes for a failure.
step() { printf '\n== %s\n' "$*"; }
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }
# The bytes of a part of a JWT.
decode() { { printf %s "$1" | tr -- '-_' '+/'; printf '%*s' $((-${#1} & 3)) '' | tr ' ' '='; } | base64 -d; }
# Succeeds if the command fails and its output holds the string.
must_fail_with() {
    local string=$1 output
    shift
    if output=$("$@" 2>&1); then fail "$* succeeds"; fi
    grep -qF -- "$string" <<<"$output" || fail "$* fails, but not with \"$string\": $output"
}

step "install, with DESTDIR"
# Built for one prefix and put elsewhere, as a packager does; then moved once more.
make --silent install PREFIX=/opt/tokmint DESTDIR="$work/destdir"
mv "$work/destdir/opt/tokmint" "$prefix"
[ -z "$(find "$work/destdir" -type f)" ] || fail "something is installed outside of PREFIX"
! grep -rlF -e /opt/tokmint -e "$root" "$lib/pkgconfig" "$lib/cmake" || fail "the package names an absolute path"
for license in LICENSE-MIT LICENSE-APACHE LICENSE-THIRD-PARTY; do
    cmp "$license" "$prefix/share/licenses/tokmint/$license" || fail "the licences are installed"
done

warnings=(-Wall -Wextra -Wpedantic -Werror)
step "headers, alone and without warnings"
echo '#include "tokmint.h"
int main(void) { return tokmint_version() == NULL; }' >"$work/header.c"
echo '#include "tokmint.hpp"
int main() { return tokmint::version().empty(); }' >"$work/header.cpp"
compilers=0
for compiler in gcc clang; do
    for standard in c99 c11 c17; do
        "$compiler" -std=$standard "${warnings[@]}" -Wstrict-prototypes -Wc++-compat "$include" -fsyntax-only "$work/header.c"
        compilers=$((compilers + 1))
    done
done
for compiler in g++ clang++; do
    for standard in c++17 c++20; do
        "$compiler" -std=$standard "${warnings[@]}" -Wshadow -Wconversion "$include" -fsyntax-only "$work/header.cpp"
        "$compiler" -std=$standard "${warnings[@]}" "$include" -fsyntax-only -x c++ "$work/header.c"
        compilers=$((compilers + 1))
    done
done
echo "$compilers combinations of compiler and standard"

# Keys for tests, in the forms that OpenSSL writes.
key=$work/key
mkdir "$key"
cp tests/vectors/private_key.pem "$key/private.pem"
openssl pkcs8 -topk8 -nocrypt -in "$key/private.pem" -outform DER -out "$key/private.der"
openssl pkey -in "$key/private.pem" -pubout -out "$key/public.pem"
openssl pkey -in "$key/private.pem" -pubout -outform DER -out "$key/public.der"

flags=(-g -O1 "${warnings[@]}" "$include")
c_flags=(-std=c99 -D_DEFAULT_SOURCE -D_POSIX_C_SOURCE=200809L "${flags[@]}")

step "symbols, layout and size"
gcc "${c_flags[@]}" tests/c/abi.c "$static" -o "$work/abi"
{
    echo "# What libtokmint.so exports, its name, what it needs, the layout of its structs on 64-bit Linux, and the numbers"
    echo "# of errors. Add to it, change nothing."
    nm -D --defined-only "$lib/libtokmint.so" | awk '{ print $3 }' | sort
    readelf -d "$lib/libtokmint.so" | sed -n -e 's/.*soname: \[\(.*\)\]/soname \1/p' -e 's/.*(NEEDED).*\[\(.*\)\]/needed \1/p'
    "$work/abi"
} >"$work/abi.txt"
# Nothing of the RSA engine, nor of Rust: another copy of either in the same process must not be mixed up with this one.
only_its_own() {
    local others
    others=$(nm "$@" | awk 'NF == 3 && $3 !~ /^tokmint_/ { print $3 }')
    [ -z "$others" ] || { printf '%s\n' "$others" >&2; return 1; }
}
only_its_own -D --defined-only "$lib/libtokmint.so" || fail "the shared library exports more than its own functions"
only_its_own -g --defined-only "$static" || fail "the static library has other global symbols than its own functions"
engine=$(nm -g --defined-only "${CARGO_TARGET_DIR:-target}/release/libtokmint_c.a" 2>/dev/null |
    sed -n 's/.* T \(aws_lc.*_RSA_sign\)$/\1/p')
[ -n "$engine" ] || fail "the engine has the symbols that are looked for"
gcc -shared -fPIC -Wl,--whole-archive "${CARGO_TARGET_DIR:-target}/release/libtokmint_c.a" -Wl,--no-whole-archive \
    -o "$work/leaking.so"
must_fail_with "$engine" only_its_own -D --defined-only "$work/leaking.so"
[ -z "${TOKMINT_UPDATE:-}" ] || cp "$work/abi.txt" tests/c/abi.txt
diff -u tests/c/abi.txt "$work/abi.txt" || fail "the ABI is not the recorded one"
soname=$(sed -n 's/^soname //p' tests/c/abi.txt)
nm -g --defined-only "$static" | awk 'NF == 3 { print $3 }' | sort >"$work/static-symbols"
nm -D --defined-only "$lib/libtokmint.so" | awk '{ print $3 }' | sort | diff -u - "$work/static-symbols" ||
    fail "static and shared library have the same global symbols"
! nm -a "$static" "$lib/libtokmint.so" 2>/dev/null | grep tokmint_test_ >/dev/null || fail "the release holds a hook for tests"
size=$(stat -Lc %s "$lib/libtokmint.so")
echo "libtokmint.so has $size bytes"
[ "$size" -lt 4000000 ] || fail "the shared library is not under 4 MB"

step "vectors, boundary, threads and sessions under ASAN and UBSAN"
sanitize=(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
build() { # <folder> <flags...>
    local folder=$1
    shift
    mkdir -p "$folder"
    gcc "${c_flags[@]}" "$@" tests/c/vectors.c tests/c/sign.c "$static" -ljansson -lcrypto -o "$folder/vectors" &
    gcc "${c_flags[@]}" "$@" tests/c/boundary.c "$static" -o "$folder/boundary"
    gcc "${c_flags[@]}" "$@" tests/c/threads.c "$static" -pthread -o "$folder/threads"
    gcc "${c_flags[@]}" "$@" tests/c/sessions.c "$static" -pthread -o "$folder/sessions"
    gcc "${c_flags[@]}" "$@" tests/c/seeded.c "$static" -o "$folder/seeded"
    g++ -std=c++17 "${flags[@]}" "$@" tests/cpp/vectors.cpp "$static" -o "$folder/vectors-cpp"
    wait $!
}
build "$work/sanitized" "${sanitize[@]}"
for program in vectors boundary threads sessions vectors-cpp; do
    nm "$work/sanitized/$program" | grep __asan_init >/dev/null || fail "$program has no ASAN"
    nm "$work/sanitized/$program" | grep __ubsan_handle >/dev/null || fail "$program has no UBSAN"
done
# The names of faults in the reports need no symbolizer, which is slow.
export ASAN_OPTIONS=symbolize=0:detect_leaks=1
must_fail_with "LeakSanitizer" "$work/sanitized/seeded" leak
must_fail_with "attempting double-free" "$work/sanitized/seeded" double-free
must_fail_with "heap-buffer-overflow" "$work/sanitized/seeded" overread
must_fail_with "signed integer overflow" "$work/sanitized/seeded" undefined
"$work/sanitized/seeded"
"$work/sanitized/vectors" tests/vectors
python3 .ci/release/prepare_vectors.py "$work/vectors"
"$work/sanitized/vectors-cpp" "$work/vectors"
"$work/sanitized/boundary" "$key"
"$work/sanitized/threads" "$key/private.pem"
"$work/sanitized/sessions" "$key/private.pem"

step "valgrind: nothing lost, nothing invalid"
build "$work/plain"
valgrind=(valgrind --quiet --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite,indirect)
must_fail_with "definitely lost" "${valgrind[@]}" "$work/plain/seeded" leak
must_fail_with "Invalid read" "${valgrind[@]}" "$work/plain/seeded" overread
"${valgrind[@]}" "$work/plain/seeded"
"${valgrind[@]}" "$work/plain/vectors" tests/vectors | tail -n 1
"${valgrind[@]}" "$work/plain/vectors-cpp" "$work/vectors" | tail -n 1
"${valgrind[@]}" "$work/plain/boundary" "$key"
TOKMINT_TOKENS=2000 "${valgrind[@]}" "$work/plain/sessions" "$key/private.pem"

step "sessions: resident memory, and the nonces of as many tokens as TOKMINT_TOKENS says"
"$work/plain/sessions" "$key/private.pem" flat

step "a callback that throws, which it must not, ends the process"
g++ -std=c++17 "${flags[@]}" tests/cpp/throwing.cpp "$static" -o "$work/throwing"
must_fail_with "Rust cannot catch foreign exceptions, aborting" "$work/throwing"

step "forks while another thread makes its first call"
gcc -std=c11 -D_POSIX_C_SOURCE=200809L "${flags[@]}" tests/c/fork.c "$static" -pthread -o "$work/fork"
"$work/fork"

step "from a language without macros"
python3 tests/c/ffi.py "$lib/libtokmint.so" "$key/private.der"

step "no allocation with the caller's buffer"
wrap=-Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=aligned_alloc,--wrap=posix_memalign
gcc "${c_flags[@]}" $wrap tests/c/allocations.c "$static" -o "$work/allocations"
"$work/allocations"

step "panics, in a build for tests"
# In a folder that is kept: the RSA engine takes a minute to build.
panics=${CARGO_TARGET_DIR:-target}/panics
cargo build --quiet --locked --package tokmint-c --features panic-for-tests --target-dir "$panics"
gcc "${c_flags[@]}" tests/c/panics.c "$panics/debug/libtokmint_c.a" -o "$work/panic-test"
"$work/panic-test" 2>"$work/panic-log" || { cat "$work/panic-log" >&2; fail "panics"; }
[ "$(grep -c 'a test asked for this panic' "$work/panic-log")" = 24 ] || fail "24 panics happen"
! grep -qE '1234567890abcdef|1_MX4' "$work/panic-log" || fail "a panic prints its input"

step "beside another static library in Rust, in both orders"
mkdir -p "$work/other"
cat >"$work/other/lib.rs" <<'RUST'
#[unsafe(no_mangle)]
pub extern "C" fn other_sum(limit: u32) -> u32 {
    std::panic::catch_unwind(|| (0..=limit).map(|number| format!("{number}").len() as u32).sum()).unwrap_or(0)
}
RUST
rustc --edition 2024 -O -C lto=fat --crate-type staticlib "$work/other/lib.rs" -o "$work/other/libother.a"
cat >"$work/other/main.c" <<'C'
#include <stdio.h>
#include "tokmint.h"
unsigned other_sum(unsigned limit);
int main(void) { return other_sum(10) != 12 || tokmint_opentok_new("", 0, "", 0, NULL, NULL) != TOKMINT_STATUS_NULL_POINTER; }
C
gcc "${c_flags[@]}" -o "$work/other/first" "$work/other/main.c" "$static" "$work/other/libother.a"
gcc "${c_flags[@]}" -o "$work/other/second" "$work/other/main.c" "$work/other/libother.a" "$static"
"$work/other/first" && "$work/other/second" || fail "both libraries work in one program"
# It is the localising that does it.
must_fail_with "multiple definition" gcc "${c_flags[@]}" -o "$work/other/third" "$work/other/main.c" \
    "$work/other/libother.a" "${CARGO_TARGET_DIR:-target}/release/libtokmint_c.a"

step "the README's examples, built outside of the repository"
outside=$work/outside
mkdir -p "$outside"
code() { # <language> <the how-manieth>
    awk -v open='```'"$1" -v wanted="$2" '$0 == open { count++; inside = 1; next } /^```/ { inside = 0 }
        inside && count == wanted' bindings/c/README.md
}
for language in c cpp; do
    code $language 1 >"$outside/example.$language"
    code $language 2 >"$outside/application.$language"
    code $language 3 >"$outside/session.$language"
    code $language 4 >"$outside/inspect.$language"
    [ -s "$outside/inspect.$language" ] || fail "the README has its examples"
done
cp tests/c/consumer/CMakeLists.txt "$outside"
runs=0
run_example() {
    local output
    output=$("$@") || fail "$*"
    grep -q '^eyJ[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*$' <<<"$output" || fail "$* prints a token: $output"
    grep -qx 'moderator: name=Johnny' <<<"$output" || fail "$* verifies it: $output"
    runs=$((runs + 1))
}
(
    cd "$outside"
    export PKG_CONFIG_PATH=$lib/pkgconfig
    cc() { gcc -std=c99 "${warnings[@]}" "$@"; }
    cxx() { g++ -std=c++17 "${warnings[@]}" "$@"; }
    cc example.c $(pkg-config --cflags --libs tokmint) -o pkg-shared
    cc example.c $(pkg-config --cflags tokmint) -Wl,-Bstatic $(pkg-config --libs tokmint) -Wl,-Bdynamic -o pkg-static
    cxx example.cpp $(pkg-config --cflags --libs tokmint) -o pkg-shared-cpp
    cc -static example.c $(pkg-config --static --cflags --libs tokmint) -o all-static
    cc "$include" example.c "$static" -o plain
    cxx "$include" example.cpp "$static" -o plain-cpp
    cc "$include" session.c "$static" -o session
    cxx "$include" session.cpp "$static" -o session-cpp
    cc "$include" inspect.c "$static" -o inspect
    cxx "$include" inspect.cpp "$static" -o inspect-cpp
    cc application.c $(pkg-config --cflags --libs tokmint) -o application
    cxx application.cpp $(pkg-config --cflags --libs tokmint) -o application-cpp
    cc -static application.c $(pkg-config --static --cflags --libs tokmint) -o application-static
    cmake -S . -B build -DCMAKE_PREFIX_PATH="$prefix" >cmake.log 2>&1 || { cat cmake.log >&2; exit 1; }
    cmake --build build >cmake.log 2>&1 || { cat cmake.log >&2; exit 1; }
)
for program in pkg-shared pkg-shared-cpp; do
    readelf -d "$outside/$program" | grep -F "[$soname]" >/dev/null || fail "$program uses the shared library"
    LD_LIBRARY_PATH=$lib run_example "$outside/$program"
done
for program in build/c_shared build/cpp_shared build/c_tokmint build/cpp_tokmint; do
    readelf -d "$outside/$program" | grep -F "[$soname]" >/dev/null || fail "$program uses the shared library"
    run_example "$outside/$program"
done
for program in pkg-static plain plain-cpp all-static build/c_static build/cpp_static; do
    ! readelf -d "$outside/$program" | grep -F libtokmint >/dev/null || fail "$program uses the static library"
    run_example "$outside/$program"
done

step "versions and components in CMake"
for version in "0.1.0 0.1" "1.4.2 1"; do
    read -r version series <<<"$version"
    cp -r "$prefix" "$work/$version"
    sed -e "s/@VERSION@/$version/" -e "s/@SERIES@/$series/" bindings/c/tokmint-config-version.cmake.in \
        >"$work/$version/lib/cmake/tokmint/tokmint-config-version.cmake"
    cmake -S tests/c/find_package -B "$work/find-$version" -DCMAKE_PREFIX_PATH="$work/$version" -DVERSION="$version" \
        >"$work/cmake.log" 2>&1 || { cat "$work/cmake.log" >&2; fail "find_package of version $version"; }
done

step "LIBDIR: several folders, absolute, and outside of PREFIX"
for folders in "/usr lib/x86_64-linux-gnu" "/usr /usr/lib64" "/opt/tokmint /usr/lib64"; do
    read -r to libdir <<<"$folders"
    rm -rf "$work/libdir"
    make --silent install PREFIX="$to" LIBDIR="$libdir" DESTDIR="$work/libdir"
    case $libdir in /*) installed=$work/libdir$libdir ;; *) installed=$work/libdir$to/$libdir ;; esac
    gcc -std=c99 "${warnings[@]}" "$outside/example.c" -o "$work/libdir/pkg" \
        $(PKG_CONFIG_PATH=$installed/pkgconfig pkg-config --cflags --libs tokmint)
    LD_LIBRARY_PATH=$installed run_example "$work/libdir/pkg"
    cmake -S "$outside" -B "$work/libdir/build" -Dtokmint_DIR="$installed/cmake/tokmint" >"$work/cmake.log" 2>&1 &&
        cmake --build "$work/libdir/build" --target c_static --target c_tokmint >>"$work/cmake.log" 2>&1 ||
        { cat "$work/cmake.log" >&2; fail "CMake with LIBDIR=$libdir"; }
    run_example "$work/libdir/build/c_static"
    run_example "$work/libdir/build/c_tokmint"
done

step "the README's examples of applications"
cp "$key/private.pem" "$outside/private.key"
for program in application application-cpp application-static; do
    output=$(cd "$outside" && LD_LIBRARY_PATH=$lib "./$program") || fail "$program"
    [ "$(wc -l <<<"$output")" = 2 ] || fail "$program prints a token and its application: $output"
    token=$(head -n 1 <<<"$output")
    # Checked by OpenSSL, of which the library has nothing.
    decode "${token##*.}" >"$work/signature"
    printf %s "${token%.*}" | openssl dgst -sha256 -verify "$key/public.pem" -signature "$work/signature" >/dev/null ||
        fail "OpenSSL verifies the token of $program"
    grep -qx 'moderator of a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9' <<<"$output" || fail "$program verifies it: $output"
    runs=$((runs + 1))
done

step "the README's examples of sessions"
for program in session session-cpp; do
    output=$("$outside/$program" 2>"$outside/errors") || fail "$program"
    [ "$(wc -l <<<"$output")" = 2 ] || fail "$program prints two tokens: $output"
    for name in name=Johnny name=Jane; do
        token=$(sed -n "s/^$name: //p" <<<"$output")
        decode "$(cut -d . -f 2 <<<"$token")" | grep -F "\"connection_data\":\"$name\"" >/dev/null ||
            fail "$program prints the token of $name: $output"
    done
    grep -qx 'data_too_long: .*' "$outside/errors" || fail "$program says what is wrong with the third"
    runs=$((runs + 1))
done

step "the README's examples of inspection"
for program in inspect inspect-cpp; do
    output=$("$outside/$program") || fail "$program"
    [ "$(grep -c -e '^quotes_around: there are' -e '^truncated: the end' -e '^format: t1$' -e '^signature: unchecked$' \
        -e '^refused truncated: the end' <<<"$output")" = 5 ] || fail "$program says what is wrong: $output"
    runs=$((runs + 1))
done
echo "$runs programs run"

step "the example service"
g++ -std=c++17 "${warnings[@]}" "$include" bindings/c/examples/service.cpp "$static" -lcpp-httplib -pthread -o "$work/service"
must_fail_with "set API_KEY" env -u API_KEY "$work/service"
project_session=1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4
# start <command...>: in the background, until the first line of its output, which is its URL.
start() {
    : >"$work/service.log"
    "$@" >>"$work/service.log" &
    service=$!
    for _ in $(seq 100); do
        url=$(head -n 1 "$work/service.log")
        [ -z "$url" ] || return 0
        sleep 0.1
    done
    fail "$1 does not start"
}
stop() {
    kill "$service"
    wait "$service" 2>/dev/null || true
    service=
}
start env API_KEY=123456 API_SECRET=1234567890abcdef1234567890abcdef1234567890 SESSION_ID="$project_session" "$work/service"
token=$(curl --silent --show-error --fail --get --data-urlencode 'name=Zoë & co' "$url")
# Checked by others: OpenSSL for the signature, Python for what is signed.
signature=$(printf %s "${token%.*}" | openssl dgst -sha256 -hmac 1234567890abcdef1234567890abcdef1234567890 -binary |
    base64 | tr -- '+/' '-_' | tr -d '=\n')
[ "${token##*.}" = "$signature" ] || fail "OpenSSL finds another signature"
python3 - "$token" <<'PYTHON'
import base64, json, sys
body = sys.argv[1].split(".")[1]
claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
assert claims["connection_data"] == "Zoë & co" and claims["role"] == "subscriber", claims
assert claims["exp"] - claims["iat"] == 600, claims
PYTHON
refused=$(curl --silent --output "$work/refused" --write-out '%{http_code}' "$url?name=$(printf 'x%.0s' $(seq 1001))")
[ "$refused" = 400 ] && grep -q '^data_too_long: ' "$work/refused" || fail "the service refuses long data: $refused"
stop
echo "asked and stopped"

step "the example that creates sessions"
g++ -std=c++17 "${warnings[@]}" "$include" bindings/c/examples/create_session.cpp "$static" \
    $(pkg-config --cflags --libs cpp-httplib) -lssl -lcrypto -pthread -o "$work/create_session"
must_fail_with "set API_KEY" env -u APPLICATION_ID -u API_KEY "$work/create_session"
created() { # <session ID> <command...>: it prints this session and a token for it, whenever it is called
    local expected=$1 output
    shift
    for _ in 1 2; do
        output=$("$@") || fail "$*"
        [ "$(head -n 1 <<<"$output")" = "$expected" ] || fail "$* prints the session: $output"
        decode "$(tail -n 1 <<<"$output" | cut -d . -f 2)" | grep -F "\"session_id\":\"$expected\"" >/dev/null ||
            fail "$* prints a token for it: $output"
    done
}
project=(env -u APPLICATION_ID API_KEY=123456 API_SECRET=1234567890abcdef1234567890abcdef1234567890)
start python3 tests/rest_server.py 123456 1234567890abcdef1234567890abcdef1234567890 "$project_session"
created "$project_session" "${project[@]}" API_URL="$url" "$work/create_session"
must_fail_with "403: {\"code\": -1, \"message\": \"Invalid token: signature\"}" "${project[@]}" \
    API_SECRET=0234567890abcdef1234567890abcdef1234567890 API_URL="$url" "$work/create_session"
stop
application_id=a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9
application_session=2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-fjE2NzI3MzY4NzgxNjJ-bi9OeFVLbkNaVjBUUnpVSmxjbURqQ3J4flB-fg
application=(env APPLICATION_ID="$application_id" PRIVATE_KEY_FILE="$key/private.pem")
start python3 tests/rest_server.py "$application_id" "$key/public.pem" "$application_session"
created "$application_session" "${application[@]}" API_URL="$url" "$work/create_session"
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$work/other.pem" 2>/dev/null
must_fail_with "Invalid token: signature" "${application[@]}" PRIVATE_KEY_FILE="$work/other.pem" API_URL="$url" \
    "$work/create_session"
must_fail_with "Invalid token: the header of other credentials" "${project[@]}" API_URL="$url" "$work/create_session"
stop
must_fail_with "the call failed" "${application[@]}" API_URL="$url" "$work/create_session"
echo "sessions of a project and of an application"

printf '\nC and C++: all passed\n'
