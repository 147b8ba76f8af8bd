/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * subr_devsw.c: the device switches: drivers by major number.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/conf.h>
#include <rump-sys/devnode.h>

const struct bdevsw *bdevsw[DEVSW_MAX];
const struct cdevsw *cdevsw[DEVSW_MAX];
int nblkdev = DEVSW_MAX;
int nchrdev = DEVSW_MAX;

int
devsw_attach(const struct bdevsw *b, const struct cdevsw *c, int *major)
{
	int m = *major;

	if (m < 0)
		for (m = 1; m < DEVSW_MAX; m++)
			if (bdevsw[m] == NULL && cdevsw[m] == NULL)
				break;
	if (m >= DEVSW_MAX)
		return (ENFILE);
	if (bdevsw[m] != NULL || cdevsw[m] != NULL)
		return (EEXIST);
	bdevsw[m] = b;
	cdevsw[m] = c;
	*major = m;
	return (0);
}

int (*devnode_maker)(const char *, dev_t);

void
devnode_make(const struct devnode *dn, size_t n, int major)
{
	size_t i;

	if (devnode_maker == NULL)
		return;
	for (i = 0; i < n; i++)
		if (devnode_maker(dn[i].dn_path,
		    makedev(major, dn[i].dn_minor)) != 0)
			printf("%s: cannot be made\n", dn[i].dn_path);
}
