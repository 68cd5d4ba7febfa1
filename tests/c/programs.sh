# Sourced by scripts that build the programs of tests/c and tests/cpp and run them where faults of memory and of threads are
# seen. It takes from its caller: $work, a folder; $include, the option for the headers; $static, the library and what else
# is linked; $key, the folder in which write_keys has put keys.
# shellcheck shell=bash

# grep without -q in pipes: it would end the other side early, which pipefail takes for a failure.
step() { printf '\n== %s\n' "$*"; }
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }
# Succeeds if the command fails and its output holds the string.
must_fail_with() {
    local string=$1 output
    shift
    if output=$("$@" 2>&1); then fail "$* succeeds"; fi
    grep -qF -- "$string" <<<"$output" || fail "$* fails, but not with \"$string\": $output"
}

warnings=(-Wall -Wextra -Wpedantic -Werror)
flags=(-g -O1 "${warnings[@]}" "$include")
c_flags=(-std=c99 -D_DEFAULT_SOURCE -D_POSIX_C_SOURCE=200809L "${flags[@]}")

# Keys for tests, in the forms that OpenSSL writes.
write_keys() {
    mkdir "$key"
    cp tests/vectors/private_key.pem "$key/private.pem"
    openssl pkcs8 -topk8 -nocrypt -in "$key/private.pem" -outform DER -out "$key/private.der"
    openssl pkey -in "$key/private.pem" -pubout -out "$key/public.pem"
    openssl pkey -in "$key/private.pem" -pubout -outform DER -out "$key/public.der"
}

build() { # <folder> <flags...>
    local folder=$1 cc=${CC:-gcc} cxx=${CXX:-g++}
    shift
    mkdir -p "$folder"
    # $static is words.
    # shellcheck disable=SC2086
    {
        "$cc" "${c_flags[@]}" "$@" tests/c/vectors.c tests/c/sign.c $static -ljansson -lcrypto -o "$folder/vectors" &
        "$cc" "${c_flags[@]}" "$@" tests/c/boundary.c $static -o "$folder/boundary"
        "$cc" "${c_flags[@]}" "$@" tests/c/threads.c $static -pthread -o "$folder/threads"
        "$cc" "${c_flags[@]}" "$@" tests/c/sessions.c $static -pthread -o "$folder/sessions"
        "$cc" "${c_flags[@]}" "$@" tests/c/seeded.c $static -pthread -o "$folder/seeded"
        "$cxx" -std=c++17 "${flags[@]}" "$@" tests/cpp/vectors.cpp $static -o "$folder/vectors-cpp"
        wait $!
    }
}

# What the programs are built with for run_sanitized.
sanitize=(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)

# Runs the programs in a folder that have ASAN and UBSAN.
run_sanitized() {
    local folder=$1 program
    for program in vectors boundary threads sessions vectors-cpp; do
        nm "$folder/$program" | grep __asan_init >/dev/null || fail "$program has no ASAN"
        nm "$folder/$program" | grep __ubsan_handle >/dev/null || fail "$program has no UBSAN"
    done
    # The names of faults in the reports need no symbolizer, which is slow.
    export ASAN_OPTIONS=symbolize=0:detect_leaks=1
    must_fail_with "LeakSanitizer" "$folder/seeded" leak
    must_fail_with "attempting double-free" "$folder/seeded" double-free
    must_fail_with "heap-buffer-overflow" "$folder/seeded" overread
    must_fail_with "signed integer overflow" "$folder/seeded" undefined
    "$folder/seeded"
    "$folder/vectors" tests/vectors
    python3 .ci/release/prepare_vectors.py "$work/vectors"
    "$folder/vectors-cpp" "$work/vectors"
    "$folder/boundary" "$key"
    "$folder/threads" "$key/private.pem"
    "$folder/sessions" "$key/private.pem"
}

# Runs the programs in a folder under valgrind; with --short only the one that is done in seconds.
run_valgrind() {
    local folder=$1 length=${2:-}
    local valgrind=(valgrind --quiet --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite,indirect)
    must_fail_with "definitely lost" "${valgrind[@]}" "$folder/seeded" leak
    must_fail_with "Invalid read" "${valgrind[@]}" "$folder/seeded" overread
    "${valgrind[@]}" "$folder/seeded"
    "${valgrind[@]}" "$folder/boundary" "$key"
    [ "$length" != --short ] || return 0
    "${valgrind[@]}" "$folder/vectors" tests/vectors | tail -n 1
    python3 .ci/release/prepare_vectors.py "$work/vectors"
    "${valgrind[@]}" "$folder/vectors-cpp" "$work/vectors" | tail -n 1
    TOKMINT_TOKENS=2000 "${valgrind[@]}" "$folder/sessions" "$key/private.pem"
}
