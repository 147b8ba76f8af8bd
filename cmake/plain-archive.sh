#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# plain-archive.sh: ARCHIVE OBJECT...: makes an archive anew, in one step.
set -eu
archive=$1
shift
rm -f "$archive.tmp"
"${AR:-ar}" qcsD "$archive.tmp" "$@"
mv -f "$archive.tmp" "$archive"
