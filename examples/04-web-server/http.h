/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * http.h: what the server needs of HTTP/1.1 (RFC 9112).
 */
#ifndef _HTTP_H_
#define	_HTTP_H_

#include <sys/types.h>

struct http_request {
	char path[512];			/* decoded, begins with / */
	int headonly;
	int keepalive;
	int status;			/* 200, or what is wrong with it */
};

/* Reads a request; how long it is, or 0 if it is not whole yet. */
size_t	http_parse(const char *bytes, size_t len, size_t most,
	    struct http_request *);

/* Writes the head of an answer; its length. */
size_t	http_answer(char *buf, size_t size, int status, const char *path,
	    off_t length, int keepalive);

#endif /* _HTTP_H_ */
