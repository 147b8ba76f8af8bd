/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c: threads, preemption, and the locks of rumpuser(3).
 */
#include "../guest.h"

#define	NTHREADS	5
#define	NROUNDS		2000

static struct rumpuser_mtx *mtx;
static struct rumpuser_cv *cv;
static struct rumpuser_rw *rw;
static volatile int counter, turn, nreaders, maxreaders, inwriter;
static volatile int stop;
static volatile unsigned long spins[3];

static uint64_t
now(void)
{
	int64_t sec;
	long nsec;

	CHECK(rumpuser_clock_gettime(RUMPUSER_CLOCK_ABSMONO, &sec, &nsec) == 0);
	return (uint64_t)sec * 1000000000UL + (uint64_t)nsec;
}

static void *
count(void *arg)
{
	int i, old;

	for (i = 0; i < NROUNDS; i++) {
		rumpuser_mutex_enter(mtx);
		old = counter;
		if (i % 500 == 0)
			rumpuser_clock_sleep(RUMPUSER_CLOCK_RELWALL, 0, 1000);
		counter = old + 1;
		rumpuser_mutex_exit(mtx);
	}
	return arg;
}

static void
test_mutex(void)
{
	void *cookie[NTHREADS];
	int i;

	for (i = 0; i < NTHREADS; i++)
		CHECK(rumpuser_thread_create(count, NULL, "count", 1, -1, -1,
		    &cookie[i]) == 0);
	for (i = 0; i < NTHREADS; i++)
		CHECK(rumpuser_thread_join(cookie[i]) == 0);
	CHECK(counter == NTHREADS * NROUNDS);
	CHECK(rumpuser_mutex_tryenter(mtx) == 0);
	CHECK(rumpuser_mutex_tryenter(mtx) == RUMP_EBUSY);
	rumpuser_mutex_exit(mtx);
}

/* The threads run in turn, each woken by the one before. */
static void *
relay(void *arg)
{
	int me = (int)(intptr_t)arg, i;

	for (i = 0; i < 200; i++) {
		rumpuser_mutex_enter(mtx);
		while (turn != me)
			rumpuser_cv_wait(cv, mtx);
		turn = (turn + 1) % NTHREADS;
		rumpuser_cv_broadcast(cv);
		rumpuser_mutex_exit(mtx);
	}
	return NULL;
}

static void
test_cv(void)
{
	void *cookie[NTHREADS];
	int i, n;

	for (i = 0; i < NTHREADS; i++)
		CHECK(rumpuser_thread_create(relay, (void *)(intptr_t)i,
		    "relay", 1, -1, -1, &cookie[i]) == 0);
	for (i = 0; i < NTHREADS; i++)
		CHECK(rumpuser_thread_join(cookie[i]) == 0);
	rumpuser_cv_has_waiters(cv, &n);
	CHECK(n == 0);
}

static void
test_timedwait(void)
{
	uint64_t before = now(), took;

	rumpuser_mutex_enter(mtx);
	CHECK(rumpuser_cv_timedwait(cv, mtx, 0, 30000000) == RUMP_ETIMEDOUT);
	rumpuser_mutex_exit(mtx);
	took = now() - before;
	CHECK(took >= 30000000 && took < 2000000000);
}

/* Never gives the CPU away. */
static void *
spin(void *arg)
{
	volatile unsigned long *n = arg;

	while (!stop)
		++*n;
	return NULL;
}

static void
test_preemption(void)
{
	void *cookie[3];
	int i;

	for (i = 0; i < 3; i++)
		CHECK(rumpuser_thread_create(spin, (void *)(uintptr_t)&spins[i],
		    "spin", 1, -1, -1, &cookie[i]) == 0);
	CHECK(rumpuser_clock_sleep(RUMPUSER_CLOCK_RELWALL, 0, 200000000) == 0);
	stop = 1;
	for (i = 0; i < 3; i++) {
		CHECK(rumpuser_thread_join(cookie[i]) == 0);
		CHECK(spins[i] > 1000);
	}
}

