#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# prefix-archive.sh: ARCHIVE OBJECT...: makes an archive of kernel objects in which every global symbol,
# defined or not, is called rumpns_<name>, as in NetBSD's rump kernels, except those that belong to an
# edge, to the linker or to the compiler's run time.
set -eu
archive=$1
shift
keep='^(rump|RUMP|__start_link_set_|__stop_link_set_|link_set|mem(cpy|move|set|cmp)$|_GLOBAL_OFFSET_TABLE_$|__stack_chk|__(asan|ubsan|sanitizer|odr_asan))'
rm -f "$archive.plain" "$archive.names" "$archive.tmp"
"${AR:-ar}" qcsD "$archive.plain" "$@"
"${NM:-nm}" -g -P "$archive.plain" |
    awk -v keep="$keep" 'NF >= 2 && $1 !~ keep && !seen[$1]++ { print $1, "rumpns_" $1 }' >"$archive.names"
"${OBJCOPY:-objcopy}" --enable-deterministic-archives --redefine-syms="$archive.names" "$archive.plain" "$archive.tmp"
mv -f "$archive.tmp" "$archive"
rm -f "$archive.plain" "$archive.names"
