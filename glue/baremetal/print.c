/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * print.c: formatted output for the host's own messages.  %s %c %d %u %x %p with
 * width, zero padding, '-', and l, ll, z; no floating point.
 */
#include "types.h"
#include "../../rump/include/rump/rumpuser.h"
#include "host_int.h"

struct out {
	char *o_buf;
	size_t o_size, o_len;		/* o_len may pass o_size */
};

struct spec {
	bool sp_left, sp_long;
	char sp_pad;
	unsigned sp_width;
};

static void
put(struct out *o, char c)
{

	if (o->o_len < o->o_size)
		o->o_buf[o->o_len] = c;
	o->o_len++;
}

static void
put_padded(struct out *o, const char *s, size_t n, const struct spec *sp)
{
	size_t pad = n < sp->sp_width ? sp->sp_width - n : 0;

	for (; !sp->sp_left && pad > 0; pad--)
		put(o, sp->sp_pad);
	while (n-- > 0)
		put(o, *s++);
	for (; pad > 0; pad--)
		put(o, ' ');
}

static void
put_number(struct out *o, uint64_t v, unsigned base, bool negative,
    const struct spec *sp)
{
	char digits[24], *p = digits + sizeof(digits);

	do {
		*--p = "0123456789abcdef"[v % base];
		v /= base;
	} while (v != 0);
	if (negative)
		*--p = '-';
	put_padded(o, p, (size_t)(digits + sizeof(digits) - p), sp);
}

static const char *
parse_spec(const char *fmt, struct spec *sp)
{

	*sp = (struct spec){ .sp_pad = ' ' };
	for (;; fmt++) {
		if (*fmt == '-')
			sp->sp_left = true;
		else if (*fmt == '0' && sp->sp_width == 0)
			sp->sp_pad = '0';
		else if (*fmt >= '0' && *fmt <= '9')
			sp->sp_width = sp->sp_width * 10 +
			    (unsigned)(*fmt - '0');
		else if (*fmt == 'l' || *fmt == 'z' || *fmt == 'j')
			sp->sp_long = true;
		else
			return fmt;
	}
}

static void
put_signed(struct out *o, int64_t v, const struct spec *sp)
{

	put_number(o, v < 0 ? -(uint64_t)v : (uint64_t)v, 10, v < 0, sp);
}

size_t
vformat(char *buf, size_t size, const char *fmt, va_list ap)
{
	struct out o = { buf, size == 0 ? 0 : size - 1, 0 };
	struct spec sp;
	const char *s;
	char c;

	for (; *fmt != '\0'; fmt++) {
		if (*fmt != '%') {
			put(&o, *fmt);
			continue;
		}
		fmt = parse_spec(fmt + 1, &sp);
		switch (*fmt) {
		case 's':
			s = va_arg(ap, const char *);
			s = s == NULL ? "(null)" : s;
			put_padded(&o, s, string_length(s), &sp);
			break;
		case 'c':
			c = (char)va_arg(ap, int);
			put_padded(&o, &c, 1, &sp);
			break;
		case 'p':
			put(&o, '0');
			put(&o, 'x');
			put_number(&o, va_arg(ap, uint64_t), 16, false, &sp);
			break;
		case '\0':
			fmt--;
			break;
		case '%':
			put(&o, '%');
			break;
		case 'd':
			put_signed(&o, sp.sp_long ? va_arg(ap, long) :
			    va_arg(ap, int), &sp);
			break;
		default:
			put_number(&o, sp.sp_long ? va_arg(ap, uint64_t) :
			    va_arg(ap, unsigned), *fmt == 'u' ? 10 : 16, false,
			    &sp);
			break;
		}
	}
	if (size != 0)
		buf[MIN(o.o_len, o.o_size)] = '\0';
	return o.o_len;
}

size_t
format(char *buf, size_t size, const char *fmt, ...)
{
	va_list ap;
	size_t n;

	va_start(ap, fmt);
	n = vformat(buf, size, fmt, ap);
	va_end(ap);
	return n;
}

void
vprint(const char *fmt, va_list ap)
{
	char line[256];
	size_t n = vformat(line, sizeof(line), fmt, ap);

	console_write(line, MIN(n, sizeof(line) - 1));
}

void
print(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vprint(fmt, ap);
	va_end(ap);
}

void
rumpuser_dprintf(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vprint(fmt, ap);
	va_end(ap);
}
