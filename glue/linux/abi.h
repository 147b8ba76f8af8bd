/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * abi.h: constants and structure layouts of Linux/x86-64 that a program sees,
 * under names of our own.  Includes nothing; needs the <stdint.h> types.
 */
#ifndef _LINUX_ABI_H_
#define	_LINUX_ABI_H_

#define	LINUX_PATH_MAX		4096
#define	LINUX_RW_MAX		0x7ffff000UL	/* most bytes of one read */
#define	LINUX_IOV_MAX		1024

/* open */
#define	LINUX_O_ACCMODE		00000003
#define	LINUX_O_RDWR		00000002
#define	LINUX_O_CREAT		00000100
#define	LINUX_O_EXCL		00000200
#define	LINUX_O_NOCTTY		00000400
#define	LINUX_O_TRUNC		00001000
#define	LINUX_O_APPEND		00002000
#define	LINUX_O_NONBLOCK	00004000
#define	LINUX_O_DSYNC		00010000
#define	LINUX_O_ASYNC		00020000
#define	LINUX_O_DIRECT		00040000
#define	LINUX_O_LARGEFILE	00100000
#define	LINUX_O_DIRECTORY	00200000
#define	LINUX_O_NOFOLLOW	00400000
#define	LINUX_O_CLOEXEC		02000000
#define	LINUX_O_SYNC		04000000	/* with O_DSYNC */
#define	LINUX_O_PATH		010000000
#define	LINUX_O_TMPFILE		020000000	/* with O_DIRECTORY */

/* *at */
#define	LINUX_AT_FDCWD			(-100)
#define	LINUX_AT_SYMLINK_NOFOLLOW	0x0100
#define	LINUX_AT_EACCESS		0x0200	/* faccessat2 */
#define	LINUX_AT_REMOVEDIR		0x0200	/* unlinkat */
#define	LINUX_AT_SYMLINK_FOLLOW		0x0400	/* linkat */
#define	LINUX_AT_NO_AUTOMOUNT		0x0800
#define	LINUX_AT_EMPTY_PATH		0x1000
#define	LINUX_AT_STATX_SYNC_TYPE	0x6000

/* fcntl */
#define	LINUX_F_DUPFD		0
#define	LINUX_F_GETFD		1
#define	LINUX_F_SETFD		2
#define	LINUX_F_GETFL		3
#define	LINUX_F_SETFL		4
#define	LINUX_F_GETLK		5
#define	LINUX_F_SETLK		6
#define	LINUX_F_SETLKW		7
#define	LINUX_F_DUPFD_CLOEXEC	1030
#define	LINUX_F_SETPIPE_SZ	1031
#define	LINUX_F_GETPIPE_SZ	1032
#define	LINUX_FD_CLOEXEC	1
#define	LINUX_F_RDLCK		0
#define	LINUX_F_WRLCK		1
#define	LINUX_F_UNLCK		2

/* mmap, mremap, madvise */
#define	LINUX_PROT_READ		0x1
#define	LINUX_PROT_WRITE	0x2
#define	LINUX_PROT_EXEC		0x4
#define	LINUX_MAP_SHARED	0x01
#define	LINUX_MAP_PRIVATE	0x02
#define	LINUX_MAP_TYPE		0x0f
#define	LINUX_MAP_TYPE_LAST	3	/* shared, and flags validated */
#define	LINUX_MAP_FIXED		0x10
#define	LINUX_MAP_ANONYMOUS	0x20
#define	LINUX_MAP_POPULATE	0x8000
#define	LINUX_MAP_FIXED_NOREPLACE	0x100000
#define	LINUX_MS_ASYNC		1
#define	LINUX_MS_INVALIDATE	2
#define	LINUX_MS_SYNC		4
#define	LINUX_MREMAP_MAYMOVE	1
#define	LINUX_MREMAP_FIXED	2
#define	LINUX_MADV_DONTNEED	4

