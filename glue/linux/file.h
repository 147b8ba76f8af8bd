/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * file.h: open files and the program's descriptors for them.
 */
#ifndef _LINUX_FILE_H_
#define	_LINUX_FILE_H_

struct linux_file;
struct linux_dir;
struct linux_epoll;
struct linux_epitem;

#define	LINUX_NFDS	65536		/* descriptors, at most */

/*
 * What a kind of file does.  Buffers were checked; results as a handler's.
 * off is a position, or LINUX_OFF_OWN for the file's own.  NULL: not possible
 * (EINVAL; seek: ESPIPE; ioctl: ENOTTY).
 */
#define	LINUX_OFF_OWN	(-1)
struct linux_fileops {
	long (*fo_read)(struct linux_file *, void *, size_t, int64_t off);
	long (*fo_write)(struct linux_file *, const void *, size_t,
	    int64_t off);
	long (*fo_seek)(struct linux_file *, int64_t off, int whence);
	int (*fo_stat)(struct linux_file *, struct rump_stat *);
	long (*fo_ioctl)(struct linux_file *, uint32_t cmd, uint64_t arg);
	void (*fo_close)(struct linux_file *);

	/*
	 * Which of events (LINUX_POLL*) there are now.  *waitfd: a descriptor of
	 * the kernel's that can be read from when there may be others; or -1.
	 * NULL: of a file of the kernel the kernel knows; others are ready.
	 */
	int (*fo_poll)(struct linux_file *, int events, int *waitfd);
};

/* An open file, shared by the descriptors that were made from one open. */
struct linux_file {
	const struct linux_fileops *f_ops;
	int f_rumpfd;			/* -1: not a file of the kernel */
	int f_refs;			/* under the table's lock */
	int f_flags;			/* as Linux opened it */
	struct linux_dir *f_dir;	/* directories only */
	int f_regular;			/* a regular file of the kernel */
	uint64_t f_dev, f_ino;		/* which one */
	struct linux_epoll *f_epoll;	/* of an epoll */
	struct linux_epitem *f_epitems;	/* epolls that wait for it (epoll.h) */
	int f_domain, f_type, f_protocol; /* Linux's, of a socket; or 0 */
};

/* fds.c */
void	linux_fds_init(void);
int	linux_file_create(const struct linux_fileops *, int flags,
	    struct linux_file **);
struct linux_file *linux_file_get(int fd);	/* NULL: not open */
struct linux_file *linux_file_hold(struct linux_file *); /* NULL: on its end */
void	linux_file_put(struct linux_file *);
int	linux_fd_install(struct linux_file *, int lowest, int cloexec);
int	linux_fd_close(int fd);
long	linux_fd_flags(int fd, int set, int cloexec);
long	linux_file_setfl(struct linux_file *, int flags);

/* limits.c */
int	linux_limit_nofile(void);

/*
 * kernelfile.c: what the kernel has descriptors for, but no names: sockets, pipes
 * and the like.  rumpfd is the file's from then on, on failure it is closed.  fd:
 * gives it a descriptor, which is the result; O_CLOEXEC is one of the flags.
 */
extern const struct linux_fileops linux_kernelfile_ops;
int	linux_kernelfile_create(const struct linux_fileops *, int rumpfd,
	    int flags, struct linux_file **);
long	linux_kernelfile_fd(const struct linux_fileops *, int rumpfd, int flags);
long	linux_kernelfile_read(struct linux_file *, void *, size_t, int64_t off);
long	linux_kernelfile_write(struct linux_file *, const void *, size_t,
	    int64_t off);
int	linux_kernelfile_stat(struct linux_file *, struct rump_stat *);
long	linux_kernelfile_ioctl(struct linux_file *, uint32_t cmd, uint64_t arg);
void	linux_kernelfile_close(struct linux_file *);

/* eventfd.c, timerfd.c: counts and timers; epitem.c: the end of interest in a file */
extern const struct linux_fileops linux_eventfd_ops, linux_timerfd_ops;
int	linux_nameless_stat(struct linux_file *, struct rump_stat *);
void	linux_epoll_init(void);
void	linux_epoll_empty(struct linux_epitem **);

/* pipe.c: fcntl's commands for pipes; the signal of a write that gave EPIPE */
long	linux_pipe_size(struct linux_file *, int cmd, uint64_t arg);
void	linux_pipe_broken(struct linux_file *);

/* files.c: the vector forms; a position from a program (a bad one stays bad) */
struct linux_call;
long	linux_move_vector(struct linux_call *, int64_t off, int iswrite);
int64_t	linux_position(uint64_t arg);

/* lock.c: fcntl's locks */
long	linux_lock(struct linux_file *, int cmd, uint64_t arg);

/* rename.c: around calls that give a file a name */
void	linux_gate_init(void);
void	linux_gate_enter(int alone);
void	linux_gate_leave(int alone);

/* rumpfile.c: files of the kernel; open.c: the calls that make them */
extern const struct linux_fileops linux_rumpfile_ops;
int	linux_rumpfile_open(int rumpfd, int flags, struct linux_file **);

/* device.c: null, zero, random; open answers -ENOENT for other paths */
int	linux_device_open(const char *path, int flags, struct linux_file **);

/* console.c: descriptors 0 to 2, and /dev/tty; consolepoll.c: waiting for input */
extern const struct linux_fileops linux_console_ops;
void	linux_console_init(void);
int	linux_console_ready(void);
void	linux_console_was_read(void);
int	linux_console_poll(struct linux_file *, int events, int *waitfd);

/* tty.c: the console as a terminal */
void	linux_tty_init(void);
long	linux_tty_ioctl(struct linux_file *, uint32_t cmd, uint64_t arg);
long	linux_tty_read(char *, size_t);
int	linux_tty_ready(void);		/* is there a line? */

/* dir.c */
int	linux_dir_create(struct linux_dir **);
void	linux_dir_destroy(struct linux_dir *);
long	linux_dir_seek(struct linux_file *, int64_t off, int whence);

/* stat.c: a character device that only this layer knows */
void	linux_stat_device(struct rump_stat *, uint32_t major, uint32_t minor);

#endif /* _LINUX_FILE_H_ */
