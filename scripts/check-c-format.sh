#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# check-c-format.sh: the part of KNF that a tool can tell without doubt.  clang-format cannot lay out tables,
# declarations and macros as KNF does, so the files are not compared with its output.
set -u
cd "$(dirname "$0")/.."
sh scripts/c-files.sh | xargs awk '
    function complain(what) { print FILENAME ":" FNR ": " what; bad = 1 }
    /[ \t]+$/ { complain("white space at the end of the line") }
    /^ {8,}[^ *]/ { complain("indented with spaces, not tabs") }
    /(^|[^A-Za-z_])(if|while|for|switch|return)\(/ && !/^[ \t]*(\/?\*|#)/ { complain("no space after the keyword") }
    length($0) > 110 { complain("line is too long") }
    END { exit bad }'
