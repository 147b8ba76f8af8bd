/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ffs_guard_super.c: is a superblock or a cylinder group sound?
 *
 * The driver takes sizes, shifts and offsets from the disk and computes with them
 * what memory it reads and writes.  Nothing here looks at what is free or in use:
 * that may be wrong without harm to anything but the image.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <ufs/ufs/dinode.h>
#include <ufs/ffs/fs.h>
#include "ffs_guard.h"

/* Cylinders of a group are counted in 16 bits. */
#define	CYLINDERS_MOST	0x7fff

/* Inodes hold so much of a link's path in place of block pointers. */
#define	SHORTLINK_MOST	((NDADDR + NIADDR) * (int)sizeof(int32_t))

static int
is_shift(int32_t shift, int32_t value)
{

	return (shift >= 0 && shift < 31 && (1 << shift) == value);
}

static int
is_within(int64_t from, int64_t value, int64_t to)
{

	return (value >= from && value <= to);
}

/* Blocks and fragments, and all that is computed from their sizes. */
static int
sizes_are_sound(const struct fs *fs)
{

	return (is_within(MINBSIZE, fs->fs_bsize, MAXBSIZE) &&
	    is_within(DEV_BSIZE, fs->fs_fsize, fs->fs_bsize) &&
	    is_within(1, fs->fs_frag, MAXFRAG) &&
	    fs->fs_frag == fs->fs_bsize / fs->fs_fsize &&
	    is_shift(fs->fs_bshift, fs->fs_bsize) &&
	    is_shift(fs->fs_fshift, fs->fs_fsize) &&
	    is_shift(fs->fs_fragshift, fs->fs_frag) &&
	    is_shift(fs->fs_fsbtodb, fs->fs_fsize / DEV_BSIZE) &&
	    fs->fs_bmask == ~(fs->fs_bsize - 1) &&
	    fs->fs_fmask == ~(fs->fs_fsize - 1) &&
	    (fs->fs_inodefmt < FS_44INODEFMT ||
	    (fs->fs_qbmask == fs->fs_bsize - 1 &&
	    fs->fs_qfmask == fs->fs_fsize - 1)) &&
	    fs->fs_nindir == fs->fs_bsize / (int)sizeof(int32_t) &&
	    fs->fs_inopb ==
	    fs->fs_bsize / (int)sizeof(struct ufs1_dinode) &&
	    fs->fs_nspf == fs->fs_fsize / DEV_BSIZE &&
	    is_within((int64_t)offsetof(struct fs, fs_space), fs->fs_sbsize,
	    SBSIZE));
}

/* Where a group's parts lie, and where the groups do. */
static int
groups_are_sound(const struct fs *fs)
{
	int64_t start, inodes;
	int c;

	if (fs->fs_size <= 0 || fs->fs_ncg <= 0 || fs->fs_fpg <= 0 ||
	    fs->fs_fpg % fs->fs_frag != 0 ||
	    fs->fs_ncg != howmany((int64_t)fs->fs_size, fs->fs_fpg) ||
	    fs->fs_ipg <= 0 || fs->fs_ipg % fs->fs_inopb != 0 ||
	    (int64_t)fs->fs_ncg * fs->fs_ipg > INT_MAX ||
	    (int64_t)fs->fs_size * fs->fs_nspf > INT_MAX)
		return (0);
	inodes = (int64_t)fs->fs_ipg / fs->fs_inopb * fs->fs_frag;
	if (fs->fs_sblkno <= 0 || fs->fs_cblkno <= fs->fs_sblkno ||
	    fs->fs_iblkno <= fs->fs_cblkno ||
	    fs->fs_dblkno < fs->fs_iblkno + inodes ||
	    fs->fs_dblkno > fs->fs_fpg || fs->fs_cgoffset < 0 ||
	    ~fs->fs_cgmask < 0)
		return (0);
	for (c = 0; c < fs->fs_ncg; c++) {
		start = (int64_t)fs->fs_fpg * c +
		    (int64_t)fs->fs_cgoffset * (c & ~fs->fs_cgmask);
		if (start + fs->fs_dblkno > MIN((int64_t)fs->fs_size,
		    (int64_t)fs->fs_fpg * (c + 1)))
			return (0);
	}
	return (is_within(sizeof(struct cg), fs->fs_cgsize, fs->fs_bsize) &&
	    fs->fs_cssize >= fs->fs_ncg * (int64_t)sizeof(struct csum) &&
	    fs->fs_cssize <= (int64_t)fs->fs_ncg *
	    (int64_t)sizeof(struct csum) + fs->fs_bsize &&
	    fs->fs_csaddr > 0 && (int64_t)fs->fs_csaddr +
	    howmany(fs->fs_cssize, fs->fs_fsize) <= fs->fs_size);
}

