/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libkern.c: strings, bits and the little functions of operation tables.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/signalvar.h>
#include <sys/sysctl.h>

size_t
strlen(const char *s)
{
	const char *p = s;

	while (*p != '\0')
		p++;
	return (p - s);
}

size_t
strnlen(const char *s, size_t max)
{
	size_t n;

	for (n = 0; n < max && s[n] != '\0'; n++)
		continue;
	return (n);
}

int
strcmp(const char *a, const char *b)
{

	for (; *a == *b && *a != '\0'; a++, b++)
		continue;
	return (*(const u_char *)a - *(const u_char *)b);
}

int
strncmp(const char *a, const char *b, size_t n)
{

	for (; n > 0 && *a == *b && *a != '\0'; a++, b++, n--)
		continue;
	return (n == 0 ? 0 : *(const u_char *)a - *(const u_char *)b);
}

char *
strncpy(char *d, const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n && s[i] != '\0'; i++)
		d[i] = s[i];
	for (; i < n; i++)
		d[i] = '\0';
	return (d);
}

size_t
strlcpy(char *d, const char *s, size_t size)
{
	size_t len = strlen(s), n;

	if (size != 0) {
		n = MIN(len, size - 1);
		memcpy(d, s, n);
		d[n] = '\0';
	}
	return (len);
}

size_t
strlcat(char *d, const char *s, size_t size)
{
	size_t len = strnlen(d, size);

	return (len + strlcpy(d + len, s, size - len));
}

char *
strchr(const char *s, int c)
{

	for (;; s++) {
		if (*s == (char)c)
			return ((char *)(uintptr_t)s);
		if (*s == '\0')
			return (NULL);
	}
}

char *
strrchr(const char *s, int c)
{
	char *found = NULL;

	for (;; s++) {
		if (*s == (char)c)
			found = (char *)(uintptr_t)s;
		if (*s == '\0')
			return (found);
	}
}

int
ffs(int n)
{

	return (__builtin_ffs(n));
}

int
fls(int n)
{

	return (n == 0 ? 0 : 32 - __builtin_clz((u_int)n));
}

/* How many bytes remain from the first whose table entry has a bit of mask. */
int
scanc(u_int size, const u_char *cp, const u_char *table, int mask)
{

	for (; size > 0 && (table[*cp] & mask) == 0; cp++)
		size--;
	return ((int)size);
}

/* How many bytes remain from the first that is not c. */
int
skpc(int c, size_t size, u_char *cp)
{

	for (; size > 0 && *cp == (u_char)c; cp++)
		size--;
	return ((int)size);
}

int
nullop(void *v)
{

	(void)v;
	return (0);
}

int
eopnotsupp(void *v)
{

	(void)v;
	return (EOPNOTSUPP);
}

int
enodev(void)
{

	return (ENODEV);
}

/* A program's signals are the host's affair; the error says it as well. */
void
psignal(struct proc *p, int sig)
{

	(void)p;
	(void)sig;
}

int
sysctl_int(void *oldp, size_t *oldlenp, void *newp, size_t newlen, int *valp)
{
	int error;

	if (newp != NULL && newlen != sizeof(int))
		return (EINVAL);
	if ((error = sysctl_rdint(oldp, oldlenp, NULL, *valp)) == 0 &&
	    newp != NULL)
		error = copyin(newp, valp, sizeof(int));
	return (error);
}

int
sysctl_rdint(void *oldp, size_t *oldlenp, void *newp, int val)
{

	if (newp != NULL)
		return (EPERM);
	if (oldp != NULL && *oldlenp < sizeof(int))
		return (ENOMEM);
	*oldlenp = sizeof(int);
	return (oldp != NULL ? copyout(&val, oldp, sizeof(int)) : 0);
}
