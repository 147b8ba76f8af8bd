/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * disk.h: block devices, named vda, vdb, ... in the order of the machine.
 */
#ifndef _BAREMETAL_DISK_H_
#define	_BAREMETAL_DISK_H_

#include "types.h"

#define	SECTOR_SIZE	512
#define	DISKS_MAX	16

struct disk;

/*
 * One transfer, owned by the caller until io_done is called, which is on the
 * host's worker thread.  The header and the status are the device's to read and
 * to write, so the whole lies in the direct map (heap.c).
 */
struct disk_io {
	struct {
		uint32_t h_type;
		uint32_t h_spare;
		uint64_t h_sector;
	} io_header;
	uint8_t io_status;
	bool io_write;
	bool io_sync;			/* flush before it is done */
	struct disk *io_disk;
	struct disk_io *io_next;
	char *io_data;
	size_t io_len;			/* bytes, whole sectors */
	size_t io_moved;		/* of them done */
	size_t io_piece;		/* now under way */
	uint64_t io_offset;		/* bytes, whole sectors */
	uint64_t io_covers;		/* of a flush: what was written before */
	int io_error;
	void (*io_done)(struct disk_io *);
	void *io_cookie[2];		/* the caller's */
};

/* disk.c */
struct disk *disk_by_name(const char *);
int	disk_start(struct disk *);
uint64_t disk_size(const struct disk *);
bool	disk_needs_flush(const struct disk *);
bool	disk_read_only(const struct disk *);
void	disk_submit(struct disk_io *);

#endif /* _BAREMETAL_DISK_H_ */
