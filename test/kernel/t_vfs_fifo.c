/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_vfs_fifo.c: named pipes: who waits for whom when opening, ends, limits, and
 * bytes that come out as they went in.
 */
#include <pthread.h>
#include <sched.h>
#include "h_kern.h"

#define	PIPE_SIZE	65536
#define	ATOMIC		4096
#define	FIONREAD	0x4004667fUL	/* _IOR('f', 127, int) of NetBSD */
#define	FIONBIO		0x8004667eUL	/* _IOW('f', 126, int) */

static const char *fifo;

/* A pipe with both ends open, that never waits. */
static void
h_ends(int *reader, int *writer)
{

	*reader = h_open(fifo, RUMP_O_RDONLY | RUMP_O_NONBLOCK);
	*writer = h_open(fifo, RUMP_O_WRONLY | RUMP_O_NONBLOCK);
}

static void
opening_without_waiting(void)
{
	struct rump_stat st;
	char c;
	int r, w, both;

	CHECK_OK(rump_sys_stat(fifo, &st));
	CHECK_EQUAL(st.st_mode & RUMP_S_IFMT, RUMP_S_IFIFO);
	CHECK_FAILS(rump_sys_open(fifo, RUMP_O_WRONLY | RUMP_O_NONBLOCK),
	    RUMP_ENXIO);
	r = h_open(fifo, RUMP_O_RDONLY | RUMP_O_NONBLOCK);
	CHECK_EQUAL(rump_sys_read(r, &c, 1), 0);	/* no writer: the end */
	w = h_open(fifo, RUMP_O_WRONLY | RUMP_O_NONBLOCK | RUMP_O_TRUNC);
	CHECK_FAILS(rump_sys_read(r, &c, 1), RUMP_EAGAIN);
	CHECK_EQUAL(rump_sys_read(r, &c, 0), 0);
	CHECK_EQUAL(rump_sys_write(w, "x", 1), 1);
	CHECK_EQUAL(rump_sys_read(r, &c, 1), 1);
	CHECK_EQUAL(c, 'x');
	CHECK_FAILS(rump_sys_read(w, &c, 1), RUMP_EBADF);
	CHECK_FAILS(rump_sys_write(r, &c, 1), RUMP_EBADF);
	CHECK_OK(rump_sys_close(r));
	CHECK_FAILS(rump_sys_write(w, "x", 1), RUMP_EPIPE);
	CHECK_FAILS(rump_sys_open(fifo, RUMP_O_WRONLY | RUMP_O_NONBLOCK),
	    RUMP_ENXIO);
	CHECK_OK(rump_sys_close(w));
	both = h_open(fifo, RUMP_O_RDWR);
	CHECK_EQUAL(rump_sys_write(both, "abc", 3), 3);
	CHECK_EQUAL(rump_sys_read(both, &c, 1), 1);
	CHECK_EQUAL(c, 'a');
	CHECK_OK(rump_sys_close(both));
	/* What nobody read went with the last close. */
	h_ends(&r, &w);
	CHECK_FAILS(rump_sys_read(r, &c, 1), RUMP_EAGAIN);
	CHECK_OK(rump_sys_close(w));
	CHECK_OK(rump_sys_close(r));
}

static void
no_places(void)
{
	char c;
	int r, w, n;

	h_ends(&r, &w);
	CHECK_FAILS(rump_sys_lseek(r, 0, RUMP_SEEK_CUR), RUMP_ESPIPE);
	CHECK_FAILS(rump_sys_pread(r, &c, 1, 0), RUMP_ESPIPE);
	CHECK_FAILS(rump_sys_pwrite(w, "x", 1, 0), RUMP_ESPIPE);
	CHECK_EQUAL(rump_sys_write(w, "12345", 5), 5);
	CHECK_OK(rump_sys_ioctl(r, FIONREAD, &n));
	CHECK_EQUAL(n, 5);
	CHECK_FAILS(rump_sys_mount("tmpfs", fifo, 0, NULL, 0), RUMP_ENOTDIR);
	/* A pipe without a name works on, and so does its name taken anew. */
	CHECK_OK(rump_sys_unlink(fifo));
	CHECK_OK(rump_sys_mkfifo(fifo, 0644));
	CHECK_FAILS(rump_sys_open(fifo, RUMP_O_WRONLY | RUMP_O_NONBLOCK),
	    RUMP_ENXIO);
	CHECK_EQUAL(rump_sys_read(r, &c, 1), 1);
	CHECK_EQUAL(c, '1');
	CHECK_OK(rump_sys_close(r));
	CHECK_OK(rump_sys_close(w));
}

