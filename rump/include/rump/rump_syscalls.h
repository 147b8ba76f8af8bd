/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rump_syscalls.h: the upper edge, part two: system calls.  Each is described
 * by its page in section 2 of NetBSD's manual; structures and constants are
 * those of rumpdefs.h.
 *
 * A call that fails returns -1 and has handed a NetBSD errno to the host's
 * rumpuser_seterrno() on the calling thread.  Symbols carry NetBSD's interface
 * versions (stat50); programs use the names without.
 *
 * Includes nothing but its sister headers; the includer has size_t, ssize_t and
 * the <stdint.h> types.
 */
#ifndef _RUMP_RUMP_SYSCALLS_H_
#define	_RUMP_RUMP_SYSCALLS_H_

#include <rump/rumpdefs.h>
#include <rump/rumpnet.h>

#define	rump_sys_accept		rump___sysimpl_accept
#define	rump_sys_access		rump___sysimpl_access
#define	rump_sys_bind		rump___sysimpl_bind
#define	rump_sys_chdir		rump___sysimpl_chdir
#define	rump_sys_chflags	rump___sysimpl_chflags
#define	rump_sys_chmod		rump___sysimpl_chmod
#define	rump_sys_chown		rump___sysimpl_chown
#define	rump_sys_chroot		rump___sysimpl_chroot
#define	rump_sys_clock_gettime	rump___sysimpl_clock_gettime50
#define	rump_sys_close		rump___sysimpl_close
#define	rump_sys_connect	rump___sysimpl_connect
#define	rump_sys_dup		rump___sysimpl_dup
#define	rump_sys_dup2		rump___sysimpl_dup2
#define	rump_sys_eventfd	rump___sysimpl_eventfd
#define	rump_sys_faccessat	rump___sysimpl_faccessat
#define	rump_sys_fchdir		rump___sysimpl_fchdir
#define	rump_sys_fchflags	rump___sysimpl_fchflags
#define	rump_sys_fchmod		rump___sysimpl_fchmod
#define	rump_sys_fchmodat	rump___sysimpl_fchmodat
#define	rump_sys_fchown		rump___sysimpl_fchown
#define	rump_sys_fchownat	rump___sysimpl_fchownat
#define	rump_sys_fcntl		rump___sysimpl_fcntl
#define	rump_sys_fdatasync	rump___sysimpl_fdatasync
#define	rump_sys_flock		rump___sysimpl_flock
#define	rump_sys_fstat		rump___sysimpl_fstat50
#define	rump_sys_fstatat	rump___sysimpl_fstatat
#define	rump_sys_fstatvfs1	rump___sysimpl_fstatvfs1
#define	rump_sys_fsync		rump___sysimpl_fsync
#define	rump_sys_fsync_range	rump___sysimpl_fsync_range
#define	rump_sys_ftruncate	rump___sysimpl_ftruncate
#define	rump_sys_futimens	rump___sysimpl_futimens
#define	rump_sys_futimes	rump___sysimpl_futimes50
#define	rump_sys___getcwd	rump___sysimpl___getcwd
#define	rump_sys_getdents	rump___sysimpl_getdents30
#define	rump_sys_getegid	rump___sysimpl_getegid
#define	rump_sys_geteuid	rump___sysimpl_geteuid
#define	rump_sys_getgid		rump___sysimpl_getgid
#define	rump_sys_getpeername	rump___sysimpl_getpeername
#define	rump_sys_getpid		rump___sysimpl_getpid
#define	rump_sys_getppid	rump___sysimpl_getppid
#define	rump_sys_getrlimit	rump___sysimpl_getrlimit
#define	rump_sys_getsockname	rump___sysimpl_getsockname
#define	rump_sys_getsockopt	rump___sysimpl_getsockopt
#define	rump_sys_getuid		rump___sysimpl_getuid
#define	rump_sys_getvfsstat	rump___sysimpl_getvfsstat
#define	rump_sys_ioctl		rump___sysimpl_ioctl
#define	rump_sys_kevent		rump___sysimpl_kevent50
#define	rump_sys_kqueue		rump___sysimpl_kqueue
#define	rump_sys_kqueue1	rump___sysimpl_kqueue1
#define	rump_sys_lchflags	rump___sysimpl_lchflags
#define	rump_sys_lchmod		rump___sysimpl_lchmod
#define	rump_sys_lchown		rump___sysimpl_lchown
#define	rump_sys_link		rump___sysimpl_link
#define	rump_sys_linkat		rump___sysimpl_linkat
#define	rump_sys_listen		rump___sysimpl_listen
#define	rump_sys_lseek		rump___sysimpl_lseek
#define	rump_sys_lstat		rump___sysimpl_lstat50
#define	rump_sys_lutimes	rump___sysimpl_lutimes50
#define	rump_sys_mkdir		rump___sysimpl_mkdir
#define	rump_sys_mkdirat	rump___sysimpl_mkdirat
#define	rump_sys_mkfifo		rump___sysimpl_mkfifo
#define	rump_sys_mkfifoat	rump___sysimpl_mkfifoat
#define	rump_sys_mknod		rump___sysimpl_mknod50
#define	rump_sys_mknodat	rump___sysimpl_mknodat
#define	rump_sys_mount		rump___sysimpl_mount50
#define	rump_sys_nanosleep	rump___sysimpl_nanosleep50
#define	rump_sys_open		rump___sysimpl_open
#define	rump_sys_openat		rump___sysimpl_openat
#define	rump_sys_paccept	rump___sysimpl_paccept
#define	rump_sys_poll		rump___sysimpl_poll
#define	rump_sys_pollts		rump___sysimpl_pollts50
#define	rump_sys___posix_rename	rump___sysimpl___posix_rename
#define	rump_sys_pread		rump___sysimpl_pread
#define	rump_sys_preadv		rump___sysimpl_preadv
#define	rump_sys_pwrite		rump___sysimpl_pwrite
#define	rump_sys_pwritev	rump___sysimpl_pwritev
#define	rump_sys___quotactl	rump___sysimpl___quotactl
#define	rump_sys_read		rump___sysimpl_read
#define	rump_sys_readlink	rump___sysimpl_readlink
#define	rump_sys_readlinkat	rump___sysimpl_readlinkat
#define	rump_sys_readv		rump___sysimpl_readv
#define	rump_sys_reboot		rump___sysimpl_reboot
#define	rump_sys_recvfrom	rump___sysimpl_recvfrom
#define	rump_sys_recvmmsg	rump___sysimpl_recvmmsg
#define	rump_sys_recvmsg	rump___sysimpl_recvmsg
#define	rump_sys_rename		rump___sysimpl_rename
#define	rump_sys_renameat	rump___sysimpl_renameat
#define	rump_sys_rmdir		rump___sysimpl_rmdir
#define	rump_sys_sendmmsg	rump___sysimpl_sendmmsg
#define	rump_sys_sendmsg	rump___sysimpl_sendmsg
#define	rump_sys_sendto		rump___sysimpl_sendto
#define	rump_sys_setegid	rump___sysimpl_setegid
#define	rump_sys_seteuid	rump___sysimpl_seteuid
#define	rump_sys_setgid		rump___sysimpl_setgid
#define	rump_sys_setrlimit	rump___sysimpl_setrlimit
#define	rump_sys_setsockopt	rump___sysimpl_setsockopt
#define	rump_sys_setuid		rump___sysimpl_setuid
#define	rump_sys_shutdown	rump___sysimpl_shutdown
#define	rump_sys_socket		rump___sysimpl_socket30
#define	rump_sys_socketpair	rump___sysimpl_socketpair
#define	rump_sys_stat		rump___sysimpl_stat50
#define	rump_sys_statvfs1	rump___sysimpl_statvfs1
#define	rump_sys_symlink	rump___sysimpl_symlink
#define	rump_sys_symlinkat	rump___sysimpl_symlinkat
#define	rump_sys_sync		rump___sysimpl_sync
#define	rump_sys_timerfd_create	rump___sysimpl_timerfd_create
#define	rump_sys_timerfd_gettime	rump___sysimpl_timerfd_gettime
#define	rump_sys_timerfd_settime	rump___sysimpl_timerfd_settime
#define	rump_sys_truncate	rump___sysimpl_truncate
#define	rump_sys_umask		rump___sysimpl_umask
#define	rump_sys_unlink		rump___sysimpl_unlink
#define	rump_sys_unlinkat	rump___sysimpl_unlinkat
#define	rump_sys_unmount	rump___sysimpl_unmount
#define	rump_sys_utimensat	rump___sysimpl_utimensat
#define	rump_sys_utimes		rump___sysimpl_utimes50
#define	rump_sys_write		rump___sysimpl_write
#define	rump_sys_writev		rump___sysimpl_writev

