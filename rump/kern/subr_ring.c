/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * subr_ring.c: the bytes of a pipe (sys/ring.h).
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/malloc.h>
#include <sys/ring.h>
#include <sys/uio.h>

void
ring_free(struct ring *r)
{

	if (r->r_data != NULL)
		free(r->r_data, M_FILE);
	r->r_data = NULL;
	r->r_first = r->r_used = 0;
}

/* Moves n bytes, in one piece or, where the ring ends, in two. */
static int
ring_move(struct ring *r, size_t at, size_t n, struct uio *uio)
{
	size_t piece;
	int error = 0;

	for (; n != 0 && error == 0; n -= piece, at += piece) {
		at %= RING_SIZE;
		piece = MIN(n, RING_SIZE - at);
		error = uiomove(r->r_data + at, (int)piece, uio);
	}
	return (error);
}

int
ring_read(struct ring *r, struct uio *uio)
{
	size_t n = MIN(r->r_used, (size_t)uio->uio_resid);
	int error;

	if ((error = ring_move(r, r->r_first, n, uio)) != 0)
		return (error);
	r->r_first = (r->r_first + n) % RING_SIZE;
	r->r_used -= n;
	return (0);
}

int
ring_write(struct ring *r, size_t least, struct uio *uio)
{
	size_t n = MIN(RING_SIZE - r->r_used, (size_t)uio->uio_resid);
	char *data;
	int error;

	if (r->r_data == NULL) {
		data = malloc(RING_SIZE, M_FILE, M_WAITOK | M_CANFAIL);
		if (data == NULL)
			return (ENOMEM);
		/* malloc() slept, perhaps: somebody may have been faster. */
		if (r->r_data == NULL)
			r->r_data = data;
		else
			free(data, M_FILE);
		return (ring_write(r, least, uio));
	}
	if (n < least)
		return (EAGAIN);
	if ((error = ring_move(r, r->r_first + r->r_used, n, uio)) == 0)
		r->r_used += n;
	return (error);
}
