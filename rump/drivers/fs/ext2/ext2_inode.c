/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ext2_inode.c: inodes: from the disk, back to it, and new ones.
 */
#include "ext2.h"

#define	HAS(em, what)	ext2fs_has_feature_##what((em)->em_fs->super)

/* Flags that chflags(2) knows too. */
static const struct {
	u_int disk;
	u_long va;
} flags[] = {
	{ EXT2_IMMUTABLE_FL, SF_IMMUTABLE },
	{ EXT2_APPEND_FL, SF_APPEND },
	{ EXT2_NODUMP_FL, UF_NODUMP },
};

/* Linux keeps small device numbers in the first word, others in the second. */
static dev_t
rdev_get(const struct ext2_inode_large *in)
{

	return (in->i_block[0] != 0 ? makedev(in->i_block[0] >> 8 & 0xff,
	    in->i_block[0] & 0xff) : makedev(in->i_block[1] >> 8 & 0xfff,
	    (in->i_block[1] >> 12 & 0xfff00) | (in->i_block[1] & 0xff)));
}

static void
rdev_put(struct ext2_inode_large *in, dev_t dev)
{
	uint32_t maj = (uint32_t)major(dev), min = (uint32_t)minor(dev);

	if (maj < 256 && min < 256)
		in->i_block[0] = maj << 8 | min;
	else
		in->i_block[1] = (min & 0xff) | maj << 8 | (min & 0xfff00) << 12;
}

static void
attr_get(struct ext2_node *np, struct vattr *va)
{
	struct ext2_inode_large *in = &np->n_inode;
	size_t i;

	va->va_type = IFTOVT(in->i_mode);
	va->va_mode = in->i_mode & ALLPERMS;
	va->va_nlink = in->i_links_count;
	va->va_uid = inode_uid(*in);
	va->va_gid = inode_gid(*in);
	va->va_fileid = np->n_ino;
	va->va_size = EXT2_I_SIZE(INODE(np));
	va->va_blocksize = (long)np->n_em->em_fs->blocksize;
	va->va_gen = in->i_generation;
	va->va_flags = 0;
	for (i = 0; i < __arraycount(flags); i++)
		if (in->i_flags & flags[i].disk)
			va->va_flags |= flags[i].va;
	va->va_rdev = va->va_type == VBLK || va->va_type == VCHR ?
	    rdev_get(in) : NODEV;
	va->va_bytes = (u_quad_t)S_BLKSIZE *
	    ext2fs_get_stat_i_blocks(np->n_em->em_fs, INODE(np));
	ext2_times_get(np->n_em->em_fs, in, va);
}

/* Does the inode hold together, as far as what is done with it goes? */
static int
check_inode(struct ext2_node *np)
{
	struct ext2_super_block *sb = np->n_em->em_fs->super;
	struct ext2_inode_large *in = &np->n_inode;
	u_quad_t size = EXT2_I_SIZE(INODE(np));

	if (in->i_links_count == 0)
		return (ext2_damaged(np->n_em, "a name, but no link",
		    np->n_ino));
	switch (IFTOVT(in->i_mode)) {
	case VDIR:
		if (size == 0 || ((size % (u_int)EXT2_BLOCK_SIZE(sb)) != 0 &&
		    (in->i_flags & EXT4_INLINE_DATA_FL) == 0) ||
		    size / (u_int)EXT2_BLOCK_SIZE(sb) > INT32_MAX)
			return (ext2_damaged(np->n_em, "the size of a folder",
			    np->n_ino));
		break;
	case VREG:
		if (size > INT64_MAX)
			return (ext2_damaged(np->n_em, "the size of a file",
			    np->n_ino));
		break;
	case VLNK:
		if (size == 0 || size > (u_int)EXT2_BLOCK_SIZE(sb))
			return (ext2_damaged(np->n_em, "the size of a link",
			    np->n_ino));
		break;
	case VBLK:
	case VCHR:
	case VFIFO:
	case VSOCK:
		break;
	default:
		return (ext2_damaged(np->n_em, "its type", np->n_ino));
	}
	/* There are no keys here. */
	return (in->i_flags & EXT4_ENCRYPT_FL ? EOPNOTSUPP : 0);
}

