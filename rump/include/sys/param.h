/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * param.h: sizes and priorities of the kernel that drivers are compiled against.
 */
#ifndef _SYS_PARAM_H_
#define	_SYS_PARAM_H_

#include <sys/types.h>
#include <sys/syslimits.h>
#include <sys/errno.h>
#include <sys/time.h>
#include <sys/lock.h>
#include <sys/ucred.h>
#include <sys/uio.h>
#include <sys/queue.h>

#define	PAGE_SHIFT	12
#define	PAGE_SIZE	(1 << PAGE_SHIFT)
#define	PAGE_MASK	(PAGE_SIZE - 1)
#define	NBPG		PAGE_SIZE
#define	round_page(x)	(((x) + PAGE_MASK) & ~(vaddr_t)PAGE_MASK)
#define	trunc_page(x)	((x) & ~(vaddr_t)PAGE_MASK)

#define	MAXPATHLEN	PATH_MAX
#define	MAXSYMLINKS	32
#define	MAXNAMLEN	NAME_MAX
#define	MAXHOSTNAMELEN	256
#define	NGROUPS		NGROUPS_MAX
#define	NOFILE		OPEN_MAX
#define	NODEV		((dev_t)-1)

#define	DEV_BSHIFT	9
#define	DEV_BSIZE	(1 << DEV_BSHIFT)
#define	BLKDEV_IOSIZE	2048
#define	MAXBSIZE	(64 * 1024)	/* largest block of a file system */
#define	MAXPHYS		(64 * 1024)	/* largest transfer of a device */
#define	MAXFRAG		8
#define	btodb(x)	((x) >> DEV_BSHIFT)
#define	dbtob(x)	((int64_t)(x) << DEV_BSHIFT)
#define	ctod(x)		((x) << (PAGE_SHIFT - DEV_BSHIFT))
#define	dtoc(x)		((x) >> (PAGE_SHIFT - DEV_BSHIFT))

#define	howmany(x, y)	(((x) + ((y) - 1)) / (y))
#define	rounddown(x, y)	(((x) / (y)) * (y))
#define	roundup(x, y)	((((x) + ((y) - 1)) / (y)) * (y))
#define	powerof2(x)	((((x) - 1) & (x)) == 0)
#define	MIN(a, b)	((a) < (b) ? (a) : (b))
#define	MAX(a, b)	((a) > (b) ? (a) : (b))
#define	NBBY		8
#define	setbit(a, i)	((a)[(i) / NBBY] |= 1 << ((i) % NBBY))
#define	clrbit(a, i)	((a)[(i) / NBBY] &= ~(1 << ((i) % NBBY)))
#define	isset(a, i)	((a)[(i) / NBBY] & (1 << ((i) % NBBY)))
#define	isclr(a, i)	(((a)[(i) / NBBY] & (1 << ((i) % NBBY))) == 0)

#define	FSHIFT		11
#define	FSCALE		(1 << FSHIFT)

/* Sleep priorities; only PCATCH has a meaning here. */
#define	PSWP		0
#define	PVM		4
#define	PINOD		8
#define	PRIBIO		16
#define	PVFS		20
#define	PZERO		22
#define	PWAIT		32
#define	PSOCK		24
#define	PLOCK		36
#define	PPAUSE		40
#define	PUSER		50
#define	PRIMASK		0x0ff
#define	PCATCH		0x100
#define	PNORELOCK	0x200

#ifndef NULLVP
#define	NULLVP		((struct vnode *)NULL)
#endif

#endif /* _SYS_PARAM_H_ */