static void *
use_rw(void *arg)
{
	int writer = arg != NULL, i;

	for (i = 0; i < 100; i++) {
		rumpuser_rw_enter(writer ? RUMPUSER_RW_WRITER :
		    RUMPUSER_RW_READER, rw);
		if (writer) {
			CHECK(nreaders == 0 && inwriter == 0);
			inwriter = 1;
		} else {
			CHECK(inwriter == 0);
			nreaders++;
			if (nreaders > maxreaders)
				maxreaders = nreaders;
		}
		rumpuser_clock_sleep(RUMPUSER_CLOCK_RELWALL, 0, 20000);
		if (writer)
			inwriter = 0;
		else
			nreaders--;
		rumpuser_rw_exit(rw);
	}
	return NULL;
}

static void
test_rw(void)
{
	void *cookie[NTHREADS];
	int i, held;

	rumpuser_rw_init(&rw);
	for (i = 0; i < NTHREADS; i++)
		CHECK(rumpuser_thread_create(use_rw, i == 0 ? cookie : NULL,
		    "rw", 1, -1, -1, &cookie[i]) == 0);
	for (i = 0; i < NTHREADS; i++)
		CHECK(rumpuser_thread_join(cookie[i]) == 0);
	CHECK(maxreaders > 1);
	rumpuser_rw_enter(RUMPUSER_RW_READER, rw);
	CHECK(rumpuser_rw_tryenter(RUMPUSER_RW_WRITER, rw) == RUMP_EBUSY);
	CHECK(rumpuser_rw_tryupgrade(rw) == 0);
	rumpuser_rw_held(RUMPUSER_RW_WRITER, rw, &held);
	CHECK(held);
	CHECK(rumpuser_rw_tryenter(RUMPUSER_RW_READER, rw) == RUMP_EBUSY);
	rumpuser_rw_downgrade(rw);
	CHECK(rumpuser_rw_tryenter(RUMPUSER_RW_READER, rw) == 0);
	rumpuser_rw_exit(rw);
	rumpuser_rw_exit(rw);
	rumpuser_rw_destroy(rw);
}

static void *
nothing(void *arg)
{

	return arg;
}

/* Many short threads, joined and not: their stacks come back. */
static void
test_many(void)
{
	void *cookie;
	int i;

	for (i = 0; i < 1000; i++) {
		CHECK(rumpuser_thread_create(nothing, NULL, "short", 1, -1, -1,
		    &cookie) == 0);
		CHECK(rumpuser_thread_join(cookie) == 0);
		CHECK(rumpuser_thread_create(nothing, NULL, "short", 0, -1, -1,
		    NULL) == 0);
	}
}

/* Memory of many sizes at once keeps what was put into it. */
static void
test_heap(void)
{
	static const size_t sizes[] = { 1, 16, 17, 48, 100, 513, 1300, 2049,
	    4096, 5000, 70000 };
	enum { NSIZES = sizeof(sizes) / sizeof(sizes[0]) };
	void *p[24][NSIZES];
	size_t s;
	int round, i;

	for (round = 0; round < 20; round++) {
		for (i = 0; i < 24; i++)
			for (s = 0; s < NSIZES; s++) {
				CHECK(rumpuser_malloc(sizes[s],
				    s % 3 == 0 ? 64 : 0, &p[i][s]) == 0);
				CHECK((uintptr_t)p[i][s] %
				    (s % 3 == 0 ? 64 : 16) == 0);
				memset(p[i][s], i + (int)s, sizes[s]);
			}
		for (i = 0; i < 24; i++)
			for (s = 0; s < NSIZES; s++) {
				const char *c = p[(i * 7) % 24][s];

				CHECK(c[0] == (char)((i * 7) % 24 + (int)s));
				CHECK(c[sizes[s] - 1] == c[0]);
				rumpuser_free(p[(i * 7) % 24][s], sizes[s]);
			}
	}
}

void
host_main(const struct host_bootinfo *hb)
{

	(void)hb;
	rumpuser_mutex_init(&mtx, 0);
	rumpuser_cv_init(&cv);
	test_mutex();
	test_cv();
	test_timedwait();
	test_preemption();
	test_rw();
	test_many();
	test_heap();
	rumpuser_dprintf("threads, locks and heap are in order\n");
}
