/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c: writes and flushes the first disk in an order that the test knows.
 * Each write is one sector, filled with its own letter, at the sector of its
 * number.
 */
#include "../guest.h"

static int fd;
static int pending;
static struct rumpuser_mtx *mtx;
static struct rumpuser_cv *cv;
static char sectors[4][512];

static void
done(void *arg, size_t moved, int error)
{

	CHECK(arg == NULL && moved == 512 && error == 0);
	rumpuser_mutex_enter(mtx);
	pending--;
	rumpuser_cv_signal(cv);
	rumpuser_mutex_exit(mtx);
}

static void
write_sector(int n, int op)
{

	memset(sectors[n], 'a' + n, sizeof(sectors[n]));
	pending = 1;
	rumpuser_bio(fd, RUMPUSER_BIO_WRITE | op, sectors[n],
	    sizeof(sectors[n]), n * 512L, done, NULL);
	rumpuser_mutex_enter(mtx);
	while (pending != 0)
		rumpuser_cv_wait(cv, mtx);
	rumpuser_mutex_exit(mtx);
}

static void
flush(void)
{

	CHECK(rumpuser_syncfd(fd, RUMPUSER_SYNCFD_WRITE | RUMPUSER_SYNCFD_SYNC,
	    0, 0) == 0);
}

void
host_main(const struct host_bootinfo *hb)
{

	(void)hb;
	CHECK(rumpuser_open("vda", RUMPUSER_OPEN_RDWR | RUMPUSER_OPEN_BIO,
	    &fd) == 0);
	rumpuser_mutex_init(&mtx, 0);
	rumpuser_cv_init(&cv);
	flush();			/* nothing was written: none */
	write_sector(0, 0);
	write_sector(1, 0);
	flush();			/* one for both */
	flush();			/* nothing since: none */
	write_sector(2, RUMPUSER_BIO_SYNC);	/* brings its own */
	flush();			/* none */
	write_sector(3, 0);		/* never flushed */
	rumpuser_dprintf("written\n");
}
