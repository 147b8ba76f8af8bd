#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# check-c-format.sh: holds C to KNF in two steps: awk for tabs, line lengths and keywords; clang-format for the spaces
# between words.  Where lines break and how tables are laid out is the author's: both sides are compared as words.
set -u
cd "$(dirname "$0")/.."
words=$(mktemp -d)
trap 'rm -rf "$words"' EXIT
bad=0

sh scripts/c-files.sh | xargs awk '
    function complain(what) { print FILENAME ":" FNR ": " what; bad = 1 }
    /[ \t]+$/ { complain("white space at the end of the line") }
    /^ {8,}[^ *]/ { complain("indented with spaces, not tabs") }
    /(^|[^A-Za-z_])(if|while|for|switch|return)\(/ && !/^[ \t]*(\/?\*|#)/ { complain("no space after the keyword") }
    length($0) > 110 { complain("line is too long") }
    END { exit bad }' || bad=1

# Directives left out: clang-format takes the bodies of macros for casts.
split() {
    awk '/^[ \t]*#/ || more { more = /\\$/; next } { print }' | tr -s '[:space:]' '\n'
}

# In these, clang-format 14 takes names for C++ keywords, products for pointers, or types for expressions.
misread='^(glue/baremetal/(heap|params|virtio)|glue/linux/memory|glue/posix/rwlocks|rump/kern/(kern_init|subr_disk)|rump/vfs/vfs_bio|test/kernel/t_vfs_mount)\.c$'

# What was right with these rules before is not looked at again.
known=build/c-format.known
rules=$(cat scripts/check-c-format.sh .clang-format | sha256sum)
sh scripts/c-files.sh | grep -vE "$misread|^glue/node/" | xargs sha256sum >"$words/all"
if [ -f "$known" ] && [ "$(head -n 1 "$known")" = "$rules" ]; then
    grep -vxFf "$known" "$words/all" >"$words/new"
else
    cp "$words/all" "$words/new"
fi

# check_half REMAINDER: every second file; two halves are as fast as two cores.
check_half() {
    half_bad=0
    for file in $(awk -v half="$1" 'NR % 2 == half { print $2 }' "$words/new"); do
        split <"$file" >"$words/ours$1"
        clang-format "$file" | split >"$words/theirs$1"
        cmp -s "$words/ours$1" "$words/theirs$1" && continue
        echo "$file: spacing differs from clang-format's (<):"
        diff "$words/theirs$1" "$words/ours$1" | grep '^[<>]' | head -6
        half_bad=1
    done
    return "$half_bad"
}
check_half 0 &
check_half 1 || bad=1
wait "$!" || bad=1
if [ "$bad" = 0 ] && mkdir -p build; then
    { echo "$rules"; cat "$words/all"; } >"$known"
fi
exit "$bad"