int
ext2_load(struct fsa_node *fn, const struct fsa_found *found)
{
	struct ext2_mount *em = MOUNT(fn->fn_mount);
	ext2_ino_t ino = found->ff_id;
	struct ext2_node *np;
	errcode_t retval;
	int error;

	if (ino != EXT2_ROOT_INO && (ino < EXT2_FIRST_INO(em->em_fs->super) ||
	    ino > em->em_fs->super->s_inodes_count))
		return (ext2_damaged(em, "a name of no file", ino));
	if (ext2fs_get_memzero(sizeof(*np), &np) != 0)
		return (ENOMEM);
	np->n_fn = fn;
	np->n_em = em;
	np->n_ino = ino;
	retval = ext2fs_read_inode_full(em->em_fs, ino, INODE(np),
	    sizeof(np->n_inode));
	error = retval == 0 ? check_inode(np) : ext2_errno(retval) != EIO ?
	    ext2_errno(retval) : ext2_damaged(em, "its inode", ino);
	if (error != 0) {
		ext2fs_free_mem(&np);
		return (error);
	}
	attr_get(np, &fn->fn_attr);
	fn->fn_nomap = (np->n_inode.i_flags & EXT4_INLINE_DATA_FL) != 0;
	fn->fn_data = np;
	return (0);
}

int
ext2_inode_write(struct ext2_node *np)
{
	errcode_t retval;

	retval = ext2fs_write_inode_full(np->n_em->em_fs, np->n_ino, INODE(np),
	    sizeof(np->n_inode));
	if (retval == 0)
		np->n_dirty = 0;
	return (ext2_errno(retval));
}

static void
owner_put(struct ext2_inode_large *in, const struct vattr *va)
{

	in->i_uid = va->va_uid & 0xffff;
	ext2fs_set_i_uid_high(*in, va->va_uid >> 16);
	in->i_gid = va->va_gid & 0xffff;
	ext2fs_set_i_gid_high(*in, va->va_gid >> 16);
}

static void
mode_put(struct ext2_node *np, const struct vattr *va)
{
	struct ext2_inode_large *in = &np->n_inode;
	size_t i;

	in->i_mode = (in->i_mode & S_IFMT) | (va->va_mode & ALLPERMS);
	owner_put(in, va);
	for (i = 0; i < __arraycount(flags); i++)
		in->i_flags = (in->i_flags & ~flags[i].disk) |
		    (va->va_flags & flags[i].va ? flags[i].disk : 0);
}

int
ext2_store(struct fsa_node *fn)
{
	struct ext2_node *np = NODE(fn);
	int dirty = fn->fn_dirty, error;

	error = ext2_map_settle(np);
	ext2_map_release(np);
	if (error != 0)
		return (error);
	if (!dirty && !np->n_dirty)
		return (0);
	if (dirty & FSA_MODE)
		mode_put(np, &fn->fn_attr);
	if ((dirty & FSA_SIZE) && LINUX_S_ISREG(np->n_inode.i_mode) &&
	    (error = ext2_errno(ext2fs_inode_size_set(np->n_em->em_fs,
	    INODE(np), (ext2_off64_t)fn->fn_attr.va_size))) != 0)
		return (error);
	ext2_times_put(np->n_em->em_fs, &np->n_inode, &fn->fn_attr);
	return (ext2_inode_write(np));
}

void
ext2_unload(struct fsa_node *fn)
{
	struct ext2_node *np = NODE(fn);

	if (ext2_map_settle(np) != 0 || (np->n_untidy &&
	    np->n_inode.i_links_count != 0 && ext2_tidy(np) != 0) ||
	    (np->n_dirty && ext2_inode_write(np) != 0))
		(void)ext2_damaged(np->n_em, "cannot be written", np->n_ino);
	np->n_tail.r_len = 0;
	ext2_map_release(np);
	if (np->n_isorphan)
		ext2_orphan_remove(np);
	ext2fs_free_mem(&np);
	fn->fn_data = NULL;
}

