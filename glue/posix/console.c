/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * console.c: what the kernel says.  The last of it is kept, so that the end of
 * a kernel can be explained with its own words.
 */
#include "rumpuser_int.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define	CONSOLE_LINE	256
#define	CONSOLE_TAIL	2048

/* Guarded by console_lock. */
static struct rumpuser__lock console_lock;
static char console_line[CONSOLE_LINE];
static size_t console_linelen;
static char console_tail[CONSOLE_TAIL];
static size_t console_taillen;

/* Caller must hold console_lock; len is at most CONSOLE_TAIL. */
static void
tail_append(const char *bytes, size_t len)
{
	size_t over;

	if (console_taillen + len > CONSOLE_TAIL) {
		over = console_taillen + len - CONSOLE_TAIL;
		memmove(console_tail, console_tail + over,
		    console_taillen - over);
		console_taillen -= over;
	}
	memcpy(console_tail + console_taillen, bytes, len);
	console_taillen += len;
}

/* Caller must hold console_lock. */
static void
console_emit(const char *bytes, size_t len)
{

	tail_append(bytes, len);
	if (rumpuser__hooks.ph_console != NULL)
		rumpuser__hooks.ph_console(rumpuser__hooks.ph_arg, bytes, len);
	else if (write(STDERR_FILENO, bytes, len) == -1)
		return;		/* there is nobody to tell */
}

/* Caller must hold console_lock. */
static void
console_flush(void)
{

	if (console_linelen != 0)
		console_emit(console_line, console_linelen);
	console_linelen = 0;
}

void
rumpuser_putchar(int ch)
{

	rumpuser__lock(&console_lock);
	console_line[console_linelen++] = (char)ch;
	if (ch == '\n' || console_linelen == CONSOLE_LINE)
		console_flush();
	rumpuser__unlock(&console_lock);
}

void
rumpuser_dprintf(const char *fmt, ...)
{
	char text[CONSOLE_TAIL];
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (len < 0)
		return;
	if ((size_t)len >= sizeof(text))
		len = (int)sizeof(text) - 1;
	rumpuser__lock(&console_lock);
	console_flush();
	console_emit(text, (size_t)len);
	rumpuser__unlock(&console_lock);
}

size_t
rumpuser_posix_console_tail(char *buf, size_t len)
{
	size_t n;

	if (len == 0)
		return 0;
	rumpuser__lock(&console_lock);
	console_flush();
	n = console_taillen < len - 1 ? console_taillen : len - 1;
	memcpy(buf, console_tail + console_taillen - n, n);
	rumpuser__unlock(&console_lock);
	buf[n] = '\0';
	return n;
}
