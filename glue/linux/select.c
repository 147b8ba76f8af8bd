/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * select.c: select and pselect6, as poll with sets of bits.
 */
#include "linux.h"
#include "file.h"
#include "poll.h"

#define	LINUX_SELECT_WORD	64U

/* The three sets, in the order of the arguments: asked for, and what it means. */
static const struct {
	int asked;
	int answers;
} linux_select_kinds[3] = {
	{ LINUX_POLLIN | LINUX_POLLRDNORM | LINUX_POLLRDBAND,
	    LINUX_POLLIN | LINUX_POLLRDNORM | LINUX_POLLRDBAND |
	    LINUX_POLLHUP | LINUX_POLLERR },
	{ LINUX_POLLOUT | LINUX_POLLWRNORM | LINUX_POLLWRBAND,
	    LINUX_POLLOUT | LINUX_POLLWRNORM | LINUX_POLLWRBAND |
	    LINUX_POLLERR },
	{ LINUX_POLLPRI, LINUX_POLLPRI }
};

static int
linux_select_isset(uint64_t addr, unsigned int fd)
{
	const uint64_t *words = (const void *)addr;

	return addr != 0 && ((words[fd / LINUX_SELECT_WORD] >>
	    (fd % LINUX_SELECT_WORD)) & 1) != 0;
}

/* Descriptors that a set asks for, put to fds (if not NULL); how many. */
static size_t
linux_select_in(const uint64_t *sets, unsigned int n, struct linux_pollfd *fds,
    size_t most)
{
	unsigned int fd, kind;
	size_t count = 0;
	int events;

	for (fd = 0; fd < n; fd++) {
		events = 0;
		for (kind = 0; kind < 3; kind++) {
			if (linux_select_isset(sets[kind], fd))
				events |= linux_select_kinds[kind].asked;
		}
		if (events == 0)
			continue;
		if (fds != NULL && count < most)
			fds[count] = (struct linux_pollfd){ (int)fd,
			    (int16_t)events, 0 };
		count++;
	}
	return count;
}

/* The answer to the sets, which hold nothing else; how many bits. */
static long
linux_select_out(const uint64_t *sets, unsigned int n,
    const struct linux_pollfd *fds, size_t count)
{
	const size_t bytes = (n + LINUX_SELECT_WORD - 1) / LINUX_SELECT_WORD *
	    sizeof(uint64_t);
	unsigned int kind;
	long bits = 0;
	size_t i;

	for (kind = 0; kind < 3; kind++) {
		uint64_t *words = (void *)sets[kind];

		if (words == NULL)
			continue;
		memset(words, 0, bytes);
		for (i = 0; i < count; i++) {
			const unsigned int fd = (unsigned int)fds[i].fd;

			/* An event that nobody asked for is not told. */
			if ((fds[i].events &
			    linux_select_kinds[kind].asked) == 0 ||
			    (fds[i].revents &
			    linux_select_kinds[kind].answers) == 0)
				continue;
			words[fd / LINUX_SELECT_WORD] |=
			    1UL << (fd % LINUX_SELECT_WORD);
			bits++;
		}
	}
	return bits;
}

static int
linux_select_check(const uint64_t *sets, unsigned int n)
{
	const size_t bytes = (n + LINUX_SELECT_WORD - 1) / LINUX_SELECT_WORD *
	    sizeof(uint64_t);
	unsigned int kind;

	for (kind = 0; kind < 3; kind++) {
		if (sets[kind] != 0 && linux_user_check(sets[kind], bytes,
		    HOST_PROT_READ | HOST_PROT_WRITE) != 0)
			return -LINUX_EFAULT;
	}
	return 0;
}

static long
linux_select(int nfds, const uint64_t *sets, struct linux_timespec *ts)
{
	const int limit = linux_limit_nofile();
	const unsigned int n = (unsigned int)(nfds > limit ? limit : nfds);
	struct linux_pollfd *fds;
	size_t bytes, count, i;
	long result;
	void *mem;

	if (nfds < 0)
		return -LINUX_EINVAL;
	if (linux_select_check(sets, n) != 0)
		return -LINUX_EFAULT;
	count = linux_select_in(sets, n, NULL, 0);
	bytes = (count + 1) * sizeof(*fds);
	if (rumpuser_malloc(bytes, 0, &mem) != 0)
		return -LINUX_ENOMEM;
	fds = mem;
	/* Another thread may have changed the sets. */
	i = linux_select_in(sets, n, fds, count);
	count = i < count ? i : count;
	result = linux_poll_wait(fds, count, ts);
	for (i = 0; result >= 0 && i < count; i++) {
		if (fds[i].revents & LINUX_POLLNVAL)
			result = -LINUX_EBADF;
	}
	if (result >= 0)
		result = linux_select_check(sets, n);
	if (result >= 0)
		result = linux_select_out(sets, n, fds, count);
	rumpuser_free(mem, bytes);
	return result;
}

long
linux_sys_select(struct linux_call *lc)
{
	const uint64_t limit = lc->lc_arg[4];
	struct linux_timespec ts = { 0, 0 };
	struct linux_timeval tv;
	long result;

	if (limit != 0) {
		result = linux_user_in(&tv, limit, sizeof(tv));
		if (result != 0)
			return result;
		if (tv.tv_sec < 0 || tv.tv_usec < 0)
			return -LINUX_EINVAL;
		ts.tv_nsec = tv.tv_usec % 1000000 * 1000;
		if (__builtin_add_overflow(tv.tv_sec, tv.tv_usec / 1000000,
		    &ts.tv_sec))
			ts.tv_sec = INT64_MAX;
	}
	result = linux_select((int)lc->lc_arg[0], &lc->lc_arg[1],
	    limit != 0 ? &ts : NULL);
	tv = (struct linux_timeval){ ts.tv_sec, ts.tv_nsec / 1000 };
	if (limit != 0)
		(void)linux_user_out(limit, &tv, sizeof(tv));
	return result;
}

/* The last argument: a set of signals and its size. */
long
linux_sys_pselect6(struct linux_call *lc)
{
	const uint64_t limit = lc->lc_arg[4];
	struct linux_timespec ts = { 0, 0 };
	uint64_t mask[2] = { 0, 0 };
	long result = 0;

	if (limit != 0)
		result = linux_poll_limit(limit, &ts);
	if (result == 0 && lc->lc_arg[5] != 0)
		result = linux_user_in(mask, lc->lc_arg[5], sizeof(mask));
	if (result == 0)
		result = linux_poll_sigmask(mask[0], mask[1]);
	if (result != 0)
		return result;
	result = linux_select((int)lc->lc_arg[0], &lc->lc_arg[1],
	    limit != 0 ? &ts : NULL);
	if (limit != 0)
		(void)linux_user_out(limit, &ts, sizeof(ts));
	return result;
}