static void
full_pipe(void)
{
	static char block[PIPE_SIZE + 1];
	char c;
	int r, w;

	h_ends(&r, &w);
	CHECK_EQUAL(rump_sys_write(w, block, PIPE_SIZE + 1), PIPE_SIZE);
	CHECK_FAILS(rump_sys_write(w, block, 1), RUMP_EAGAIN);
	CHECK_FAILS(rump_sys_write(w, block, ATOMIC + 1), RUMP_EAGAIN);
	CHECK_EQUAL(rump_sys_read(r, block, ATOMIC - 1), ATOMIC - 1);
	CHECK_FAILS(rump_sys_write(w, block, ATOMIC), RUMP_EAGAIN);
	CHECK_EQUAL(rump_sys_write(w, block, ATOMIC + 1), ATOMIC - 1);
	CHECK_EQUAL(rump_sys_read(r, &c, 1), 1);
	CHECK_EQUAL(rump_sys_write(w, block, 1), 1);
	CHECK_OK(rump_sys_close(w));
	CHECK_EQUAL(rump_sys_read(r, block, sizeof(block)), PIPE_SIZE);
	CHECK_EQUAL(rump_sys_read(r, block, sizeof(block)), 0);
	CHECK_OK(rump_sys_close(r));
}

/* The other side: what it opened, moved and was told. */
struct side {
	pthread_t s_thread;
	const char *s_path;
	int s_flags;
	char s_letter;
	size_t s_size;			/* bytes of a write, or of a read */
	int s_times;
	long s_moved;
	int s_errno;
};

static void *
side_main(void *arg)
{
	struct side *s = arg;
	char *buf = malloc(s->s_size);
	long n;
	int fd, i;

	memset(buf, s->s_letter, s->s_size);
	s->s_moved = s->s_errno = 0;
	if ((fd = rump_sys_open(s->s_path, s->s_flags)) == -1) {
		s->s_errno = rumpglue_errno();
		free(buf);
		return NULL;
	}
	for (i = 0; i < s->s_times; i++) {
		n = s->s_flags == RUMP_O_WRONLY ?
		    rump_sys_write(fd, buf, s->s_size) :
		    rump_sys_read(fd, buf, s->s_size);
		if (n == -1)
			s->s_errno = rumpglue_errno();
		if (n <= 0)
			break;
		s->s_moved += n;
	}
	rump_sys_close(fd);
	free(buf);
	return NULL;
}

static void
side_start(struct side *s)
{

	s->s_path = fifo;
	CHECK_EQUAL(pthread_create(&s->s_thread, NULL, side_main, s), 0);
}

static void
opening_waits(void)
{
	struct side reader = { .s_flags = RUMP_O_RDONLY, .s_size = 10,
	    .s_times = 2 };
	struct side writer = { .s_flags = RUMP_O_WRONLY, .s_size = 10,
	    .s_times = 2, .s_letter = 'w' };
	int fd, i;
	char c;

	/* A reader that waits in open is there for a writer. */
	side_start(&reader);
	while ((fd = rump_sys_open(fifo, RUMP_O_WRONLY | RUMP_O_NONBLOCK)) ==
	    -1) {
		CHECK_EQUAL(rumpglue_errno(), RUMP_ENXIO);
		sched_yield();
	}
	CHECK_EQUAL(rump_sys_write(fd, "12345", 5), 5);
	CHECK_OK(rump_sys_close(fd));
	pthread_join(reader.s_thread, NULL);
	CHECK_EQUAL(reader.s_moved, 5);
	CHECK_EQUAL(reader.s_errno, 0);
	/* The other way round, without O_NONBLOCK. */
	side_start(&writer);
	fd = h_open(fifo, RUMP_O_RDONLY);
	for (i = 0; i < 20; i++) {
		CHECK_EQUAL(rump_sys_read(fd, &c, 1), 1);
		CHECK_EQUAL(c, 'w');
	}
	CHECK_EQUAL(rump_sys_read(fd, &c, 1), 0);
	CHECK_OK(rump_sys_close(fd));
	pthread_join(writer.s_thread, NULL);
	CHECK_EQUAL(writer.s_moved, 20);
}

/* Writers that wait for room, and hear that the reader went. */
static void
writing_waits(void)
{
	struct side writer = { .s_flags = RUMP_O_WRONLY, .s_size = 300000,
	    .s_times = 3, .s_letter = 'w' };
	static char buf[10000];
	long n, all = 0;
	int fd, i;

	side_start(&writer);
	fd = h_open(fifo, RUMP_O_RDONLY);
	while ((n = rump_sys_read(fd, buf, sizeof(buf))) > 0) {
		for (i = 0; i < n; i++)
			CHECK_EQUAL(buf[i], 'w');
		all += n;
	}
	CHECK_EQUAL(n, 0);
	CHECK_EQUAL(all, 900000);
	pthread_join(writer.s_thread, NULL);
	CHECK_OK(rump_sys_close(fd));
	side_start(&writer);
	fd = h_open(fifo, RUMP_O_RDONLY);
	CHECK(rump_sys_read(fd, buf, sizeof(buf)) > 0);
	CHECK_OK(rump_sys_close(fd));
	pthread_join(writer.s_thread, NULL);
	CHECK(writer.s_moved < 900000);
	CHECK_EQUAL(writer.s_errno, RUMP_EPIPE);
}

