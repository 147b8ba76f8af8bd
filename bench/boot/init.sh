#!/bin/busybox sh
# SPDX-License-Identifier: BSD-2-Clause
# init.sh: the program of the Linux guest: says that it runs, and ends the machine.
echo "Hello from Linux"
/bin/busybox poweroff -f