int	rump_sys_access(const char *path, int mode);
int	rump_sys_chdir(const char *path);
int	rump_sys_chflags(const char *path, unsigned long flags);
int	rump_sys_chmod(const char *path, uint32_t mode);
int	rump_sys_chown(const char *path, uint32_t uid, uint32_t gid);
int	rump_sys_chroot(const char *path);
int	rump_sys_clock_gettime(int clock, struct rump_timespec *);
int	rump_sys_close(int fd);
int	rump_sys_dup(int fd);
int	rump_sys_dup2(int from, int to);
/* A count that read() takes and write() adds to. */
int	rump_sys_eventfd(unsigned int value, int flags);
int	rump_sys_faccessat(int fd, const char *path, int mode, int flags);
int	rump_sys_fchdir(int fd);
int	rump_sys_fchflags(int fd, unsigned long flags);
int	rump_sys_fchmod(int fd, uint32_t mode);
int	rump_sys_fchmodat(int fd, const char *path, uint32_t mode, int flags);
int	rump_sys_fchown(int fd, uint32_t uid, uint32_t gid);
int	rump_sys_fchownat(int fd, const char *path, uint32_t uid, uint32_t gid,
	    int flags);
int	rump_sys_fcntl(int fd, int cmd, void *arg);
int	rump_sys_fdatasync(int fd);
int	rump_sys_flock(int fd, int op);
int	rump_sys_fstat(int fd, struct rump_stat *);
int	rump_sys_fstatat(int fd, const char *path, struct rump_stat *,
	    int flags);