#define	WRITERS	4
#define	BLOCKS	200

static void
small_writes_stay_whole(void)
{
	struct side writers[WRITERS];
	static char all[WRITERS * BLOCKS * ATOMIC];
	size_t got = 0, i;
	long n;
	int fd;

	fd = h_open(fifo, RUMP_O_RDONLY | RUMP_O_NONBLOCK);
	CHECK_EQUAL(rump_sys_fcntl(fd, RUMP_F_SETFL, NULL), 0);
	for (i = 0; i < WRITERS; i++) {
		writers[i] = (struct side){ .s_flags = RUMP_O_WRONLY,
		    .s_size = ATOMIC, .s_times = BLOCKS,
		    .s_letter = (char)('a' + i) };
		side_start(&writers[i]);
	}
	while (got < sizeof(all)) {
		n = rump_sys_read(fd, all + got, 1000);
		CHECK(n >= 0);
		got += (size_t)n;
		if (n == 0)		/* between two writers */
			sched_yield();
	}
	for (i = 0; i < WRITERS; i++)
		pthread_join(writers[i].s_thread, NULL);
	for (i = 0; i < sizeof(all); i++)
		CHECK_EQUAL(all[i], all[i - i % ATOMIC]);
	CHECK_OK(rump_sys_close(fd));
}

static void
events(void)
{
	static const struct rump_timespec now_or_never = { 0, 0 };
	static char block[PIPE_SIZE];
	struct rump_kevent kev[2], got;
	int kq, r, w;

	h_ends(&r, &w);
	kq = rump_sys_kqueue();
	CHECK_OK(kq);
	memset(kev, 0, sizeof(kev));
	kev[0].ident = (uint64_t)r;
	kev[0].filter = RUMP_EVFILT_READ;
	kev[1].ident = (uint64_t)w;
	kev[1].filter = RUMP_EVFILT_WRITE;
	kev[0].flags = kev[1].flags = RUMP_EV_ADD;
	CHECK_OK(rump_sys_kevent(kq, &kev[0], 1, NULL, 0, NULL));
	CHECK_EQUAL(rump_sys_kevent(kq, NULL, 0, &got, 1, &now_or_never), 0);
	CHECK_EQUAL(rump_sys_write(w, block, 7), 7);
	CHECK_EQUAL(rump_sys_kevent(kq, NULL, 0, &got, 1, &now_or_never), 1);
	CHECK_EQUAL(got.filter, RUMP_EVFILT_READ);
	CHECK_EQUAL(got.data, 7);
	CHECK_EQUAL(got.flags & RUMP_EV_EOF, 0);
	CHECK_EQUAL(rump_sys_read(r, block, 7), 7);
	CHECK_EQUAL(rump_sys_kevent(kq, NULL, 0, &got, 1, &now_or_never), 0);
	CHECK_OK(rump_sys_kevent(kq, &kev[1], 1, NULL, 0, NULL));
	CHECK_EQUAL(rump_sys_kevent(kq, NULL, 0, &got, 1, &now_or_never), 1);
	CHECK_EQUAL(got.filter, RUMP_EVFILT_WRITE);
	CHECK_EQUAL(got.data, PIPE_SIZE);
	CHECK_EQUAL(rump_sys_write(w, block, PIPE_SIZE), PIPE_SIZE);
	CHECK_EQUAL(rump_sys_kevent(kq, NULL, 0, &got, 1, &now_or_never), 1);
	CHECK_EQUAL(got.filter, RUMP_EVFILT_READ);
	CHECK_OK(rump_sys_close(w));
	CHECK_EQUAL(rump_sys_read(r, block, PIPE_SIZE), PIPE_SIZE);
	CHECK_EQUAL(rump_sys_kevent(kq, NULL, 0, &got, 1, &now_or_never), 1);
	CHECK_EQUAL(got.flags & RUMP_EV_EOF, RUMP_EV_EOF);
	CHECK_OK(rump_sys_close(r));
	CHECK_OK(rump_sys_close(kq));
}

