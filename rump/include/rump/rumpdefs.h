/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rumpdefs.h: constants and structure layouts of NetBSD/amd64 at the upper
 * edge, under names that do not clash with the host's.  Sources: open(2),
 * stat(2), getdents(2), statvfs(2), mount(2), reboot(2), of NetBSD 7 to 9.
 *
 * Includes nothing; the includer has the <stdint.h> types.
 */
#ifndef _RUMP_RUMPDEFS_H_
#define	_RUMP_RUMPDEFS_H_

/* open(2) */
#define	RUMP_O_RDONLY		0x00000000
#define	RUMP_O_WRONLY		0x00000001
#define	RUMP_O_RDWR		0x00000002
#define	RUMP_O_ACCMODE		0x00000003
#define	RUMP_O_NONBLOCK		0x00000004
#define	RUMP_O_APPEND		0x00000008
#define	RUMP_O_SHLOCK		0x00000010
#define	RUMP_O_EXLOCK		0x00000020
#define	RUMP_O_ASYNC		0x00000040
#define	RUMP_O_SYNC		0x00000080
#define	RUMP_O_NOFOLLOW		0x00000100
#define	RUMP_O_CREAT		0x00000200
#define	RUMP_O_TRUNC		0x00000400
#define	RUMP_O_EXCL		0x00000800
#define	RUMP_O_NOCTTY		0x00008000
#define	RUMP_O_DSYNC		0x00010000
#define	RUMP_O_RSYNC		0x00020000
#define	RUMP_O_DIRECT		0x00080000
#define	RUMP_O_DIRECTORY	0x00200000
#define	RUMP_O_CLOEXEC		0x00400000
#define	RUMP_O_NOSIGPIPE	0x01000000

/* openat(2) and its like */
#define	RUMP_AT_FDCWD			(-100)
#define	RUMP_AT_EACCESS			0x100
#define	RUMP_AT_SYMLINK_NOFOLLOW	0x200
#define	RUMP_AT_SYMLINK_FOLLOW		0x400
#define	RUMP_AT_REMOVEDIR		0x800

/* access(2), lseek(2) */
#define	RUMP_F_OK	0
#define	RUMP_X_OK	1
#define	RUMP_W_OK	2
#define	RUMP_R_OK	4
#define	RUMP_SEEK_SET	0
#define	RUMP_SEEK_CUR	1
#define	RUMP_SEEK_END	2

/* fcntl(2) */
#define	RUMP_F_DUPFD		0
#define	RUMP_F_GETFD		1
#define	RUMP_F_SETFD		2
#define	RUMP_F_GETFL		3
#define	RUMP_F_SETFL		4
#define	RUMP_F_GETLK		7
#define	RUMP_F_SETLK		8
#define	RUMP_F_SETLKW		9
#define	RUMP_F_DUPFD_CLOEXEC	12
#define	RUMP_FD_CLOEXEC		1
#define	RUMP_F_RDLCK		1
#define	RUMP_F_UNLCK		2
#define	RUMP_F_WRLCK		3

/* ioctl(2), of files of any kind: an int */
#define	RUMP_FIONREAD		0x4004667fUL	/* bytes to be read */
#define	RUMP_FIONBIO		0x8004667eUL	/* O_NONBLOCK, or not */

/* flock(2) */
#define	RUMP_LOCK_SH		1
#define	RUMP_LOCK_EX		2
#define	RUMP_LOCK_NB		4
#define	RUMP_LOCK_UN		8

/* fsync_range(2) */
#define	RUMP_FDATASYNC		0x0010
#define	RUMP_FFILESYNC		0x0020
#define	RUMP_FDISKSYNC		0x0040

/* utimensat(2): tv_nsec */
#define	RUMP_UTIME_NOW		((1 << 30) - 1)
#define	RUMP_UTIME_OMIT		((1 << 30) - 2)