/* The disk of old that places were chosen for, and what is divided by. */
static int
places_are_sound(const struct fs *fs)
{
	int nrpos = fs->fs_postblformat == FS_42POSTBLFMT ? 8 : fs->fs_nrpos;

	return (fs->fs_spc > 0 && fs->fs_nsect > 0 && fs->fs_npsect >= 0 &&
	    fs->fs_interleave >= 0 && fs->fs_trackskew >= 0 &&
	    is_within(1, nrpos, 8) && is_within(1, fs->fs_cpg, CYLINDERS_MOST) &&
	    (int64_t)fs->fs_fpg * fs->fs_nspf <=
	    (int64_t)fs->fs_spc * fs->fs_cpg &&
	    (int64_t)fs->fs_spc * fs->fs_interleave <= INT_MAX / nrpos &&
	    (fs->fs_trackskew == 0 ||
	    fs->fs_spc / fs->fs_nsect <= INT_MAX / nrpos / 2 /
	    fs->fs_trackskew) &&
	    fs->fs_cpc == 0 && fs->fs_maxbpg > 0 && fs->fs_maxcontig > 0 &&
	    is_within(0, fs->fs_contigsumsize, FS_MAXCONTIG) &&
	    is_within(0, fs->fs_minfree, 99) &&
	    is_within(0, fs->fs_cgrotor, fs->fs_ncg - 1) &&
	    (fs->fs_avgfilesize <= 0 || fs->fs_avgfpdir <= 0 ||
	    fs->fs_avgfilesize <= INT_MAX / fs->fs_avgfpdir) &&
	    is_within(0, fs->fs_maxsymlinklen, SHORTLINK_MOST) &&
	    fs->fs_maxfilesize > 0 && fs->fs_maxfilesize <= INT64_MAX);
}

int
ffs_guard_super(const struct fs *fs, off_t bytes)
{

	if (!sizes_are_sound(fs) || !groups_are_sound(fs) ||
	    !places_are_sound(fs) || fs->fs_cstotal.cs_nbfree < 0 ||
	    fs->fs_cstotal.cs_nffree < 0 || fs->fs_cstotal.cs_nifree < 0 ||
	    fs->fs_cstotal.cs_ndir < 0)
		return (EINVAL);
	if (bytes >= 0 && (int64_t)fs->fs_size * fs->fs_fsize > bytes)
		return (EIO);		/* the image is cut short */
	return (0);
}

/* A table of a group, of n entries, lies within it, behind its header. */
static int
is_inside(const struct fs *fs, int32_t off, int64_t n, size_t entry)
{

	return (off >= (int32_t)offsetof(struct cg, cg_space) &&
	    off % (int)entry == 0 && off + n * (int)entry <= fs->fs_cgsize);
}

static int
tables_are_sound(const struct fs *fs, const struct cg *cg)
{

	if (!is_inside(fs, cg->cg_btotoff, fs->fs_cpg, sizeof(int32_t)) ||
	    !is_inside(fs, cg->cg_boff, (int64_t)fs->fs_cpg * fs->fs_nrpos,
	    sizeof(int16_t)) ||
	    !is_inside(fs, cg->cg_iusedoff, howmany(fs->fs_ipg, NBBY), 1) ||
	    !is_inside(fs, cg->cg_freeoff, howmany(fs->fs_fpg, NBBY), 1))
		return (0);
	return (fs->fs_contigsumsize == 0 || (is_inside(fs,
	    cg->cg_clustersumoff, fs->fs_contigsumsize + 1, sizeof(int32_t)) &&
	    is_inside(fs, cg->cg_clusteroff,
	    howmany(fs->fs_fpg / fs->fs_frag, NBBY), 1) &&
	    is_within(0, cg->cg_nclusterblks, fs->fs_fpg / fs->fs_frag)));
}

int
ffs_guard_group(const struct fs *fs, const struct cg *cg, int group)
{
	int64_t base = (int64_t)fs->fs_fpg * group;

	if (cg->cg_magic != CG_MAGIC || cg->cg_cgx != group ||
	    !is_within(1, cg->cg_ndblk,
	    MIN((int64_t)fs->fs_fpg, fs->fs_size - base)) ||
	    !is_within(0, cg->cg_rotor, cg->cg_ndblk - 1) ||
	    !is_within(0, cg->cg_frotor, cg->cg_ndblk - 1) ||
	    !is_within(0, cg->cg_irotor, fs->fs_ipg - 1) ||
	    !is_within(0, cg->cg_cs.cs_nbfree, cg->cg_ndblk / fs->fs_frag) ||
	    !is_within(0, cg->cg_cs.cs_nffree, cg->cg_ndblk) ||
	    !is_within(0, cg->cg_cs.cs_nifree, fs->fs_ipg) ||
	    !tables_are_sound(fs, cg))
		return (EIO);
	return (0);
}