/* A file system that is taken away: whoever waits in a pipe of it fails. */
static void
taken_away(void)
{
	struct rump_tmpfs_args args = { .ta_version = RUMP_TMPFS_ARGS_VERSION,
	    .ta_root_mode = 0755 };
	struct side side[2] = {
	    { .s_flags = RUMP_O_RDONLY, .s_size = 10, .s_times = 1 },
	    { .s_flags = RUMP_O_RDONLY, .s_size = 10, .s_times = 1 } };
	const char *before = fifo;
	int fd, i;
	char c;

	CHECK_OK(rump_sys_mkdir("/t", 0755));
	CHECK_OK(rump_sys_mount("tmpfs", "/t", 0, &args, sizeof(args)));
	CHECK_OK(rump_sys_mkfifo("/t/waits", 0644));
	fifo = "/t/waits";
	side_start(&side[0]);
	while ((fd = rump_sys_open(fifo, RUMP_O_WRONLY | RUMP_O_NONBLOCK)) ==
	    -1)
		sched_yield();
	side_start(&side[1]);
	CHECK_FAILS(rump_sys_unmount("/t", 0), RUMP_EBUSY);
	CHECK_OK(rump_sys_unmount("/t", RUMP_MNT_FORCE));
	fifo = before;
	for (i = 0; i < 2; i++) {
		pthread_join(side[i].s_thread, NULL);
		CHECK_EQUAL(side[i].s_moved, 0);
	}
	CHECK_EQUAL(side[0].s_errno, RUMP_EIO);
	CHECK_FAILS(rump_sys_write(fd, "x", 1), RUMP_EIO);
	CHECK(rump_sys_read(fd, &c, 1) == -1);
	CHECK_OK(rump_sys_close(fd));
	CHECK_OK(rump_sys_rmdir("/t"));
}

/* The last case: nobody waits any more. */
static void
waiting_ends(void)
{
	struct side opener = { .s_flags = RUMP_O_RDONLY, .s_size = 10,
	    .s_times = 1 };
	static char block[PIPE_SIZE];
	int r, w;
	char c;

	side_start(&opener);
	while ((w = rump_sys_open(fifo, RUMP_O_WRONLY | RUMP_O_NONBLOCK)) ==
	    -1)
		sched_yield();
	rump_pub_pipes_end();
	pthread_join(opener.s_thread, NULL);
	CHECK_EQUAL(opener.s_errno, RUMP_EINTR);
	CHECK_OK(rump_sys_close(w));
	CHECK_FAILS(rump_sys_open(fifo, RUMP_O_RDONLY), RUMP_EINTR);
	CHECK_FAILS(rump_sys_open(fifo, RUMP_O_WRONLY), RUMP_EINTR);
	/* The opens that failed left nobody behind. */
	CHECK_FAILS(rump_sys_open(fifo, RUMP_O_WRONLY | RUMP_O_NONBLOCK),
	    RUMP_ENXIO);
	r = h_open(fifo, RUMP_O_RDONLY | RUMP_O_NONBLOCK);
	w = h_open(fifo, RUMP_O_WRONLY);
	CHECK_OK(rump_sys_fcntl(r, RUMP_F_SETFL, NULL));
	CHECK_FAILS(rump_sys_read(r, &c, 1), RUMP_EINTR);
	CHECK_EQUAL(rump_sys_write(w, block, PIPE_SIZE), PIPE_SIZE);
	CHECK_FAILS(rump_sys_write(w, "x", 1), RUMP_EINTR);
	CHECK_OK(rump_sys_close(r));
	CHECK_OK(rump_sys_close(w));
}

/* Whether it waits is the open file's, and may change. */
static void
waiting_is_turned_off(void)
{
	int both = h_open(fifo, RUMP_O_RDWR), off = 0, on = 1;
	char c;

	CHECK_OK(rump_sys_ioctl(both, FIONBIO, &on));
	CHECK_EQUAL(rump_sys_fcntl(both, RUMP_F_GETFL, NULL),
	    RUMP_O_RDWR | RUMP_O_NONBLOCK);
	CHECK_FAILS(rump_sys_read(both, &c, 1), RUMP_EAGAIN);
	CHECK_OK(rump_sys_ioctl(both, FIONBIO, &off));
	CHECK_EQUAL(rump_sys_fcntl(both, RUMP_F_GETFL, NULL), RUMP_O_RDWR);
	CHECK_FAILS(rump_sys_ioctl(both, FIONBIO, NULL), RUMP_EFAULT);
	CHECK_OK(rump_sys_close(both));
}

static const struct tap_case cases[] = {
	{ "ends that do not wait", opening_without_waiting },
	{ "waiting is turned off and on", waiting_is_turned_off },
	{ "no places in a pipe; its name", no_places },
	{ "a full pipe", full_pipe },
	{ "opening waits for the other end", opening_waits },
	{ "writing waits for room", writing_waits },
	{ "small writes are not mixed", small_writes_stay_whole },
	{ "kqueue", events },
	{ "a file system that is taken away", taken_away },
	{ "no waiting any more", waiting_ends },
};

int
main(void)
{

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (rump_init() != 0)
		abort();
	fifo = "/pipe";
	if (rump_sys_mkfifo(fifo, 0644) != 0)
		abort();
	return TAP_RUN(cases);
}
