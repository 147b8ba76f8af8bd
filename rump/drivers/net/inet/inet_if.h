/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inet_if.h: the stack's part of interfaces.
 */
#ifndef _INET_IF_H_
#define	_INET_IF_H_

struct ifstack;
extern const struct ifstack inet_ifstack;

#endif /* _INET_IF_H_ */
