/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bio.c: block input and output with completion.
 *
 * A thread hop costs more than reading what the page cache has, and the base
 * mostly waits for a read at once.  So a read of a regular file is done by the
 * caller: first without giving up the virtual CPU, if the page cache has it
 * all; else with the CPU given up.  Everything else goes to a few I/O threads,
 * made when the first such transfer comes.
 */
#include "rumpuser_int.h"

#include <limits.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <unistd.h>

#define	BIO_THREADS	2

struct bio {
	struct bio *bio_next;
	int bio_fd;
	int bio_op;
	char *bio_data;
	size_t bio_len;
	int64_t bio_off;
	rump_biodone_fn bio_done;
	void *bio_arg;
};

/* Guarded by bio_lock. */
static struct rumpuser__lock bio_lock;
static struct bio *bio_head, **bio_tailp = &bio_head;
static int bio_nthreads, bio_idle;

/* Changes with every transfer that is queued; I/O threads wait for that. */
static _Atomic uint32_t bio_sequence;

/* Moves all of it, or up to the end of the file, or up to an error. */
static size_t
bio_transfer(const struct bio *bio, size_t from, int *error)
{
	size_t done = from;
	ssize_t n;

	*error = 0;
	while (done < bio->bio_len) {
		if (bio->bio_op & RUMPUSER_BIO_READ)
			n = pread(bio->bio_fd, bio->bio_data + done,
			    bio->bio_len - done, bio->bio_off + (off_t)done);
		else
			n = pwrite(bio->bio_fd, bio->bio_data + done,
			    bio->bio_len - done, bio->bio_off + (off_t)done);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			*error = rumpuser__errno();
		if (n <= 0)
			break;
		done += (size_t)n;
	}
	if (*error == 0 && (bio->bio_op & RUMPUSER_BIO_SYNC) &&
	    fdatasync(bio->bio_fd) == -1)
		*error = rumpuser__errno();
	return done;
}

static void
bio_read_here(const struct bio *bio)
{
	struct iovec iov = { bio->bio_data, bio->bio_len };
	ssize_t n;
	size_t done;
	int error = 0, nlocks;

	n = preadv2(bio->bio_fd, &iov, 1, bio->bio_off, RWF_NOWAIT);
	done = n > 0 ? (size_t)n : 0;
	if (done != bio->bio_len) {
		rumpuser__unschedule(&nlocks, NULL);
		done = bio_transfer(bio, done, &error);
		rumpuser__schedule(nlocks, NULL);
	}
	bio->bio_done(bio->bio_arg, done, error);
}

static struct bio *
bio_take(void)
{
	struct bio *bio;
	uint32_t sequence;

	for (;;) {
		rumpuser__lock(&bio_lock);
		sequence = atomic_load(&bio_sequence);
		if ((bio = bio_head) != NULL) {
			if ((bio_head = bio->bio_next) == NULL)
				bio_tailp = &bio_head;
			rumpuser__unlock(&bio_lock);
			return bio;
		}
		bio_idle++;
		rumpuser__unlock(&bio_lock);
		(void)rumpuser__wait(&bio_sequence, sequence, NULL);
		rumpuser__lock(&bio_lock);
		bio_idle--;
		rumpuser__unlock(&bio_lock);
	}
}

static void *
bio_thread(void *arg)
{
	struct bio *bio;
	size_t done;
	int error;

	(void)arg;
	rumpuser__hyp.hyp_schedule();
	(void)rumpuser__hyp.hyp_lwproc_newlwp(0);
	rumpuser__hyp.hyp_unschedule();
	for (;;) {
		bio = bio_take();
		done = bio_transfer(bio, 0, &error);
		rumpuser__hyp.hyp_schedule();
		bio->bio_done(bio->bio_arg, done, error);
		rumpuser__hyp.hyp_unschedule();
		rumpuser_free(bio, sizeof(*bio));
	}
	return NULL;
}

/* One more I/O thread if all are busy; without any, the caller must do it. */
static int
bio_thread_ready(void)
{
	int error, ready;

	rumpuser__lock(&bio_lock);
	ready = bio_idle > 0 || bio_nthreads == BIO_THREADS;
	if (!ready)
		bio_nthreads++;
	rumpuser__unlock(&bio_lock);
	if (ready)
		return 0;
	error = rumpuser_thread_create(bio_thread, NULL, "rumpbio", 0, -1, -1,
	    NULL);
	if (error == 0)
		return 0;
	rumpuser__lock(&bio_lock);
	ready = --bio_nthreads > 0;
	rumpuser__unlock(&bio_lock);
	return ready ? 0 : error;
}

/*
 * A flush is for writes that are over.  It goes first: behind those that are queued
 * it would begin when there is nothing more to do beside it.  Caller must hold
 * bio_lock.
 */
static void
bio_enter(struct bio *bio)
{

	if (bio->bio_len == 0 && bio_head != NULL) {
		bio->bio_next = bio_head;
		bio_head = bio;
		return;
	}
	bio->bio_next = NULL;
	*bio_tailp = bio;
	bio_tailp = &bio->bio_next;
}

static int
bio_queue(const struct bio *request)
{
	struct bio *bio;
	void *p;
	int error;

	if ((error = rumpuser_malloc(sizeof(*bio), 0, &p)) != 0)
		return error;
	if ((error = bio_thread_ready()) != 0) {
		rumpuser_free(p, sizeof(*bio));
		return error;
	}
	bio = p;
	*bio = *request;
	rumpuser__lock(&bio_lock);
	bio_enter(bio);
	atomic_fetch_add(&bio_sequence, 1);
	rumpuser__unlock(&bio_lock);
	rumpuser__wake(&bio_sequence, 1);
	return 0;
}

void
rumpuser_bio(int fd, int op, void *data, size_t len, int64_t off,
    rump_biodone_fn biodone, void *donearg)
{
	const struct bio bio = {
		.bio_fd = fd, .bio_op = op, .bio_data = data, .bio_len = len,
		.bio_off = off, .bio_done = biodone, .bio_arg = donearg
	};
	int error;

	if ((op & RUMPUSER_BIO_READ) && rumpuser__file_is_regular(fd)) {
		bio_read_here(&bio);
		return;
	}
	if ((error = bio_queue(&bio)) != 0)
		biodone(donearg, 0, error);
}
