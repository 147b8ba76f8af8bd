/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * param.c: parameters by name: what the loader set, else the environment of the
 * process.  The kernel has one virtual CPU unless told otherwise: drivers of
 * this age run one at a time, so that more would only wait for each other.
 */
#include "rumpuser_int.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define	PARAM_MAX	16
#define	PARAM_NAME_MAX	64
#define	PARAM_VALUE_MAX	256

struct param {
	char p_name[PARAM_NAME_MAX];
	char p_value[PARAM_VALUE_MAX];
};

/* Set before the kernel starts, only read afterwards. */
static struct param params[PARAM_MAX];
static size_t nparams;

static struct param *
param_find(const char *name)
{
	size_t i;

	for (i = 0; i < nparams; i++)
		if (strcmp(params[i].p_name, name) == 0)
			return &params[i];
	return NULL;
}

int
rumpuser_posix_setparam(const char *name, const char *value)
{
	struct param *p = param_find(name);

	if (strlen(name) >= PARAM_NAME_MAX || strlen(value) >= PARAM_VALUE_MAX)
		return RUMP_EINVAL;
	if (p == NULL) {
		if (nparams == PARAM_MAX)
			return RUMP_EINVAL;
		p = &params[nparams++];
		strcpy(p->p_name, name);
	}
	strcpy(p->p_value, value);
	return 0;
}

static int
param_copy(const char *value, char *buf, size_t buflen)
{
	size_t size = strlen(value) + 1;

	if (size > buflen)
		return RUMP_E2BIG;
	memcpy(buf, value, size);
	return 0;
}

int
rumpuser_getparam(const char *name, void *buf, size_t buflen)
{
	char hostname[256];
	const struct param *p = param_find(name);
	const char *value;

	if (p != NULL)
		return param_copy(p->p_value, buf, buflen);
	if (strcmp(name, RUMPUSER_PARAM_NCPU) == 0)
		return param_copy("1", buf, buflen);
	/* Programs and kernel have one memory: transfers go where they like. */
	if (strcmp(name, "RUMPUSER_DIRECT") == 0)
		return param_copy("1", buf, buflen);
	if (strcmp(name, RUMPUSER_PARAM_HOSTNAME) == 0) {
		if (gethostname(hostname, sizeof(hostname)) == -1)
			return rumpuser__errno();
		hostname[sizeof(hostname) - 1] = '\0';
		return param_copy(hostname, buf, buflen);
	}
	/* Names with an underscore in front are the kernel's own questions. */
	if (name[0] == '_' || (value = getenv(name)) == NULL)
		return RUMP_ENOENT;
	return param_copy(value, buf, buflen);
}
