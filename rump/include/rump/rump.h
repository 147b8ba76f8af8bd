/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rump.h: the upper edge, part one: starting a kernel and what is not a system
 * call (rump(3), rump_lwproc(3), rump_etfs(3)).  System calls are in
 * rump_syscalls.h.
 *
 * Includes nothing; the includer has size_t and the <stdint.h> types.  Calls
 * that can fail return 0 or a NetBSD errno (rumperr.h).
 */
#ifndef _RUMP_RUMP_H_
#define	_RUMP_RUMP_H_

struct lwp;

/*
 * Boots the kernel of this address space, once.  A second call returns 0 and
 * does nothing.  The calling thread gets an lwp of process 1.
 */
int	rump_init(void);

/* The kernel interface's version (of NetBSD, as __NetBSD_Version__). */
int	rump_pub_getversion(void);

/*
 * Enter and leave the kernel.  A thread without an lwp gets a temporary one of
 * process 1 for the time that it is inside.  Every other call does this by
 * itself.
 */
void	rump_schedule(void);
void	rump_unschedule(void);

/*
 * lwps and processes (rump_lwproc(3)).  rfork: a new process with one lwp, to
 * which the thread switches; releaselwp: ends the thread's lwp, and with the
 * last one the process.
 */
#define	RUMP_RFFDG	0x01	/* copy the descriptors */
#define	RUMP_RFCFDG	0x02	/* start with no descriptors */
int	rump_pub_lwproc_rfork(int flags);
int	rump_pub_lwproc_newlwp(int32_t pid);
void	rump_pub_lwproc_switch(struct lwp *);
void	rump_pub_lwproc_releaselwp(void);
struct lwp *rump_pub_lwproc_curlwp(void);

/*
 * etfs (rump_etfs(3)): shows the host's file or device hostpath at key, an
 * absolute path in the kernel, whether or not its folders exist.
 */
enum rump_etfs_type {
	RUMP_ETFS_REG,		/* regular file */
	RUMP_ETFS_BLK,		/* block device */
	RUMP_ETFS_CHR,		/* character (raw) device */
	RUMP_ETFS_DIR,
	RUMP_ETFS_DIR_SUBDIRS
};
#define	RUMP_ETFS_SIZE_ENDOFF	((uint64_t)-1)
int	rump_pub_etfs_register(const char *key, const char *hostpath,
	    enum rump_etfs_type);
int	rump_pub_etfs_register_withsize(const char *key, const char *hostpath,
	    enum rump_etfs_type, uint64_t begin, uint64_t size);
int	rump_pub_etfs_remove(const char *key);

/*
 * Ours: ends waiting before a kernel is shut down: whoever waits in a pipe, on a
 * socket, in poll or kevent, or would from now on, fails with EINTR.
 */
void	rump_pub_pipes_end(void);

/*
 * Ours: has fn(arg) called when a queue of events (kqueue(2)) that had none gets
 * one, on whatever thread that happens and inside the kernel: fn must not enter
 * it, nor wait.  NULL: no more.
 */
int	rump_pub_kqueue_notify(int kq, void (*fn)(void *), void *arg);

/*
 * Use during boot, before rump_init(): see reboot(2)'s howto.
 */
int	rump_boot_gethowto(void);
void	rump_boot_sethowto(int);

#endif /* _RUMP_RUMP_H_ */