/* Clocks */
#define	LINUX_CLOCK_REALTIME		0
#define	LINUX_CLOCK_MONOTONIC		1
#define	LINUX_CLOCK_PROCESS_CPUTIME	2
#define	LINUX_CLOCK_THREAD_CPUTIME	3
#define	LINUX_CLOCK_MONOTONIC_RAW	4
#define	LINUX_CLOCK_REALTIME_COARSE	5
#define	LINUX_CLOCK_MONOTONIC_COARSE	6
#define	LINUX_CLOCK_BOOTTIME		7
#define	LINUX_CLOCK_REALTIME_ALARM	8
#define	LINUX_CLOCK_BOOTTIME_ALARM	9
#define	LINUX_TIMER_ABSTIME		1

struct linux_timespec {
	int64_t tv_sec;
	int64_t tv_nsec;
};

struct linux_timeval {
	int64_t tv_sec;
	int64_t tv_usec;
};

struct linux_iovec {
	uint64_t iov_base;
	uint64_t iov_len;
};

struct linux_stat {
	uint64_t st_dev;
	uint64_t st_ino;
	uint64_t st_nlink;
	uint32_t st_mode;
	uint32_t st_uid;
	uint32_t st_gid;
	uint32_t st_pad;
	uint64_t st_rdev;
	int64_t st_size;
	int64_t st_blksize;
	int64_t st_blocks;		/* units of 512 bytes */
	struct linux_timespec st_atim;
	struct linux_timespec st_mtim;
	struct linux_timespec st_ctim;
	int64_t st_spare[3];
};
_Static_assert(sizeof(struct linux_stat) == 144, "struct stat");

struct linux_statx_time {
	int64_t tv_sec;
	uint32_t tv_nsec;
	int32_t tv_pad;
};

#define	LINUX_STATX_BASIC	0x07ffU
#define	LINUX_STATX_BTIME	0x0800U
struct linux_statx {
	uint32_t stx_mask;
	uint32_t stx_blksize;
	uint64_t stx_attributes;
	uint32_t stx_nlink;
	uint32_t stx_uid;
	uint32_t stx_gid;
	uint16_t stx_mode;
	uint16_t stx_pad;
	uint64_t stx_ino;
	uint64_t stx_size;
	uint64_t stx_blocks;
	uint64_t stx_attributes_mask;
	struct linux_statx_time stx_atime, stx_btime, stx_ctime, stx_mtime;
	uint32_t stx_rdev_major, stx_rdev_minor;
	uint32_t stx_dev_major, stx_dev_minor;
	uint64_t stx_spare[14];
};
_Static_assert(sizeof(struct linux_statx) == 256, "struct statx");

struct linux_statfs {
	int64_t f_type;
	int64_t f_bsize;
	uint64_t f_blocks;
	uint64_t f_bfree;
	uint64_t f_bavail;
	uint64_t f_files;
	uint64_t f_ffree;
	int32_t f_fsid[2];
	int64_t f_namelen;
	int64_t f_frsize;
	int64_t f_flags;
	int64_t f_spare[4];
};
_Static_assert(sizeof(struct linux_statfs) == 120, "struct statfs");

/* getdents64: the name follows, ends with a NUL; d_reclen is a multiple of 8. */
struct linux_dirent64 {
	uint64_t d_ino;
	int64_t d_off;
	uint16_t d_reclen;
	uint8_t d_type;
} __attribute__((__packed__));

struct linux_utsname {
	char sysname[65];
	char nodename[65];
	char release[65];
	char version[65];
	char machine[65];
	char domainname[65];
};

struct linux_sysinfo {
	int64_t uptime;
	uint64_t loads[3];
	uint64_t totalram, freeram, sharedram, bufferram;
	uint64_t totalswap, freeswap;
	uint16_t procs, pad;
	uint64_t totalhigh, freehigh;
	uint32_t mem_unit;
};
_Static_assert(sizeof(struct linux_sysinfo) == 112, "struct sysinfo");

struct linux_rusage {
	struct linux_timeval ru_utime, ru_stime;
	int64_t ru_other[14];
};

struct linux_rlimit {
	uint64_t rlim_cur;
	uint64_t rlim_max;
};

struct linux_flock {
	int16_t l_type;
	int16_t l_whence;
	int64_t l_start;
	int64_t l_len;
	int32_t l_pid;
};

