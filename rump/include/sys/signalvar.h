/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * signalvar.h: signals are the host's; drivers post at most these.
 */
#ifndef _SYS_SIGNALVAR_H_
#define	_SYS_SIGNALVAR_H_

#define	SIGINT		2
#define	SIGKILL		9
#define	SIGXFSZ		25
struct proc;
void	psignal(struct proc *, int);

#endif /* _SYS_SIGNALVAR_H_ */
