/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ext2_error.c: libext2fs's errors as errno values, and what it has to say.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include "ext2_lib.h"

/* Those that have a meaning of their own; all others say: the disk is damaged. */
static const struct {
	errcode_t code;
	int error;
} table[] = {
	{ EXT2_ET_NO_MEMORY, ENOMEM },
	{ EXT2_ET_BLOCK_ALLOC_FAIL, ENOSPC },
	{ EXT2_ET_INODE_ALLOC_FAIL, ENOSPC },
	{ EXT2_ET_DIR_NO_SPACE, ENOSPC },
	{ EXT2_ET_EA_NO_SPACE, ENOSPC },
	{ EXT2_ET_INLINE_DATA_NO_SPACE, ENOSPC },
	{ EXT2_ET_CANT_SPLIT_EXTENT, ENOSPC },
	{ EXT2_ET_DIR_EXISTS, EEXIST },
	{ EXT2_ET_FILE_EXISTS, EEXIST },
	{ EXT2_ET_FILE_NOT_FOUND, ENOENT },
	{ EXT2_ET_NO_DIRECTORY, ENOTDIR },
	{ EXT2_ET_FILE_TOO_BIG, EFBIG },
	{ EXT2_ET_RO_FILSYS, EROFS },
	{ EXT2_ET_FILE_RO, EROFS },
	{ EXT2_ET_INVALID_ARGUMENT, EINVAL },
	{ EXT2_ET_BAD_MAGIC, EINVAL },
	{ EXT2_ET_REV_TOO_HIGH, EOPNOTSUPP },
	{ EXT2_ET_UNSUPP_FEATURE, EOPNOTSUPP },
	{ EXT2_ET_RO_UNSUPP_FEATURE, EROFS },
	{ EXT2_ET_UNIMPLEMENTED, EOPNOTSUPP },
	{ EXT2_ET_OP_NOT_SUPPORTED, EOPNOTSUPP },
};

int
ext2_errno(errcode_t code)
{
	size_t i;

	/* Below the tables' first base an error is an errno. */
	if (code >= 0 && code < 256)
		return ((int)code);
	for (i = 0; i < __arraycount(table); i++)
		if (table[i].code == code)
			return (table[i].error);
	return (EIO);
}

/* The library's way to speak of a block or inode that cannot be. */
void
com_err(const char *who, errcode_t code, const char *fmt, ...)
{
	char text[160];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	log(0, "ext2fs: %s: %s (%ld)\n", who != NULL ? who : "bitmap", text,
	    (long)code);
}

/* Names that ignore case: a file system that has them is not mounted. */
const struct ext2fs_nls_table *
ext2fs_load_nls_table(int encoding)
{

	(void)encoding;
	return (NULL);
}
