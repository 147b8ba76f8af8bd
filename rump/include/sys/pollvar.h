/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pollvar.h: for files that poll(2) may wait for.
 */
#ifndef _SYS_POLLVAR_H_
#define	_SYS_POLLVAR_H_

extern int poll_waiters;

/* Something happened that a poll may wait for. */
void	poll_wakeup(void);

#endif /* _SYS_POLLVAR_H_ */
