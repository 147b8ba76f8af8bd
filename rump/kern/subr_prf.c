/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * subr_prf.c: printing, and the end of a kernel that cannot go on.
 *
 * Formats: d i u x X o c s p %, with l, ll, q, z, h, width, precision, 0, -, #, +.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/syslog.h>
#include <rump/rumpuser.h>

const char *panicstr;

struct out {
	char *o_buf;			/* NULL: the console */
	size_t o_size;
	size_t o_len;			/* also what did not fit */
};

struct spec {
	int s_left, s_zero, s_alt, s_plus, s_width, s_prec;
};

static void
put(struct out *o, int c)
{

	if (o->o_buf == NULL)
		rumpuser_putchar(c);
	else if (o->o_len + 1 < o->o_size)
		o->o_buf[o->o_len] = c;
	o->o_len++;
}

static void
put_padded(struct out *o, const struct spec *s, const char *prefix,
    const char *body, int len)
{
	int plen = (int)strlen(prefix), zeros = 0, pad;

	if (s->s_prec > len)
		zeros = s->s_prec - len;
	pad = s->s_width - plen - zeros - len;
	if (s->s_zero && !s->s_left && s->s_prec < 0 && pad > 0) {
		zeros = pad;
		pad = 0;
	}
	for (; !s->s_left && pad > 0; pad--)
		put(o, ' ');
	while (*prefix != '\0')
		put(o, *prefix++);
	while (zeros-- > 0)
		put(o, '0');
	while (len-- > 0)
		put(o, *body++);
	for (; pad > 0; pad--)
		put(o, ' ');
}

static void
put_number(struct out *o, const struct spec *s, uint64_t n, int base, int upper,
    const char *prefix)
{
	const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
	char buf[24], *p = buf + sizeof(buf);

	do
		*--p = digits[n % base];
	while ((n /= base) != 0);
	put_padded(o, s, prefix, p, (int)(buf + sizeof(buf) - p));
}

static const char *
parse_spec(const char *f, struct spec *s, va_list *ap)
{

	memset(s, 0, sizeof(*s));
	s->s_prec = -1;
	for (;; f++) {
		if (*f == '-')
			s->s_left = 1;
		else if (*f == '0')
			s->s_zero = 1;
		else if (*f == '#')
			s->s_alt = 1;
		else if (*f == '+')
			s->s_plus = 1;
		else
			break;
	}
	if (*f == '*') {
		s->s_width = va_arg(*ap, int);
		f++;
	}
	for (; *f >= '0' && *f <= '9'; f++)
		s->s_width = s->s_width * 10 + *f - '0';
	if (*f == '.') {
		s->s_prec = 0;
		if (*++f == '*') {
			s->s_prec = va_arg(*ap, int);
			f++;
		}
		for (; *f >= '0' && *f <= '9'; f++)
			s->s_prec = s->s_prec * 10 + *f - '0';
	}
	return (f);
}

static void
put_signed(struct out *o, const struct spec *s, int64_t n)
{

	if (n < 0)
		put_number(o, s, -(uint64_t)n, 10, 0, "-");
	else
		put_number(o, s, n, 10, 0, s->s_plus ? "+" : "");
}

static void
put_string(struct out *o, struct spec *s, const char *str)
{
	int len;

	if (str == NULL)
		str = "(null)";
	len = (int)strnlen(str, s->s_prec >= 0 ? (size_t)s->s_prec : SIZE_MAX);
	s->s_prec = -1;
	s->s_zero = 0;
	put_padded(o, s, "", str, len);
}

static void
format(struct out *o, const char *f, va_list *ap)
{
	struct spec s;
	int wide;
	char c;
#define	SIGNED()	(wide ? va_arg(*ap, int64_t) : va_arg(*ap, int))
#define	UNSIGNED()	(wide ? va_arg(*ap, uint64_t) : va_arg(*ap, u_int))

	for (; *f != '\0'; f++) {
		if (*f != '%') {
			put(o, *f);
			continue;
		}
		f = parse_spec(f + 1, &s, ap);
		for (wide = 0; *f == 'l' || *f == 'q' || *f == 'z' ||
		    *f == 'j' || *f == 'h'; f++)
			wide |= *f != 'h';
		switch (*f) {
		case 'd':
		case 'i':
			put_signed(o, &s, SIGNED());
			break;
		case 'u':
			put_number(o, &s, UNSIGNED(), 10, 0, "");
			break;
		case 'o':
			put_number(o, &s, UNSIGNED(), 8, 0, s.s_alt ? "0" : "");
			break;
		case 'x':
		case 'X':
			put_number(o, &s, UNSIGNED(), 16, *f == 'X',
			    s.s_alt ? "0x" : "");
			break;
		case 'p':
			put_number(o, &s, (uintptr_t)va_arg(*ap, void *), 16, 0,
			    "0x");
			break;
		case 'c':
			c = (char)va_arg(*ap, int);
			put_padded(o, &s, "", &c, 1);
			break;
		case 's':
			put_string(o, &s, va_arg(*ap, const char *));
			break;
		case '\0':
			return;
		default:
			put(o, *f);
			break;
		}
	}
#undef SIGNED
#undef UNSIGNED
}

int
vsnprintf(char *buf, size_t size, const char *f, va_list ap)
{
	struct out o = { buf, size, 0 };
	va_list copy;
	char none;

	if (size == 0) {
		o.o_buf = &none;
		o.o_size = 1;
	}
	va_copy(copy, ap);
	format(&o, f, &copy);
	va_end(copy);
	o.o_buf[MIN(o.o_len, o.o_size - 1)] = '\0';
	return ((int)o.o_len);
}

int
snprintf(char *buf, size_t size, const char *f, ...)
{
	va_list ap;
	int len;

	va_start(ap, f);
	len = vsnprintf(buf, size, f, ap);
	va_end(ap);
	return (len);
}

#define	PRINT(f) do {							\
	struct out o_ = { NULL, 0, 0 };					\
	va_list ap_;							\
	va_start(ap_, f);						\
	format(&o_, f, &ap_);						\
	va_end(ap_);							\
} while (0)

int
printf(const char *f, ...)
{

	PRINT(f);
	return (0);
}

int
uprintf(const char *f, ...)
{

	PRINT(f);
	return (0);
}

void
log(int level, const char *f, ...)
{

	(void)level;
	PRINT(f);
}

void
tablefull(const char *table)
{

	printf("%s: table is full\n", table);
}

void
panic(const char *f, ...)
{
	static char buf[256];
	va_list ap;

	if (panicstr == NULL) {
		va_start(ap, f);
		vsnprintf(buf, sizeof(buf), f, ap);
		va_end(ap);
		panicstr = buf;
	}
	rumpuser_dprintf("panic: %s\n", panicstr);
	rumpuser_exit(RUMPUSER_PANIC);
}

void
rump_kassert(const char *file, int line, const char *what)
{

	panic("%s:%d: assertion failed: %s", file, line, what);
}