/* chflags(2) */
#define	RUMP_UF_NODUMP		0x00000001
#define	RUMP_UF_IMMUTABLE	0x00000002
#define	RUMP_UF_APPEND		0x00000004
#define	RUMP_UF_OPAQUE		0x00000008
#define	RUMP_SF_ARCHIVED	0x00010000
#define	RUMP_SF_IMMUTABLE	0x00020000
#define	RUMP_SF_APPEND		0x00040000

/* eventfd(2) */
#define	RUMP_EFD_SEMAPHORE	RUMP_O_RDWR
#define	RUMP_EFD_CLOEXEC	RUMP_O_CLOEXEC
#define	RUMP_EFD_NONBLOCK	RUMP_O_NONBLOCK

/* timerfd(2) */
#define	RUMP_TFD_CLOEXEC	RUMP_O_CLOEXEC
#define	RUMP_TFD_NONBLOCK	RUMP_O_NONBLOCK
#define	RUMP_TFD_TIMER_ABSTIME		RUMP_O_WRONLY
#define	RUMP_TFD_TIMER_CANCEL_ON_SET	RUMP_O_RDWR

/* kqueue(2) */
#define	RUMP_EVFILT_READ	0
#define	RUMP_EVFILT_WRITE	1
#define	RUMP_EVFILT_VNODE	3
#define	RUMP_EVFILT_POLL	0x100	/* ours: fflags and data as of poll(2) */
#define	RUMP_EV_ADD		0x0001
#define	RUMP_EV_DELETE		0x0002
#define	RUMP_EV_ENABLE		0x0004
#define	RUMP_EV_DISABLE		0x0008
#define	RUMP_EV_ONESHOT		0x0010
#define	RUMP_EV_CLEAR		0x0020
#define	RUMP_EV_RECEIPT		0x0040
#define	RUMP_EV_DISPATCH	0x0080
#define	RUMP_EV_ERROR		0x4000
#define	RUMP_EV_EOF		0x8000
#define	RUMP_NOTE_DELETE	0x0001
#define	RUMP_NOTE_WRITE		0x0002
#define	RUMP_NOTE_EXTEND	0x0004
#define	RUMP_NOTE_ATTRIB	0x0008
#define	RUMP_NOTE_LINK		0x0010
#define	RUMP_NOTE_RENAME	0x0020
#define	RUMP_NOTE_REVOKE	0x0040

/* getrlimit(2) */
#define	RUMP_RLIMIT_FSIZE	1	/* bytes that a file may grow to */
#define	RUMP_RLIMIT_NOFILE	8	/* descriptors */
#define	RUMP_RLIM_INFINITY	INT64_MAX

/* mount(2), unmount(2) */
#define	RUMP_MNT_RDONLY		0x00000001
#define	RUMP_MNT_SYNCHRONOUS	0x00000002
#define	RUMP_MNT_NOEXEC		0x00000004
#define	RUMP_MNT_NOSUID		0x00000008
#define	RUMP_MNT_NODEV		0x00000010
#define	RUMP_MNT_ASYNC		0x00000040
#define	RUMP_MNT_NOATIME	0x04000000
#define	RUMP_MNT_SOFTDEP	0x80000000
#define	RUMP_MNT_UPDATE		0x00010000
#define	RUMP_MNT_FORCE		0x00080000

/* statvfs(2), getvfsstat(2) */
#define	RUMP_ST_WAIT		1
#define	RUMP_ST_NOWAIT		2

/* reboot(2) */
#define	RUMP_RB_AUTOBOOT	0
#define	RUMP_RB_NOSYNC		0x00000004
#define	RUMP_RB_HALT		0x00000008
#define	RUMP_RB_POWERDOWN	0x00000808

/* clock_gettime(2) */
#define	RUMP_CLOCK_REALTIME	0
#define	RUMP_CLOCK_MONOTONIC	3

