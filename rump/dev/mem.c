/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mem.c: /dev/null, /dev/zero, /dev/full, /dev/random and /dev/urandom.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/conf.h>
#include <sys/malloc.h>
#include <sys/proc.h>
#include <rump-sys/component.h>
#include <rump-sys/devnode.h>

#define	MEM_NULL	2
#define	MEM_FULL	11
#define	MEM_ZERO	12
#define	MEM_RANDOM	16
#define	MEM_URANDOM	17
#define	CHUNK		4096

static int
mem_open(dev_t dev, int flag, int type, struct proc *p)
{

	(void)flag;
	(void)type;
	(void)p;
	switch (minor(dev)) {
	case MEM_NULL:
	case MEM_FULL:
	case MEM_ZERO:
	case MEM_RANDOM:
	case MEM_URANDOM:
		return (0);
	default:
		return (ENXIO);
	}
}

static int
mem_close(dev_t dev, int flag, int type, struct proc *p)
{

	(void)dev;
	(void)flag;
	(void)type;
	(void)p;
	return (0);
}

/* Fills the transfer with zeroes, or with random bytes. */
static int
fill(struct uio *uio, int israndom)
{
	char *buf;
	int error = 0, n;

	buf = malloc(CHUNK, M_TEMP, M_WAITOK | M_ZERO);
	while (error == 0 && uio->uio_resid > 0) {
		n = (int)MIN(uio->uio_resid, CHUNK);
		if (israndom)
			arc4random_buf(buf, n);
		error = uiomove(buf, n, uio);
	}
	free(buf, M_TEMP);
	return (error);
}

static int
mem_read(dev_t dev, struct uio *uio, int ioflag)
{

	(void)ioflag;
	switch (minor(dev)) {
	case MEM_NULL:
		return (0);
	case MEM_ZERO:
	case MEM_FULL:
		return (fill(uio, 0));
	default:
		return (fill(uio, 1));
	}
}

static int
mem_write(dev_t dev, struct uio *uio, int ioflag)
{

	(void)ioflag;
	if (minor(dev) == MEM_FULL)
		return (ENOSPC);
	uio->uio_offset += uio->uio_resid;
	uio->uio_resid = 0;
	return (0);
}

static int
mem_ioctl(dev_t dev, u_long cmd, caddr_t data, int fflag, struct proc *p)
{

	(void)dev;
	(void)cmd;
	(void)data;
	(void)fflag;
	(void)p;
	return (ENOTTY);
}

static const struct cdevsw mem_cdevsw = {
	.d_open = mem_open,
	.d_close = mem_close,
	.d_read = mem_read,
	.d_write = mem_write,
	.d_ioctl = mem_ioctl,
};

static int mem_major = 2;

static const struct devnode mem_nodes[] = {
	{ "/dev/null", MEM_NULL },
	{ "/dev/full", MEM_FULL },
	{ "/dev/zero", MEM_ZERO },
	{ "/dev/random", MEM_RANDOM },
	{ "/dev/urandom", MEM_URANDOM },
};

RUMP_COMPONENT(RUMP_COMPONENT_DEV)
{

	if (devsw_attach(NULL, &mem_cdevsw, &mem_major) != 0)
		panic("mem: its major number is taken");
}

RUMP_COMPONENT(RUMP_COMPONENT_POSTINIT)
{

	devnode_make(mem_nodes, __arraycount(mem_nodes), mem_major);
}