int
ext2_setattr(struct fsa_node *fn, struct vattr *va)
{
	struct ext2_inode_large in = NODE(fn)->n_inode;
	ext2_filsys fs = NODE(fn)->n_em->em_fs;
	struct vattr stored = *va;
	u_long known = 0;
	size_t i;

	for (i = 0; i < __arraycount(flags); i++)
		known |= flags[i].va;
	if (va->va_flags != (u_long)VNOVAL && (va->va_flags & ~known))
		return (EOPNOTSUPP);
	/* Times are what the inode can hold. */
	ext2_times_put(fs, &in, &stored);
	ext2_times_get(fs, &in, &stored);
	if (va->va_atime.tv_sec != VNOVAL)
		va->va_atime = stored.va_atime;
	if (va->va_mtime.tv_sec != VNOVAL)
		va->va_mtime = stored.va_mtime;
	return (0);
}

/* Fields of a new inode; its blocks are the caller's. */
static void
new_fields(struct ext2_mount *em, const struct vattr *va,
    struct ext2_inode_large *in)
{
	struct timespec now;
	int extra = EXT2_INODE_SIZE(em->em_fs->super) -
	    EXT2_GOOD_OLD_INODE_SIZE;

	memset(in, 0, sizeof(*in));
	in->i_mode = (__u16)MAKEIMODE(va->va_type, va->va_mode);
	in->i_links_count = 1;
	owner_put(in, va);
	in->i_generation = arc4random();
	if (extra > 0)
		in->i_extra_isize = (__u16)MIN((size_t)extra,
		    sizeof(*in) - EXT2_GOOD_OLD_INODE_SIZE);
	ext2_times_put(em->em_fs, in, va);
	nanotime(&now);
	ext2_times_born(em->em_fs, in, &now);
	if (va->va_type == VBLK || va->va_type == VCHR)
		rdev_put(in, va->va_rdev);
}

/* An inode with extents starts with an empty tree. */
static errcode_t
new_map(struct ext2_mount *em, ext2_ino_t ino, struct ext2_inode_large *in)
{
	ext2_extent_handle_t handle;
	errcode_t retval;

	if (!HAS(em, extents) || (!LINUX_S_ISREG(in->i_mode) &&
	    !LINUX_S_ISDIR(in->i_mode)))
		return (0);
	in->i_flags |= EXT4_EXTENTS_FL;
	retval = ext2fs_extent_open2(em->em_fs, ino, (struct ext2_inode *)in,
	    &handle);
	if (retval == 0)
		ext2fs_extent_free(handle);
	return (retval);
}

/*
 * Takes a free inode near dir, and fills *in; what was on the disk in its place is
 * overwritten, attributes behind the known fields with it.
 */
int
ext2_inode_new(struct ext2_node *dir, const struct vattr *va, ext2_ino_t *inop,
    struct ext2_inode_large *in)
{
	struct ext2_mount *em = dir->n_em;
	char *whole;
	errcode_t retval;

	retval = ext2fs_new_inode(em->em_fs, dir->n_ino, 0, NULL, inop);
	if (retval != 0)
		return (ext2_errno(retval));
	if (*inop < EXT2_FIRST_INO(em->em_fs->super))
		return (ext2_damaged(em, "a free inode that is none", *inop));
	new_fields(em, va, in);
	if ((retval = new_map(em, *inop, in)) != 0 || (retval =
	    ext2fs_get_memzero(EXT2_INODE_SIZE(em->em_fs->super),
	    &whole)) != 0)
		return (ext2_errno(retval));
	memcpy(whole, in, MIN(sizeof(*in),
	    (size_t)EXT2_INODE_SIZE(em->em_fs->super)));
	retval = ext2fs_write_inode_full(em->em_fs, *inop,
	    (struct ext2_inode *)(void *)whole,
	    EXT2_INODE_SIZE(em->em_fs->super));
	ext2fs_free_mem(&whole);
	if (retval == 0)
		ext2fs_inode_alloc_stats2(em->em_fs, *inop, 1,
		    va->va_type == VDIR);
	return (ext2_errno(retval));
}
