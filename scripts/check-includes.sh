#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# check-includes.sh: the borders of the C side ("Who may know whom" in docs/architecture.md), by #include.
cd "$(dirname "$0")/.." || exit 1
bad=0
# forbid FOLDER PATTERN REASON: no file below FOLDER may include what matches.
forbid() {
    [ -d "$1" ] || return 0
    hits=$(grep -rnE --include='*.[chS]' --include='*.cc' "^[[:space:]]*#[[:space:]]*include[[:space:]]*[\"<]$2" "$1")
    [ -z "$hits" ] || { printf '%s\n  (%s)\n' "$hits" "$3"; bad=1; }
}
forbid rump '(\.\./)*glue/' 'the kernel knows no host'
forbid rump '(stdio|stdlib|string|unistd|pthread|fcntl)\.h' 'the kernel has no header of a host'
forbid rump/drivers '.*(kern|vfs|net)_private\.h' "a driver knows nothing of the base's insides"
forbid rump/kern '.*(vfs|net)_private\.h' 'kern knows nothing of vfs and net'
forbid rump/vfs '.*(kern|net)_private\.h' "vfs knows nothing of kern's and net's insides"
forbid rump/net '.*(kern|vfs)_private\.h' "net knows nothing of kern's and vfs's insides"
forbid glue/posix '.*baremetal/' 'hosts do not know each other'
forbid glue/baremetal '.*posix/' 'hosts do not know each other'
forbid glue/posix '(\.\./)*rump/(kern|vfs|dev|net|drivers)/' 'hosts stand on rumpuser.h only'
forbid glue/baremetal '(\.\./)*rump/(kern|vfs|dev|net|drivers)/' 'hosts stand on rumpuser.h only'
forbid glue/linux '(\.\./)*rump/(kern|vfs|dev|net|drivers)/' 'glue/linux stands on the upper edge only'
forbid glue/node '(\.\./)*rump/(kern|vfs|dev|net|drivers)/' 'glue/node stands on the upper edge only'
exit $bad
