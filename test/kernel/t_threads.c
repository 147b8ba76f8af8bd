/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_threads.c: threads, locks, condition variables and block I/O of the posix
 * host, with threads that meet in them.
 */
#include <fcntl.h>
#include <unistd.h>

#include "h_hyp.h"
#include "tap.h"

#define	NTHREADS	4
#define	NROUNDS		20000

static struct rumpuser_mtx *mtx;
static struct rumpuser_cv *cv;
static struct rumpuser_rw *rw;
static volatile long counter;
static volatile int flag;

static void
run_threads(void *(*fun)(void *), int n)
{
	void *cookies[NTHREADS];
	int i;

	for (i = 0; i < n; i++)
		CHECK_EQUAL(rumpuser_thread_create(fun, NULL, "t_thread", 1, -1,
		    -1, &cookies[i]), 0);
	h_schedule();
	for (i = 0; i < n; i++)
		CHECK_EQUAL(rumpuser_thread_join(cookies[i]), 0);
	h_unschedule();
}

static void *
mutex_thread(void *arg)
{
	int i;

	rumpuser_curlwpop(RUMPUSER_LWP_SET, (struct lwp *)&arg);
	h_schedule();
	for (i = 0; i < NROUNDS; i++) {
		rumpuser_mutex_enter(mtx);
		counter++;
		rumpuser_mutex_exit(mtx);
		if (i % 64 == 0) {
			h_unschedule();
			h_schedule();
		}
	}
	h_unschedule();
	return NULL;
}

static void
t_mutex(void)
{

	rumpuser_mutex_init(&mtx, RUMPUSER_MTX_KMUTEX);
	counter = 0;
	run_threads(mutex_thread, NTHREADS);
	CHECK_EQUAL(counter, (long)NTHREADS * NROUNDS);
	rumpuser_mutex_destroy(mtx);
}

static void *
nowrap_thread(void *arg)
{
	int i;

	for (i = 0; i < NROUNDS; i++) {
		rumpuser_mutex_enter_nowrap(mtx);
		counter++;
		rumpuser_mutex_exit(mtx);
	}
	return arg;
}

static void
t_mutex_nowrap(void)
{
	int before = h_unschedules;

	rumpuser_mutex_init(&mtx, RUMPUSER_MTX_SPIN);
	counter = 0;
	run_threads(nowrap_thread, NTHREADS);
	CHECK_EQUAL(counter, (long)NTHREADS * NROUNDS);
	/* Only the joins gave up the CPU. */
	CHECK_EQUAL(h_unschedules, before + NTHREADS);
	rumpuser_mutex_destroy(mtx);
}

static void
t_mutex_owner(void)
{
	struct lwp *owner, *me = (struct lwp *)&owner;

	rumpuser_curlwpop(RUMPUSER_LWP_SET, me);
	CHECK(rumpuser_curlwp() == me);
	rumpuser_mutex_init(&mtx, RUMPUSER_MTX_KMUTEX);
	rumpuser_mutex_owner(mtx, &owner);
	CHECK(owner == NULL);
	rumpuser_mutex_enter(mtx);
	rumpuser_mutex_owner(mtx, &owner);
	CHECK(owner == me);
	CHECK_EQUAL(rumpuser_mutex_tryenter(mtx), RUMP_EBUSY);
	rumpuser_mutex_exit(mtx);
	rumpuser_mutex_owner(mtx, &owner);
	CHECK(owner == NULL);
	CHECK_EQUAL(rumpuser_mutex_tryenter(mtx), 0);
	rumpuser_mutex_owner(mtx, &owner);
	CHECK(owner == me);
	rumpuser_mutex_exit(mtx);
	rumpuser_mutex_destroy(mtx);
	rumpuser_curlwpop(RUMPUSER_LWP_CLEAR, me);
	CHECK(rumpuser_curlwp() == NULL);
}

