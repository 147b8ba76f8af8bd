/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mapfile.h: files that the program has mapped.
 *
 * enter finds the mapped file behind an open one and locks it: NULL if nobody has
 * mapped it, which costs next to nothing as long as nobody has mapped any.  What
 * changes the file's contents or size goes between enter and leave.  User memory
 * is checked before.
 */
#ifndef _LINUX_MAPFILE_H_
#define	_LINUX_MAPFILE_H_

struct linux_file;

struct linux_mapfile {
	/* Under the list's lock. */
	struct linux_mapfile *mf_next;
	int mf_refs;			/* calls under way */
	int mf_busy;			/* entered: by one at a time */
	struct rumpuser_cv *mf_cv;

	uint64_t mf_dev, mf_ino;	/* fixed */
	struct host_vm_object *mf_object;

	/* The one's who has entered.  Descriptors of our own. */
	int mf_readfd;
	int mf_writefd;			/* -1: never mapped to be written to */
};

/* mapfile.c */
void	linux_mapfile_init(void);

/* Maps a regular file; 0 or a Linux errno negated.  The caller sweeps. */
int	linux_mapfile_map(struct linux_file *, uintptr_t *addr, size_t len,
	    int prot, int hostflags, uint64_t off);

struct linux_mapfile *linux_mapfile_enter(const struct linux_file *);
struct linux_mapfile *linux_mapfile_enter_id(uint64_t dev, uint64_t ino);
void	linux_mapfile_leave(struct linux_mapfile *);

/* After ranges have gone: files that nobody maps any more are done with. */
void	linux_mapfile_sweep(void);

/* The next one (after NULL the first), entered; the one before is left. */
struct linux_mapfile *linux_mapfile_following(struct linux_mapfile *);

/*
 * mapfile_data.c.  Entered by the caller.  The file was read to buf, or written
 * from it ...
 */
void	linux_mapfile_was_read(struct linux_mapfile *, void *buf, size_t len,
	    uint64_t off);
void	linux_mapfile_was_written(struct linux_mapfile *, const void *buf,
	    size_t len, uint64_t off, uint64_t oldsize);
/* ... or has a new size. */
void	linux_mapfile_was_resized(struct linux_mapfile *, uint64_t oldsize,
	    uint64_t size);
int64_t	linux_mapfile_size(struct linux_mapfile *);

/* Pages that were written to go to the file; 0 or a Linux errno negated. */
int	linux_mapfile_clean(struct linux_mapfile *);

/* Not entered: of all files in a range, and on to the disk; of all files. */
int	linux_mapfile_clean_range(uintptr_t addr, size_t len);
void	linux_mapfile_clean_all(void);

#endif /* _LINUX_MAPFILE_H_ */