/* stat(2): st_mode */
#define	RUMP_S_IFMT	0170000
#define	RUMP_S_IFIFO	0010000
#define	RUMP_S_IFCHR	0020000
#define	RUMP_S_IFDIR	0040000
#define	RUMP_S_IFBLK	0060000
#define	RUMP_S_IFREG	0100000
#define	RUMP_S_IFLNK	0120000
#define	RUMP_S_IFSOCK	0140000

/* dirent(3): d_type */
#define	RUMP_DT_UNKNOWN	0
#define	RUMP_DT_FIFO	1
#define	RUMP_DT_CHR	2
#define	RUMP_DT_DIR	4
#define	RUMP_DT_BLK	6
#define	RUMP_DT_REG	8
#define	RUMP_DT_LNK	10
#define	RUMP_DT_SOCK	12

struct rump_timespec {
	int64_t tv_sec;
	int64_t tv_nsec;
};

/* timerfd_settime(2) */
struct rump_itimerspec {
	struct rump_timespec it_interval;
	struct rump_timespec it_value;
};

struct rump_timeval {
	int64_t tv_sec;
	int32_t tv_usec;
	int32_t tv__pad;
};

/* fcntl(2): a lock on bytes. */
struct rump_flock {
	int64_t l_start;
	int64_t l_len;		/* 0: to the end, wherever that goes */
	int32_t l_pid;
	int16_t l_type;
	int16_t l_whence;
};

/* __quotactl: one limit of one owner. */
struct rump_quotakey {
	int32_t qk_idtype;
	uint32_t qk_id;		/* of the user or group */
	int32_t qk_objtype;
};
#define	RUMP_QUOTA_IDTYPE_USER		0
#define	RUMP_QUOTA_IDTYPE_GROUP		1
#define	RUMP_QUOTA_OBJTYPE_BLOCKS	0	/* of 512 bytes */
#define	RUMP_QUOTA_OBJTYPE_FILES	1
struct rump_quotaval {
	uint64_t qv_hardlimit;
	uint64_t qv_softlimit;
	uint64_t qv_usage;
	int64_t qv_expiretime;
	int64_t qv_grace;
};
#define	RUMP_QUOTA_NOLIMIT	UINT64_MAX

struct rump_quotactl_args {
	uint32_t qc_op;
	union {
		struct {
			const struct rump_quotakey *key;
			struct rump_quotaval *val;
		} get;
		struct {
			const struct rump_quotakey *key;
			const struct rump_quotaval *val;
		} put;
		struct {
			int32_t idtype;
			const char *quotafile;
		} quotaon;
		struct {
			int32_t idtype;
		} quotaoff;
	} u;
};
#define	RUMP_QUOTACTL_GET	3
#define	RUMP_QUOTACTL_PUT	4
#define	RUMP_QUOTACTL_QUOTAON	12
#define	RUMP_QUOTACTL_QUOTAOFF	13

/* kevent50: 40 bytes. */
struct rump_kevent {
	uint64_t ident;		/* a descriptor */
	uint32_t filter;
	uint32_t flags;
	uint32_t fflags;	/* RUMP_NOTE_* */
	int64_t data;
	int64_t udata;		/* the caller's */
};

struct rump_rlimit {
	uint64_t rlim_cur;
	uint64_t rlim_max;
};

/* stat50, lstat50, fstat50: 152 bytes. */
struct rump_stat {
	uint64_t st_dev;
	uint32_t st_mode;
	uint64_t st_ino;
	uint32_t st_nlink;
	uint32_t st_uid;
	uint32_t st_gid;
	uint64_t st_rdev;
	struct rump_timespec st_atim;
	struct rump_timespec st_mtim;
	struct rump_timespec st_ctim;
	struct rump_timespec st_birthtim;
	int64_t st_size;	/* bytes */
	int64_t st_blocks;	/* units of 512 bytes */
	int32_t st_blksize;
	uint32_t st_flags;
	uint32_t st_gen;
	uint32_t st_spare[2];
};