int	rump_sys_fstatvfs1(int fd, struct rump_statvfs *, int flags);
int	rump_sys_fsync(int fd);
int	rump_sys_fsync_range(int fd, int how, int64_t start, int64_t len);
int	rump_sys_ftruncate(int fd, int64_t size);
/* Two times: of the last access and of the last change; NULL: now. */
int	rump_sys_futimens(int fd, const struct rump_timespec *);
int	rump_sys_futimes(int fd, const struct rump_timeval *);
int	rump_sys___getcwd(char *buf, size_t len);	/* length with the NUL */
int	rump_sys_getdents(int fd, char *buf, size_t len);
uint32_t rump_sys_getegid(void);
uint32_t rump_sys_geteuid(void);
uint32_t rump_sys_getgid(void);
int32_t	rump_sys_getpid(void);
int32_t	rump_sys_getppid(void);
int	rump_sys_getrlimit(int which, struct rump_rlimit *);
uint32_t rump_sys_getuid(void);
int	rump_sys_getvfsstat(struct rump_statvfs *, size_t bytes, int flags);
int	rump_sys_ioctl(int fd, unsigned long cmd, void *data);
int	rump_sys_kevent(int fd, const struct rump_kevent *changes,
	    size_t nchanges, struct rump_kevent *events, size_t nevents,
	    const struct rump_timespec *timeout);
int	rump_sys_kqueue(void);
int	rump_sys_kqueue1(int flags);
int	rump_sys_lchflags(const char *path, unsigned long flags);
int	rump_sys_lchmod(const char *path, uint32_t mode);
int	rump_sys_lchown(const char *path, uint32_t uid, uint32_t gid);
int	rump_sys_link(const char *path, const char *newpath);
int	rump_sys_linkat(int fd, const char *path, int newfd,
	    const char *newpath, int flags);
int64_t	rump_sys_lseek(int fd, int64_t off, int whence);
int	rump_sys_lstat(const char *path, struct rump_stat *);
int	rump_sys_lutimes(const char *path, const struct rump_timeval *);
int	rump_sys_mkdir(const char *path, uint32_t mode);
int	rump_sys_mkdirat(int fd, const char *path, uint32_t mode);
int	rump_sys_mkfifo(const char *path, uint32_t mode);
int	rump_sys_mkfifoat(int fd, const char *path, uint32_t mode);
int	rump_sys_mknod(const char *path, uint32_t mode, uint64_t dev);
int	rump_sys_mknodat(int fd, const char *path, uint32_t mode, uint64_t dev);
int	rump_sys_mount(const char *type, const char *path, int flags,
	    void *data, size_t len);
int	rump_sys_nanosleep(const struct rump_timespec *, struct rump_timespec *);
int	rump_sys_open(const char *path, int flags, ...);
int	rump_sys_openat(int fd, const char *path, int flags, ...);
int	rump_sys___posix_rename(const char *from, const char *to);
ssize_t	rump_sys_pread(int fd, void *, size_t, int64_t off);
ssize_t	rump_sys_preadv(int fd, const struct rump_iovec *, int n, int64_t off);
ssize_t	rump_sys_pwrite(int fd, const void *, size_t, int64_t off);
ssize_t	rump_sys_pwritev(int fd, const struct rump_iovec *, int n,
	    int64_t off);
