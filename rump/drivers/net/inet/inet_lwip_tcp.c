/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inet_lwip_tcp.c: lwIP's tcp.c, as it is, with lists that are entered and left in
 * constant time.
 */
#include "inet.h"
#include "inet_pcb.h"
#include <tcp.c>
