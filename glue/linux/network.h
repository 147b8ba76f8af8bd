/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * network.h: the machine's network devices, before the program starts.
 */
#ifndef _LINUX_NETWORK_H_
#define	_LINUX_NETWORK_H_

struct linux_bootconfig;

/* NULL, or what failed (and has been said with the particulars). */
const char *linux_network_start(const struct linux_bootconfig *);

#endif /* _LINUX_NETWORK_H_ */