/* Quotas of the file system that path is on; needs rights of the superuser. */
int	rump_sys___quotactl(const char *path, struct rump_quotactl_args *);
ssize_t	rump_sys_read(int fd, void *, size_t);
ssize_t	rump_sys_readlink(const char *path, char *buf, size_t len);
ssize_t	rump_sys_readlinkat(int fd, const char *path, char *buf, size_t len);
ssize_t	rump_sys_readv(int fd, const struct rump_iovec *, int n);
int	rump_sys_reboot(int howto, char *bootstr);
/*
 * Where both paths are names of one file, rename() and renameat() take the old
 * name away, and __posix_rename() does nothing (rename(2), Standards).
 */
int	rump_sys_rename(const char *from, const char *to);
int	rump_sys_renameat(int fromfd, const char *from, int tofd,
	    const char *to);
int	rump_sys_rmdir(const char *path);
int	rump_sys_setegid(uint32_t);
int	rump_sys_seteuid(uint32_t);
int	rump_sys_setgid(uint32_t);
int	rump_sys_setrlimit(int which, const struct rump_rlimit *);
int	rump_sys_setuid(uint32_t);
int	rump_sys_stat(const char *path, struct rump_stat *);
int	rump_sys_statvfs1(const char *path, struct rump_statvfs *, int flags);
int	rump_sys_symlink(const char *target, const char *path);
int	rump_sys_symlinkat(const char *target, int fd, const char *path);
void	rump_sys_sync(void);
/* A timer whose expirations read() counts. */
int	rump_sys_timerfd_create(int clock, int flags);
int	rump_sys_timerfd_gettime(int fd, struct rump_itimerspec *);
int	rump_sys_timerfd_settime(int fd, int flags,
	    const struct rump_itimerspec *, struct rump_itimerspec *old);
int	rump_sys_truncate(const char *path, int64_t size);
uint32_t rump_sys_umask(uint32_t);
int	rump_sys_unlink(const char *path);
int	rump_sys_unlinkat(int fd, const char *path, int flags);
int	rump_sys_unmount(const char *path, int flags);
int	rump_sys_utimensat(int fd, const char *path,
	    const struct rump_timespec *, int flags);
int	rump_sys_utimes(const char *path, const struct rump_timeval *);
ssize_t	rump_sys_write(int fd, const void *, size_t);
ssize_t	rump_sys_writev(int fd, const struct rump_iovec *, int n);

/* Sockets (the faction net), and what waits for them. */
int	rump_sys_accept(int fd, struct rump_sockaddr *, uint32_t *len);
int	rump_sys_bind(int fd, const struct rump_sockaddr *, uint32_t len);
int	rump_sys_connect(int fd, const struct rump_sockaddr *, uint32_t len);
int	rump_sys_getpeername(int fd, struct rump_sockaddr *, uint32_t *len);
int	rump_sys_getsockname(int fd, struct rump_sockaddr *, uint32_t *len);
int	rump_sys_getsockopt(int fd, int level, int name, void *,
	    uint32_t *len);
int	rump_sys_listen(int fd, int backlog);
/* Flags: SOCK_CLOEXEC, SOCK_NONBLOCK, SOCK_NOSIGPIPE; there are no signals. */
int	rump_sys_paccept(int fd, struct rump_sockaddr *, uint32_t *len,
	    const void *sigmask, int flags);
/* A pipe: bytes written to fds[1] come out of fds[0]. */
int	rump_sys_pipe2(int *fds, int flags);
int	rump_sys_poll(struct rump_pollfd *, unsigned int n, int ms);
int	rump_sys_pollts(struct rump_pollfd *, unsigned int n,
	    const struct rump_timespec *, const void *sigmask);
ssize_t	rump_sys_recvfrom(int fd, void *, size_t, int flags,
	    struct rump_sockaddr *, uint32_t *len);
int	rump_sys_recvmmsg(int fd, struct rump_mmsghdr *, unsigned int n,
	    unsigned int flags, struct rump_timespec *);
ssize_t	rump_sys_recvmsg(int fd, struct rump_msghdr *, int flags);
int	rump_sys_sendmmsg(int fd, struct rump_mmsghdr *, unsigned int n,
	    unsigned int flags);
ssize_t	rump_sys_sendmsg(int fd, const struct rump_msghdr *, int flags);
ssize_t	rump_sys_sendto(int fd, const void *, size_t, int flags,
	    const struct rump_sockaddr *, uint32_t len);
int	rump_sys_setsockopt(int fd, int level, int name, const void *,
	    uint32_t len);
int	rump_sys_shutdown(int fd, int how);
int	rump_sys_socket(int domain, int type, int protocol);
int	rump_sys_socketpair(int domain, int type, int protocol,
	    int *fds);

#endif /* _RUMP_RUMP_SYSCALLS_H_ */
