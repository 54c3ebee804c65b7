# check_library LIBRARY FLOOR: a shared library exports the functions of the header and nothing else,
# and needs no symbol of a glibc later than FLOOR. To be sourced by a script in the project's root.

check_library() {
    nm -D --defined-only "$1" | awk '{ print $3 }' | sort | cmp - abi/symbols.txt || return 1
    check_glibc "$1" "$2"
}

check_glibc() {
    latest=$(objdump -T "$1" | grep -o 'GLIBC_[0-9.]*' | sed 's/GLIBC_//' | sort -uV | tail -n 1)
    if [ -z "$latest" ] || [ "$(printf '%s\n%s\n' "$latest" "$2" | sort -V | tail -n 1)" != "$2" ]; then
        echo "$(basename "$1") needs glibc ${latest:-unknown}, above $2"
        return 1
    fi
    echo "$(basename "$1"): needs glibc $latest or later"
}
