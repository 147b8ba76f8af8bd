/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * http.c: requests and the heads of answers.
 */
#define	_GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "http.h"

static int
hex(char ch)
{
	static const char digits[] = "0123456789abcdef";
	const char *p = ch != '\0' ? strchr(digits, ch | 0x20) : NULL;

	return p != NULL ? (int)(p - digits) : -1;
}

/*
 * The path of a request's target: without its query, percent-decoded, and not
 * leading out of the folder.
 */
static int
decode_path(const char *target, size_t len, char *path, size_t size)
{
	size_t i, n = 0;
	char ch;

	for (i = 0; i < len && target[i] != '?'; i++) {
		ch = target[i];
		if (ch == '%') {
			if (i + 2 >= len || hex(target[i + 1]) < 0 ||
			    hex(target[i + 2]) < 0)
				return 400;
			ch = (char)(hex(target[i + 1]) << 4 |
			    hex(target[i + 2]));
			i += 2;
		}
		if (ch == '\0')
			return 400;
		if (n + 1 == size)
			return 414;
		path[n++] = ch;
	}
	path[n] = '\0';
	if (path[0] != '/' || strstr(path, "/../") != NULL ||
	    strncmp(path, "//", 2) == 0 ||
	    (n >= 3 && strcmp(path + n - 3, "/..") == 0))
		return 400;
	return 200;
}

/* Is there such a field with such a value? */
static int
has_field(const char *head, size_t len, const char *name, const char *value)
{
	const char *line = head, *end = head + len, *next;
	size_t namelen = strlen(name);

	for (; (next = memmem(line, (size_t)(end - line), "\r\n", 2)) != NULL;
	    line = next + 2) {
		if ((size_t)(next - line) <= namelen ||
		    strncasecmp(line, name, namelen) != 0 ||
		    line[namelen] != ':')
			continue;
		for (line += namelen + 1; *line == ' '; line++)
			continue;
		if ((size_t)(next - line) == strlen(value) &&
		    strncasecmp(line, value, strlen(value)) == 0)
			return 1;
	}
	return 0;
}

static void
parse_head(const char *head, size_t len, struct http_request *req)
{
	const char *line = memmem(head, len, "\r\n", 2), *target, *version;

	req->headonly = strncmp(head, "HEAD ", 5) == 0;
	if (!req->headonly && strncmp(head, "GET ", 4) != 0) {
		req->status = 501;
		return;
	}
	target = head + (req->headonly ? 5 : 4);
	version = memchr(target, ' ', (size_t)(line - target));
	if (version == NULL || strncmp(version + 1, "HTTP/1.", 7) != 0) {
		req->status = 400;
		return;
	}
	req->keepalive = version[8] == '1' ?
	    !has_field(line + 2, len - (size_t)(line + 2 - head), "Connection",
	    "close") :
	    has_field(line + 2, len - (size_t)(line + 2 - head), "Connection",
	    "keep-alive");
	req->status = decode_path(target, (size_t)(version - target),
	    req->path, sizeof(req->path));
}

size_t
http_parse(const char *bytes, size_t len, size_t most,
    struct http_request *req)
{
	const char *end = memmem(bytes, len, "\r\n\r\n", 4);

	memset(req, 0, sizeof(*req));
	strcpy(req->path, "/");
	if (end == NULL) {
		if (len < most)
			return 0;
		req->status = 431;
		return len;
	}
	parse_head(bytes, (size_t)(end + 4 - bytes), req);
	if (req->status != 200)
		req->keepalive = 0;
	return (size_t)(end + 4 - bytes);
}

static const char *
type_of(const char *path)
{
	static const char *const types[][2] = {
		{ ".html", "text/html; charset=utf-8" },
		{ ".css", "text/css" }, { ".js", "text/javascript" },
		{ ".json", "application/json" }, { ".svg", "image/svg+xml" },
		{ ".png", "image/png" }, { ".jpg", "image/jpeg" },
		{ ".txt", "text/plain; charset=utf-8" }
	};
	const char *dot = strrchr(path, '.');
	size_t i;

	if (path[strlen(path) - 1] == '/')
		dot = ".html";
	for (i = 0; dot != NULL && i < sizeof(types) / sizeof(types[0]); i++)
		if (strcasecmp(dot, types[i][0]) == 0)
			return types[i][1];
	return "application/octet-stream";
}

static const char *
reason_of(int status)
{

	switch (status) {
	case 200:
		return "OK";
	case 400:
		return "Bad Request";
	case 403:
		return "Forbidden";
	case 404:
		return "Not Found";
	case 414:
		return "URI Too Long";
	case 431:
		return "Request Header Fields Too Large";
	default:
		return "Not Implemented";
	}
}

size_t
http_answer(char *buf, size_t size, int status, const char *path, off_t length,
    int keepalive)
{

	return (size_t)snprintf(buf, size, "HTTP/1.1 %d %s\r\n"
	    "Content-Type: %s\r\nContent-Length: %lld\r\nConnection: %s\r\n"
	    "\r\n", status, reason_of(status), status == 200 ? type_of(path) :
	    "text/plain", (long long)length,
	    keepalive ? "keep-alive" : "close");
}