/* Each turn waits for the other one: a lost wakeup would hang here. */
static void *
cv_thread(void *arg)
{
	int i;

	h_schedule();
	rumpuser_mutex_enter(mtx);
	for (i = 0; i < 2000; i++) {
		while (flag != 1)
			rumpuser_cv_wait(cv, mtx);
		flag = 0;
		rumpuser_cv_broadcast(cv);
	}
	rumpuser_mutex_exit(mtx);
	h_unschedule();
	return arg;
}

static void
t_cv(void)
{
	void *cookie;
	int i, waiters = 99;

	rumpuser_mutex_init(&mtx, RUMPUSER_MTX_KMUTEX);
	rumpuser_cv_init(&cv);
	rumpuser_cv_has_waiters(cv, &waiters);
	CHECK_EQUAL(waiters, 0);
	flag = 0;
	CHECK_EQUAL(rumpuser_thread_create(cv_thread, NULL, "t_cv", 1, -1, -1,
	    &cookie), 0);
	h_schedule();
	rumpuser_mutex_enter(mtx);
	for (i = 0; i < 2000; i++) {
		flag = 1;
		rumpuser_cv_signal(cv);
		while (flag != 0)
			rumpuser_cv_wait(cv, mtx);
	}
	rumpuser_mutex_exit(mtx);
	CHECK_EQUAL(rumpuser_thread_join(cookie), 0);
	h_unschedule();
	CHECK_EQUAL(h_unschedules, h_schedules);
	rumpuser_cv_destroy(cv);
	rumpuser_mutex_destroy(mtx);
}

static void
t_cv_timedwait(void)
{
	int64_t s0, s1;
	long n0, n1;

	rumpuser_mutex_init(&mtx, RUMPUSER_MTX_SPIN);
	rumpuser_cv_init(&cv);
	h_schedule();
	rumpuser_mutex_enter(mtx);
	rumpuser_clock_gettime(RUMPUSER_CLOCK_ABSMONO, &s0, &n0);
	while (rumpuser_cv_timedwait(cv, mtx, 0, 10000000) != RUMP_ETIMEDOUT)
		continue;
	rumpuser_clock_gettime(RUMPUSER_CLOCK_ABSMONO, &s1, &n1);
	CHECK((s1 - s0) * 1000000000 + n1 - n0 >= 10000000);
	CHECK_EQUAL(rumpuser_mutex_tryenter(mtx), RUMP_EBUSY);
	rumpuser_mutex_exit(mtx);
	h_unschedule();
	rumpuser_cv_destroy(cv);
	rumpuser_mutex_destroy(mtx);
}

static void *
rw_thread(void *arg)
{
	long seen;
	int i;

	h_schedule();
	for (i = 0; i < 5000; i++) {
		if (i % 4 == 0) {
			rumpuser_rw_enter(RUMPUSER_RW_WRITER, rw);
			counter++;
			if (i % 8 == 0)
				rumpuser_rw_downgrade(rw);
		} else {
			rumpuser_rw_enter(RUMPUSER_RW_READER, rw);
			seen = counter;
			if (seen != counter)
				abort();
		}
		rumpuser_rw_exit(rw);
		if (i % 16 == 0) {
			h_unschedule();
			h_schedule();
		}
	}
	h_unschedule();
	return arg;
}