/* getdents30: records of d_reclen bytes, a multiple of 8. */
struct rump_dirent {
	uint64_t d_fileno;
	uint16_t d_reclen;
	uint16_t d_namlen;
	uint8_t d_type;
	char d_name[512];	/* ends with a NUL */
};

/* statvfs1, fstatvfs1, getvfsstat. */
struct rump_statvfs {
	uint64_t f_flag;
	uint64_t f_bsize;
	uint64_t f_frsize;	/* unit of f_blocks, f_bfree, f_bavail */
	uint64_t f_iosize;
	uint64_t f_blocks;
	uint64_t f_bfree;
	uint64_t f_bavail;
	uint64_t f_bresvd;
	uint64_t f_files;
	uint64_t f_ffree;
	uint64_t f_favail;
	uint64_t f_fresvd;
	uint64_t f_syncreads;
	uint64_t f_syncwrites;
	uint64_t f_asyncreads;
	uint64_t f_asyncwrites;
	int32_t f_fsidx[2];
	uint64_t f_fsid;
	uint64_t f_namemax;
	uint32_t f_owner;
	uint32_t f_spare[4];
	char f_fstypename[32];
	char f_mntonname[1024];
	char f_mntfromname[1024];
};

struct rump_iovec {
	void *iov_base;
	uint64_t iov_len;
};

/* mount data of "tmpfs" (mount_tmpfs(8)). */
struct rump_tmpfs_args {
	int ta_version;		/* RUMP_TMPFS_ARGS_VERSION */
	uint64_t ta_nodes_max;	/* files, folders and so on; 0: no limit */
	int64_t ta_size_max;	/* bytes of their contents; 0: no limit */
	uint32_t ta_root_uid;
	uint32_t ta_root_gid;
	uint32_t ta_root_mode;
};
#define	RUMP_TMPFS_ARGS_VERSION	1

/* mount data of "cd9660" (mount_cd9660(8)). */
struct rump_iso_args {
	const char *fspec;	/* device node, in the kernel's name space */
	struct {
		int ex_flags;
		uint32_t ex_root;
		uint8_t ex_anon[80];
		void *ex_addr;
		int ex_addrlen;
		void *ex_mask;
		int ex_masklen;
		char *ex_indexfile;
	} _pad1;		/* not used */
	int flags;
};
#define	RUMP_ISOFSMNT_NORRIP	0x00000001	/* ignore Rock Ridge */
#define	RUMP_ISOFSMNT_GENS	0x00000002	/* show generation numbers */
#define	RUMP_ISOFSMNT_EXTATT	0x00000004	/* extended attributes */
#define	RUMP_ISOFSMNT_NOJOLIET	0x00000008	/* ignore Joliet */

/* mount data of "msdos" (mount_msdos(8)). */
struct rump_msdosfs_args {
	const char *fspec;	/* device node, in the kernel's name space */
	struct {
		int ex_flags;
		uint32_t ex_root;
		uint8_t ex_anon[80];
		void *ex_addr;
		int ex_addrlen;
		void *ex_mask;
		int ex_masklen;
		char *ex_indexfile;
	} _pad1;		/* not used */
	uint32_t uid;		/* who owns all files */
	uint32_t gid;
	uint32_t mask;		/* permissions that files may have */
	int flags;
	int version;		/* with VERSIONED: what follows is there */
	uint32_t dirmask;	/* 2: the same for folders */
	int gmtoff;		/* 3: seconds that the disk's time is ahead of UTC */
};
#define	RUMP_MSDOSFSMNT_VERSIONED	0x00000010
#define	RUMP_MSDOSFSMNT_VERSION		3

/* mount data of "ffs" (mount_ffs(8)), and of all that is like it. */
struct rump_ufs_args {
	const char *fspec;	/* device node, in the kernel's name space */
};

#endif /* _RUMP_RUMPDEFS_H_ */
