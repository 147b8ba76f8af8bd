/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * errtrans.c: errno values between NetBSD (rumperr.h) and Linux/x86-64
 * (linux_errno.h).  The only place that knows both.
 */
#include "errtrans.h"
#include "linux_errno.h"

#include "../../rump/include/rump/rumperr.h"

/* Names that Linux has not, or has twice: X(name, nearest Linux number). */
#define	ERRNO_NETBSD(X)							\
	X(EPROCLIM, 11) X(EBADRPC, 5) X(ERPCMISMATCH, 5)		\
	X(EPROGUNAVAIL, 5) X(EPROGMISMATCH, 5) X(EPROCUNAVAIL, 5)	\
	X(EFTYPE, 22) X(EAUTH, 13) X(ENEEDAUTH, 13) X(ENOTSUP, 95)	\
	X(ENOATTR, 61)

/* Numbers that only Linux has: X(Linux number, nearest NetBSD name). */
#define	ERRNO_LINUX(X)							\
	X(121, EIO)		/* EREMOTEIO */				\
	X(123, ENXIO)		/* ENOMEDIUM */				\
	X(124, EFTYPE)		/* EMEDIUMTYPE */			\
	X(126, EACCES)		/* ENOKEY */				\
	X(127, EACCES)		/* EKEYEXPIRED */			\
	X(128, EACCES)		/* EKEYREVOKED */			\
	X(129, EACCES)		/* EKEYREJECTED */

#define	TO_LINUX(name, number)		[RUMP_##name] = (number),
#define	FROM_LINUX(name, number)	[number] = RUMP_##name,
#define	FROM_LINUX_ONLY(number, name)	[number] = RUMP_##name,

static const unsigned char errno_to_linux[] = {
	LINUX_ERRNO_LIST(TO_LINUX)
	ERRNO_NETBSD(TO_LINUX)
};

static const unsigned char errno_from_linux[] = {
	LINUX_ERRNO_LIST(FROM_LINUX)
	ERRNO_LINUX(FROM_LINUX_ONLY)
};

static int
errno_look_up(const unsigned char *table, unsigned int size, int error,
    int unknown)
{

	if (error == 0)
		return 0;
	if (error < 0 || (unsigned int)error >= size || table[error] == 0)
		return unknown;
	return table[error];
}

int
rumpglue_errno_to_linux(int netbsd)
{

	return errno_look_up(errno_to_linux, sizeof(errno_to_linux), netbsd,
	    LINUX_EIO);
}

int
rumpglue_errno_from_linux(int linuxerror)
{

	return errno_look_up(errno_from_linux, sizeof(errno_from_linux),
	    linuxerror, RUMP_EIO);
}