static void
t_rw(void)
{
	int held;

	rumpuser_rw_init(&rw);
	CHECK_EQUAL(rumpuser_rw_tryenter(RUMPUSER_RW_READER, rw), 0);
	CHECK_EQUAL(rumpuser_rw_tryenter(RUMPUSER_RW_READER, rw), 0);
	CHECK_EQUAL(rumpuser_rw_tryenter(RUMPUSER_RW_WRITER, rw), RUMP_EBUSY);
	CHECK_EQUAL(rumpuser_rw_tryupgrade(rw), RUMP_EBUSY);
	rumpuser_rw_exit(rw);
	CHECK_EQUAL(rumpuser_rw_tryupgrade(rw), 0);
	rumpuser_rw_held(RUMPUSER_RW_WRITER, rw, &held);
	CHECK_EQUAL(held, 1);
	rumpuser_rw_held(RUMPUSER_RW_READER, rw, &held);
	CHECK_EQUAL(held, 0);
	CHECK_EQUAL(rumpuser_rw_tryenter(RUMPUSER_RW_READER, rw), RUMP_EBUSY);
	rumpuser_rw_downgrade(rw);
	rumpuser_rw_held(RUMPUSER_RW_READER, rw, &held);
	CHECK_EQUAL(held, 1);
	rumpuser_rw_exit(rw);
	counter = 0;
	run_threads(rw_thread, NTHREADS);
	CHECK_EQUAL(counter, NTHREADS * 1250);
	rumpuser_rw_destroy(rw);
}

static _Atomic int bio_done, bio_error;
static _Atomic size_t bio_bytes;

static void
biodone(void *arg, size_t done, int error)
{

	(void)arg;
	bio_bytes += done;
	if (error != 0)
		bio_error = error;
	bio_done++;
}

static void
bio_wait(int n)
{
	int i;

	for (i = 0; i < 5000 && bio_done < n; i++)
		CHECK_EQUAL(rumpuser_clock_sleep(RUMPUSER_CLOCK_RELWALL, 0,
		    1000000), 0);
	CHECK_EQUAL(bio_done, n);
}

static void
t_bio(void)
{
	static char out[8][4096], in[4096 * 8 + 100];
	char name[] = "/tmp/t_threads.XXXXXX";
	struct rumpuser_posix_usage usage;
	int fd, i;

	close(mkstemp(name));
	h_schedule();
	CHECK_EQUAL(rumpuser_open(name, RUMPUSER_OPEN_RDWR | RUMPUSER_OPEN_BIO,
	    &fd), 0);
	unlink(name);
	for (i = 0; i < 8; i++) {
		memset(out[i], 'a' + i, sizeof(out[i]));
		rumpuser_bio(fd, RUMPUSER_BIO_WRITE | RUMPUSER_BIO_SYNC, out[i],
		    sizeof(out[i]), i * 4096, biodone, NULL);
	}
	bio_wait(8);
	CHECK_EQUAL(bio_error, 0);
	CHECK_EQUAL(bio_bytes, 8 * 4096);

	bio_done = 0;
	bio_bytes = 0;
	rumpuser_bio(fd, RUMPUSER_BIO_READ, in, sizeof(in), 0, biodone, NULL);
	CHECK_EQUAL(bio_done, 1);
	CHECK_EQUAL(bio_bytes, 8 * 4096);
	for (i = 0; i < 8; i++)
		CHECK(memcmp(in + i * 4096, out[i], 4096) == 0);
	rumpuser_bio(fd, RUMPUSER_BIO_READ, in, 10, 100000, biodone, NULL);
	CHECK_EQUAL(bio_bytes, 8 * 4096);
	CHECK_EQUAL(rumpuser_close(fd), 0);
	rumpuser_bio(fd, RUMPUSER_BIO_READ, in, 10, 0, biodone, NULL);
	bio_wait(3);
	CHECK_EQUAL(bio_error, RUMP_EBADF);
	h_unschedule();
	rumpuser_posix_usage(&usage);
	CHECK(usage.pu_threads >= 1 && usage.pu_threads <= 2);
}

static const struct tap_case cases[] = {
	{ "a mutex excludes, and gives the CPU up to wait", t_mutex },
	{ "a spin mutex excludes without giving the CPU up", t_mutex_nowrap },
	{ "a mutex knows its owner", t_mutex_owner },
	{ "a condition variable loses no wakeup", t_cv },
	{ "a timed wait ends with the mutex held", t_cv_timedwait },
	{ "a reader/writer lock shares and excludes", t_rw },
	{ "block I/O completes, reads at once and writes on a thread", t_bio },
};

int
main(void)
{

	h_init();
	return TAP_RUN(cases);
}
