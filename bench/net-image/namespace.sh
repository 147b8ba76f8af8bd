#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# namespace.sh: in a network namespace of its own: a tap device that is the other end of the guest's, then the client,
# which starts the guest.  Usage: unshare -rn sh namespace.sh COMMAND...
set -eu
ip link set lo up
ip tuntap add tap0 mode tap
ip address add 10.0.2.2/24 dev tap0
ip link set tap0 up
exec "$@"
