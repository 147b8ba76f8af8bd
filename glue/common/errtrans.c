/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * errtrans.c: errno values between NetBSD (rumperr.h) and Linux/x86-64
 * (asm-generic/errno.h).  The only place that knows both.
 */
#include "errtrans.h"

#include "../../rump/include/rump/rumperr.h"

#define	LINUX_EIO	5

/* Names that both systems have: X(name, Linux number). */
#define	ERRNO_BOTH(X)							\
	X(EPERM, 1) X(ENOENT, 2) X(ESRCH, 3) X(EINTR, 4) X(EIO, 5)	\
	X(ENXIO, 6) X(E2BIG, 7) X(ENOEXEC, 8) X(EBADF, 9) X(ECHILD, 10)	\
	X(EAGAIN, 11) X(ENOMEM, 12) X(EACCES, 13) X(EFAULT, 14)		\
	X(ENOTBLK, 15) X(EBUSY, 16) X(EEXIST, 17) X(EXDEV, 18)		\
	X(ENODEV, 19) X(ENOTDIR, 20) X(EISDIR, 21) X(EINVAL, 22)	\
	X(ENFILE, 23) X(EMFILE, 24) X(ENOTTY, 25) X(ETXTBSY, 26)	\
	X(EFBIG, 27) X(ENOSPC, 28) X(ESPIPE, 29) X(EROFS, 30)		\
	X(EMLINK, 31) X(EPIPE, 32) X(EDOM, 33) X(ERANGE, 34)		\
	X(EDEADLK, 35) X(ENAMETOOLONG, 36) X(ENOLCK, 37) X(ENOSYS, 38)	\
	X(ENOTEMPTY, 39) X(ELOOP, 40) X(ENOMSG, 42) X(EIDRM, 43)	\
	X(ENOSTR, 60) X(ENODATA, 61) X(ETIME, 62) X(ENOSR, 63)		\
	X(EREMOTE, 66) X(ENOLINK, 67) X(EPROTO, 71) X(EMULTIHOP, 72)	\
	X(EBADMSG, 74) X(EOVERFLOW, 75) X(EILSEQ, 84) X(EUSERS, 87)	\
	X(ENOTSOCK, 88) X(EDESTADDRREQ, 89) X(EMSGSIZE, 90)		\
	X(EPROTOTYPE, 91) X(ENOPROTOOPT, 92) X(EPROTONOSUPPORT, 93)	\
	X(ESOCKTNOSUPPORT, 94) X(EOPNOTSUPP, 95) X(EPFNOSUPPORT, 96)	\
	X(EAFNOSUPPORT, 97) X(EADDRINUSE, 98) X(EADDRNOTAVAIL, 99)	\
	X(ENETDOWN, 100) X(ENETUNREACH, 101) X(ENETRESET, 102)		\
	X(ECONNABORTED, 103) X(ECONNRESET, 104) X(ENOBUFS, 105)		\
	X(EISCONN, 106) X(ENOTCONN, 107) X(ESHUTDOWN, 108)		\
	X(ETOOMANYREFS, 109) X(ETIMEDOUT, 110) X(ECONNREFUSED, 111)	\
	X(EHOSTDOWN, 112) X(EHOSTUNREACH, 113) X(EALREADY, 114)		\
	X(EINPROGRESS, 115) X(ESTALE, 116) X(EDQUOT, 122)		\
	X(ECANCELED, 125)

/* Names that only NetBSD has: X(name, nearest Linux number). */
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
	ERRNO_BOTH(TO_LINUX)
	ERRNO_NETBSD(TO_LINUX)
};

static const unsigned char errno_from_linux[] = {
	ERRNO_BOTH(FROM_LINUX)
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
