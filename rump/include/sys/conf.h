/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * conf.h: the device switches.
 *
 * A driver has a major number and hands in its entry with devsw_attach().
 */
#ifndef _SYS_CONF_H_
#define	_SYS_CONF_H_

#include <sys/types.h>

struct buf;
struct proc;
struct uio;

struct bdevsw {
	int (*d_open)(dev_t, int oflags, int devtype, struct proc *);
	int (*d_close)(dev_t, int fflag, int devtype, struct proc *);
	void (*d_strategy)(struct buf *);
	int (*d_ioctl)(dev_t, u_long, caddr_t, int fflag, struct proc *);
	off_t (*d_size)(dev_t);		/* bytes, -1 if unknown */
	int d_type;
};
struct cdevsw {
	int (*d_open)(dev_t, int oflags, int devtype, struct proc *);
	int (*d_close)(dev_t, int fflag, int devtype, struct proc *);
	int (*d_read)(dev_t, struct uio *, int);
	int (*d_write)(dev_t, struct uio *, int);
	int (*d_ioctl)(dev_t, u_long, caddr_t, int fflag, struct proc *);
};
#define	D_DISK	1
#define	D_TTY	2
#define	D_TAPE	3

#define	DEVSW_MAX	32
extern const struct bdevsw *bdevsw[DEVSW_MAX];
extern const struct cdevsw *cdevsw[DEVSW_MAX];

/* Takes a free major (major < 0) or this one; EEXIST, ENFILE. */
int	devsw_attach(const struct bdevsw *, const struct cdevsw *, int *major);

#endif /* _SYS_CONF_H_ */
