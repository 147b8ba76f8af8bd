/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lwp.c: what a host thread knows of itself: its lwp, the errno of its last
 * system call, and its way out of the kernel.
 */
#include "rumpuser_int.h"

__thread struct rumpuser__self rumpuser__self;

void
rumpuser_curlwpop(int op, struct lwp *l)
{

	switch (op) {
	case RUMPUSER_LWP_SET:
		rumpuser__self.rs_lwp = l;
		break;
	case RUMPUSER_LWP_CLEAR:
		rumpuser__self.rs_lwp = NULL;
		break;
	case RUMPUSER_LWP_CREATE:
	case RUMPUSER_LWP_DESTROY:
		/* The host keeps nothing per lwp. */
		break;
	}
}

struct lwp *
rumpuser_curlwp(void)
{

	return rumpuser__self.rs_lwp;
}

void
rumpuser_seterrno(int error)
{

	rumpuser__self.rs_error = error;
}

int
rumpglue_errno(void)
{

	return rumpuser__self.rs_error;
}

/*
 * Functions of their own, not to be put into another: the thread after the call
 * may be another one than before (fibers.c).
 */
static __attribute__((__noinline__)) int
call_finish(const struct rumpuser__entry *entry, int failed)
{
	struct rumpuser__self *self = &rumpuser__self;

	self->rs_entry = entry->re_outer;
	return failed ? self->rs_error : 0;
}

/* Read again: only memory is dependable after the jump. */
static __attribute__((__noinline__)) void
call_left(void)
{
	struct rumpuser__self *self = &rumpuser__self;

	self->rs_entry = self->rs_entry->re_outer;
	self->rs_lwp = NULL;
}

int64_t
rumpuser_posix_call(rumpuser_posix_fn fun, int64_t a, int64_t b, int64_t c,
    int64_t d, int64_t e, int64_t f, int *error)
{
	struct rumpuser__entry entry;
	int64_t result;

	if (rumpuser__wait_ended())
		goto ended;
	entry.re_outer = rumpuser__self.rs_entry;
	rumpuser__self.rs_entry = &entry;
	if (_setjmp(entry.re_jump) != 0) {
		call_left();
		goto ended;
	}
	rumpuser__self.rs_error = 0;
	result = fun(a, b, c, d, e, f);
	*error = call_finish(&entry, (int32_t)result == -1);
	return result;
ended:
	*error = RUMPUSER_POSIX_ENDED;
	return -1;
}
