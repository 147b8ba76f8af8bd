/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rndvar.h: drivers offer what they read as entropy; the host has better.
 */
#ifndef _DEV_RNDVAR_H_
#define	_DEV_RNDVAR_H_

#include <sys/types.h>
void	rnd_lopool_add(const void *, size_t);
void	rnd_lopool_addh(const void *, size_t);

#endif /* _DEV_RNDVAR_H_ */
