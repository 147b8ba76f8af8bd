/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * malloc.h: kernel memory (malloc(9)) with a type for accounting.
 */
#ifndef _SYS_MALLOC_H_
#define	_SYS_MALLOC_H_

#define	M_WAITOK	0x0001	/* never fails */
#define	M_NOWAIT	0x0002	/* NULL when there is none */
#define	M_CANFAIL	0x0004	/* with WAITOK: NULL when there is none */
#define	M_ZERO		0x0008

enum malloc_type {
	M_FREE, M_TEMP, M_DEVBUF, M_MOUNT, M_VNODE, M_CACHE, M_NAMEI, M_CRED,
	M_FILE, M_PROC, M_LWP, M_BUF, M_POOL, M_SYSCALL, M_ETFS, M_ROOTFS,
	M_ISOFSMNT, M_ISOFSNODE, M_UFSMNT, M_FFSNODE, M_DQUOT, M_PAGEDEP,
	M_INODEDEP, M_NEWBLK, M_INDIRDEP, M_FREEBLKS, M_DIRHASH, M_EXPORT,
	M_LOCKF, M_EVENT, M_IOV, M_EXT2FS, M_MBUF, M_SOCKET, M_PCB,
	M_LAST
};

void	*malloc(size_t, int type, int flags);
void	*realloc(void *, size_t, int type, int flags);
void	free(void *, int type);
void	*hashinit(int elements, int type, int flags, u_long *mask);
void	hashfree(void *, int type);

#define	MALLOC(p, cast, size, type, flags)				\
	((p) = (cast)malloc((size_t)(size), (type), (flags)))
#define	FREE(p, type)	free((void *)(p), (type))

#endif /* _SYS_MALLOC_H_ */
