/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * h_recorder.h: records of a log: a header (kind, length, offset; 4, 4 and 8
 * bytes) and the bytes.
 */
#ifndef _TEST_H_RECORDER_H_
#define	_TEST_H_RECORDER_H_

#include <stdint.h>

#define	RECORD_WRITE	0	/* bytes, at offset of the image */
#define	RECORD_FLUSH	1	/* begins; its number as the offset */
#define	RECORD_FLUSHED	2	/* has ended; likewise */
#define	RECORD_MARK	3	/* text of the workload */

void	recorder_start(const char *image, const char *log);
void	recorder_stop(void);
void	recorder_mark(const char *text);

#endif /* _TEST_H_RECORDER_H_ */
