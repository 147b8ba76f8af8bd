/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * file.h: open files and the program's descriptors for them.
 */
#ifndef _LINUX_FILE_H_
#define	_LINUX_FILE_H_

struct linux_file;
struct linux_dir;

#define	LINUX_NFDS	1024

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
};

/* fds.c */
void	linux_fds_init(void);
int	linux_file_create(const struct linux_fileops *, int flags,
	    struct linux_file **);
struct linux_file *linux_file_get(int fd);	/* NULL: not open */
void	linux_file_put(struct linux_file *);
int	linux_fd_install(struct linux_file *, int lowest, int cloexec);

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

/* console.c: descriptors 0 to 2, and /dev/tty */
extern const struct linux_fileops linux_console_ops;

/* tty.c: the console as a terminal */
void	linux_tty_init(void);
long	linux_tty_ioctl(struct linux_file *, uint32_t cmd, uint64_t arg);
long	linux_tty_read(char *, size_t);

/* dir.c */
int	linux_dir_create(struct linux_dir **);
void	linux_dir_destroy(struct linux_dir *);
long	linux_dir_seek(struct linux_file *, int64_t off, int whence);

/* stat.c: a character device that only this layer knows */
void	linux_stat_device(struct rump_stat *, uint32_t major, uint32_t minor);

#endif /* _LINUX_FILE_H_ */
