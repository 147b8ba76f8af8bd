/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * threads.c: threads that share a lock, a condition, and thread-local storage;
 * prints one line, "threads ok", or what went wrong.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define	NTHREADS	8
#define	ROUNDS		2000

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static int waiting, go;
static long counter;
static __thread long mine;

static void
fail(const char *what)
{

	printf("threads: %s\n", what);
	exit(1);
}

static void *
worker(void *arg)
{
	int i;

	pthread_mutex_lock(&lock);
	waiting++;
	pthread_cond_broadcast(&cond);
	while (!go)
		pthread_cond_wait(&cond, &lock);
	pthread_mutex_unlock(&lock);
	for (i = 0; i < ROUNDS; i++) {
		pthread_mutex_lock(&lock);
		counter++;
		pthread_mutex_unlock(&lock);
		mine++;
	}
	if (mine != ROUNDS)
		fail("thread-local storage is shared");
	return arg;
}

/* A wait that nobody ends must end by itself. */
static void
timed_wait(void)
{
	struct timespec ts;
	int error;

	clock_gettime(CLOCK_REALTIME, &ts);
	ts.tv_nsec += 20 * 1000 * 1000;
	if (ts.tv_nsec >= 1000000000) {
		ts.tv_nsec -= 1000000000;
		ts.tv_sec++;
	}
	pthread_mutex_lock(&lock);
	do {
		error = pthread_cond_timedwait(&cond, &lock, &ts);
	} while (error == 0);
	pthread_mutex_unlock(&lock);
	if (error != ETIMEDOUT)
		fail("a timed wait did not time out");
}

int
main(void)
{
	pthread_t threads[NTHREADS];
	void *result;
	long i;

	for (i = 0; i < NTHREADS; i++) {
		if (pthread_create(&threads[i], NULL, worker, (void *)i) != 0)
			fail("pthread_create");
	}
	pthread_mutex_lock(&lock);
	while (waiting < NTHREADS)
		pthread_cond_wait(&cond, &lock);
	go = 1;
	pthread_cond_broadcast(&cond);
	pthread_mutex_unlock(&lock);
	for (i = 0; i < NTHREADS; i++) {
		if (pthread_join(threads[i], &result) != 0)
			fail("pthread_join");
		if (result != (void *)i)
			fail("a thread's result");
	}
	if (counter != (long)NTHREADS * ROUNDS)
		fail("increments were lost");
	timed_wait();
	puts("threads ok");
	return 0;
}
