/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fsevents.h: the upper edge, part three: changes of files as events with names,
 * for watchers (ours; NetBSD's kqueue(2) tells no names).
 *
 *	rump_pub_fsevents_open(0, &fd);
 *	rump_pub_fsevents_add(fd, "/folder", RUMP_FSEVENT_CREATE, &watch);
 *	n = rump_sys_read(fd, buf, sizeof(buf));	records, see below
 *	rump_sys_close(fd);
 *
 * A queue of events is a descriptor.  Watches are added to it, each of one file
 * or folder; what happens to it, and to the names in it if it is a folder, is
 * queued once the change has succeeded, whatever file system it is on.  Folders
 * below a watched one are not watched.
 *
 * Reading blocks until there is a record, and then returns as many whole ones
 * as fit.  It fails with EINVAL if the first does not fit (a buffer of
 * RUMP_FSEVENT_MAX bytes always does), with EAGAIN if there is none and the
 * descriptor has O_NONBLOCK, and with EBADF when the descriptor is closed while
 * it blocks: closing it on another thread is how a reader is ended.  FIONREAD
 * (ioctl) gives the bytes that could be read.
 *
 * A record that equals the newest one in the queue is not queued again.  Beyond
 * RUMP_FSEVENTS_QUEUED records, or when memory runs out, one record with watch
 * -1 and RUMP_FSEVENT_OVERFLOW stands for all that got lost.
 *
 * A watch keeps its file in use, but not from being removed or unmounted: the
 * last record of a watch has RUMP_FSEVENT_IGNORED, and its number is not given
 * out again by this queue.  Changes through mapped memory are not told.
 *
 * Calls return 0 or a NetBSD errno, and leave results untouched on failure.
 * Masks and records have the values and the layout of Linux' inotify(7).
 *
 * Includes nothing; the includer has the <stdint.h> types.
 */
#ifndef _RUMP_FSEVENTS_H_
#define	_RUMP_FSEVENTS_H_

/* What is watched for; a record has one of these. */
#define	RUMP_FSEVENT_ACCESS	0x00000001	/* read from */
#define	RUMP_FSEVENT_MODIFY	0x00000002	/* written to, truncated */
#define	RUMP_FSEVENT_ATTRIB	0x00000004	/* mode, owner, times, links */
#define	RUMP_FSEVENT_CLOSE_WRITE 0x00000008	/* closed, was open to write */
#define	RUMP_FSEVENT_CLOSE_NOWRITE 0x00000010
#define	RUMP_FSEVENT_OPEN	0x00000020
#define	RUMP_FSEVENT_MOVED_FROM	0x00000040	/* name left the folder */
#define	RUMP_FSEVENT_MOVED_TO	0x00000080	/* name came to the folder */
#define	RUMP_FSEVENT_CREATE	0x00000100	/* name in the folder */
#define	RUMP_FSEVENT_DELETE	0x00000200	/* name in the folder */
#define	RUMP_FSEVENT_DELETE_SELF 0x00000400	/* what is watched is gone */
#define	RUMP_FSEVENT_MOVE_SELF	0x00000800	/* what is watched was moved */
#define	RUMP_FSEVENT_ALL	0x00000fff

/* In records only. */
#define	RUMP_FSEVENT_UNMOUNT	0x00002000
#define	RUMP_FSEVENT_OVERFLOW	0x00004000
#define	RUMP_FSEVENT_IGNORED	0x00008000	/* the watch is no more */
#define	RUMP_FSEVENT_ISDIR	0x40000000	/* it happened to a folder */

/* With the mask that a watch is added with. */
#define	RUMP_FSEVENT_ONLYDIR	0x01000000	/* ENOTDIR if it is none */
#define	RUMP_FSEVENT_NOFOLLOW	0x02000000	/* the link itself */
#define	RUMP_FSEVENT_MASK_ADD	0x20000000	/* add to an old mask */
#define	RUMP_FSEVENT_ONESHOT	0x80000000	/* ends with its first event */

struct rump_fsevent {
	int32_t fe_watch;
	uint32_t fe_mask;
	uint32_t fe_cookie;	/* same for the two halves of a move; or 0 */
	uint32_t fe_namelen;	/* bytes of fe_name: a multiple of 16 */
	char fe_name[];		/* NUL-padded; empty: the file itself */
};
#define	RUMP_FSEVENT_MAX	(16 + 256)	/* bytes of the longest record */
#define	RUMP_FSEVENTS_QUEUED	16384
#define	RUMP_FSEVENTS_WATCHES	65536		/* of one queue */

/*
 * open: flags are those of open(2), of which RUMP_O_NONBLOCK and RUMP_O_CLOEXEC
 * mean something.  EMFILE, EINVAL.
 */
int	rump_pub_fsevents_open(int flags, int *fd);

/*
 * add: watches what path names, or changes the mask of the watch that this queue
 * has of that file.  Who adds needs to be allowed to read it.  Watch numbers are
 * positive.  EBADF, EINVAL (no queue, or nothing to watch for), ENOSPC (too
 * many), EACCES, ENOTDIR and whatever looking a path up can fail with.
 */
int	rump_pub_fsevents_add(int fd, const char *path, uint32_t mask,
	    int *watch);

/* remove: EBADF, EINVAL (no such watch).  A last record tells it. */
int	rump_pub_fsevents_remove(int fd, int watch);

#endif /* _RUMP_FSEVENTS_H_ */
