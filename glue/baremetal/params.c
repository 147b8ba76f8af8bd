/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * params.c: rumpuser(3)'s parameters: "key=value" words of the command line and
 * of the boot configuration; the command line wins.
 */
#include "types.h"
#include "../../rump/include/rump/rumpuser.h"
#include "host_int.h"
#include "mem.h"

#define	PARAM_MEMLIMIT		"RUMP_MEMLIMIT"	/* of NetBSD */
#define	HOSTNAME_DEFAULT	"rumpkit"

static unsigned
hex_digit(char c)
{

	return (unsigned)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
}

/* Decodes %XX up to white space or the end; E2BIG if it does not fit. */
static int
decode(const char *s, const char *end, char *buf, size_t len)
{
	char c;

	for (; s < end && *s > ' '; s++) {
		c = *s;
		if (c == '%' && end - s > 2) {
			c = (char)(hex_digit(s[1]) << 4 | hex_digit(s[2]));
			s += 2;
		}
		if (len <= 1)
			return RUMP_E2BIG;
		*buf++ = c;
		len--;
	}
	if (len == 0)
		return RUMP_E2BIG;
	*buf = '\0';
	return 0;
}

/* Looks for the word "key=..." in text; NULL, or where its value starts. */
static const char *
find_value(const char *s, const char *end, const char *key)
{
	size_t keylen = string_length(key);

	while (s < end) {
		if ((size_t)(end - s) > keylen && s[keylen] == '=' &&
		    memcmp(s, key, keylen) == 0)
			return s + keylen + 1;
		while (s < end && *s > ' ')
			s++;
		while (s < end && *s <= ' ')
			s++;
	}
	return NULL;
}

static int
find_parameter(const char *key, char *buf, size_t buflen)
{
	const char *text = boot_command_line(), *value, *end;
	size_t len = string_length(text);

	end = text + len;
	value = find_value(text, end, key);
	if (value == NULL) {
		text = boot_config(&len);
		end = text + len;
		value = find_value(text, end, key);
	}
	return value == NULL ? RUMP_ENOENT : decode(value, end, buf, buflen);
}

static int
answer(const char *s, char *buf, size_t buflen)
{

	if (string_length(s) >= buflen)
		return RUMP_E2BIG;
	string_copy(buf, s, buflen);
	return 0;
}

/* The kernel may have half of the memory, so that programs find the rest. */
static int
memory_limit(char *buf, size_t buflen)
{
	char digits[24], *p = digits + sizeof(digits);
	uint64_t bytes = pages_total() / 2;

	*--p = '\0';
	do
		*--p = (char)('0' + bytes % 10);
	while ((bytes /= 10) != 0);
	return answer(p, buf, buflen);
}

int
rumpuser_getparam(const char *name, void *buf, size_t buflen)
{
	int error;

	if (string_compare(name, RUMPUSER_PARAM_NCPU) == 0)
		return answer("1", buf, buflen);
	if (string_compare(name, RUMPUSER_PARAM_HOSTNAME) == 0) {
		error = find_parameter("hostname", buf, buflen);
		return error == RUMP_ENOENT ?
		    answer(HOSTNAME_DEFAULT, buf, buflen) : error;
	}
	error = find_parameter(name, buf, buflen);
	if (error == RUMP_ENOENT && string_compare(name, PARAM_MEMLIMIT) == 0)
		return memory_limit(buf, buflen);
	return error;
}