/* Signals */
#define	LINUX_NSIG	64
#define	LINUX_SIG_DFL	0
#define	LINUX_SIG_IGN	1
#define	LINUX_SIGHUP	1
#define	LINUX_SIGABRT	6
#define	LINUX_SIGKILL	9
#define	LINUX_SIGPIPE	13
#define	LINUX_SIGCHLD	17
#define	LINUX_SIGCONT	18
#define	LINUX_SIGSTOP	19
#define	LINUX_SIGTSTP	20
#define	LINUX_SIGTTIN	21
#define	LINUX_SIGTTOU	22
#define	LINUX_SIGURG	23
#define	LINUX_SIGWINCH	28
struct linux_sigaction {
	uint64_t sa_handler;
	uint64_t sa_flags;
	uint64_t sa_restorer;
	uint64_t sa_mask;
};
struct linux_sigaltstack {
	uint64_t ss_sp;
	int32_t ss_flags;
	int32_t ss_pad;
	uint64_t ss_size;
};
#define	LINUX_SS_DISABLE	2

/* clone */
#define	LINUX_CLONE_VM			0x00000100
#define	LINUX_CLONE_THREAD		0x00010000
#define	LINUX_CLONE_SETTLS		0x00080000
#define	LINUX_CLONE_PARENT_SETTID	0x00100000
#define	LINUX_CLONE_CHILD_CLEARTID	0x00200000
#define	LINUX_CLONE_CHILD_SETTID	0x01000000
struct linux_clone_args {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal;
	uint64_t stack, stack_size, tls;
};

/* futex */
#define	LINUX_FUTEX_WAIT		0
#define	LINUX_FUTEX_WAKE		1
#define	LINUX_FUTEX_REQUEUE		3
#define	LINUX_FUTEX_CMP_REQUEUE		4
#define	LINUX_FUTEX_WAIT_BITSET		9
#define	LINUX_FUTEX_WAKE_BITSET		10
#define	LINUX_FUTEX_PRIVATE		0x080
#define	LINUX_FUTEX_REALTIME		0x100

/* poll */
#define	LINUX_POLLIN		0x0001
#define	LINUX_POLLPRI		0x0002
#define	LINUX_POLLOUT		0x0004
#define	LINUX_POLLERR		0x0008
#define	LINUX_POLLHUP		0x0010
#define	LINUX_POLLNVAL		0x0020
#define	LINUX_POLLRDNORM	0x0040
#define	LINUX_POLLRDBAND	0x0080
#define	LINUX_POLLWRNORM	0x0100
#define	LINUX_POLLWRBAND	0x0200
#define	LINUX_POLLRDHUP		0x2000
struct linux_pollfd {
	int32_t fd;
	int16_t events;
	int16_t revents;
};

/* epoll: events are poll's, and these */
#define	LINUX_EPOLLEXCLUSIVE	0x10000000U
#define	LINUX_EPOLLWAKEUP	0x20000000U
#define	LINUX_EPOLLONESHOT	0x40000000U
#define	LINUX_EPOLLET		0x80000000U
struct linux_epoll_event {
	uint32_t events;
	uint64_t data;
} __attribute__((__packed__));

/* Terminals */
#define	LINUX_TCGETS		0x5401
#define	LINUX_TCSETS		0x5402
#define	LINUX_TCSETSW		0x5403
#define	LINUX_TCSETSF		0x5404
#define	LINUX_TIOCGPGRP		0x540f
#define	LINUX_TIOCSPGRP		0x5410
#define	LINUX_TIOCGWINSZ	0x5413
#define	LINUX_TIOCSWINSZ	0x5414
#define	LINUX_FIONREAD		0x541b
#define	LINUX_FIONBIO		0x5421
#define	LINUX_FIONCLEX		0x5450
#define	LINUX_FIOCLEX		0x5451
struct linux_termios {
	uint32_t c_iflag, c_oflag, c_cflag, c_lflag;
	uint8_t c_line;
	uint8_t c_cc[19];
};
struct linux_winsize {
	uint16_t ws_row, ws_col, ws_xpixel, ws_ypixel;
};

#endif /* _LINUX_ABI_H_ */
