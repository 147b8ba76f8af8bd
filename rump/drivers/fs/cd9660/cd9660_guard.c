/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cd9660_guard.c: keeps damaged Rock Ridge records from the driver.
 *
 * The driver (2003) trusts what it parses in the System Use area of a directory
 * record (IEEE P1281 and P1282): a name field shorter than its header moves an
 * output pointer by 64 KiB, a name split over fields that never ends is written
 * behind its buffer, a continuation area may point before its block, or to
 * itself for ever, and a second continuation waits for the buffer that the first
 * still has.  Its source stays as it is: it is compiled from here under other
 * names, and what bears the driver's names looks at the records first.  Only
 * records that hold together reach the driver; others read like records without
 * Rock Ridge fields.
 */
#define	cd9660_rrip_analyze	cd9660_driver_rrip_analyze
#define	cd9660_rrip_getname	cd9660_driver_rrip_getname
#define	cd9660_rrip_getsymname	cd9660_driver_rrip_getsymname
#define	cd9660_rrip_offset	cd9660_driver_rrip_offset
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/buf.h>
#include <sys/malloc.h>
#include <sys/mount.h>
#include <sys/vnode.h>
#include <isofs/cd9660/cd9660_rrip.c>
#undef cd9660_rrip_analyze
#undef cd9660_rrip_getname
#undef cd9660_rrip_getsymname
#undef cd9660_rrip_offset
int	cd9660_rrip_analyze(struct iso_directory_record *, struct iso_node *,
	    struct iso_mnt *);
int	cd9660_rrip_getname(struct iso_directory_record *, char *, u_short *,
	    ino_t *, struct iso_mnt *);
int	cd9660_rrip_getsymname(struct iso_directory_record *, char *, u_short *,
	    struct iso_mnt *);
int	cd9660_rrip_offset(struct iso_directory_record *, struct iso_mnt *);

#define	SUSP_HEADER	4	/* signature, length, version */
#define	CE_LENGTH	28
#define	PX_LENGTH	36
#define	SL_COMPONENT	2	/* flags, length */

/* What has been seen of one record. */
struct check {
	const struct iso_mnt *ck_imp;
	int ck_namelen;		/* bytes of NM fields so far */
	int ck_nameopen;	/* the last NM field goes on */
	int ck_cont;		/* a continuation area follows: */
	int ck_ceblk, ck_ceoff, ck_celen;
};

static int
check_tstamp(const u_char *f, int len)
{
	int i, stamps = 0;

	if (len < 5)
		return (0);
	for (i = 0; i < 7; i++)
		stamps += (f[4] >> i) & 1;
	return (5 + stamps * (f[4] & 0x80 ? 17 : 7) <= len);
}

/* The components of an SL field must fill it. */
static int
check_slink(const u_char *f, int len)
{
	int at;

	if (len < 5)
		return (0);
	for (at = 5; at < len; at += SL_COMPONENT + f[at + 1])
		if (at + SL_COMPONENT > len ||
		    at + SL_COMPONENT + f[at + 1] > len)
			return (0);
	return (1);
}

static int
check_name(struct check *ck, const u_char *f, int len)
{

	if (len < 5)
		return (0);
	switch (f[4] & ~ISO_SUSP_CFLAG_CONTINUE) {
	case 0:
		ck->ck_namelen += len - 5;
		break;
	case ISO_SUSP_CFLAG_CURRENT:
		ck->ck_namelen += 1;
		break;
	case ISO_SUSP_CFLAG_PARENT:
		ck->ck_namelen += 2;
		break;
	default:
		return (0);
	}
	ck->ck_nameopen = f[4] & ISO_SUSP_CFLAG_CONTINUE;
	return (ck->ck_namelen <= NAME_MAX);
}

static int
check_cont(struct check *ck, const u_char *f, int len)
{

	if (len < CE_LENGTH)
		return (0);
	ck->ck_cont = 1;
	ck->ck_ceblk = isonum_733((u_char *)(uintptr_t)f + 4);
	ck->ck_ceoff = isonum_733((u_char *)(uintptr_t)f + 12);
	ck->ck_celen = isonum_733((u_char *)(uintptr_t)f + 20);
	return (ck->ck_ceblk >= 0 &&
	    ck->ck_ceblk < ck->ck_imp->volume_space_size &&
	    ck->ck_ceoff >= 0 && ck->ck_celen >= 0 &&
	    ck->ck_ceoff <= ck->ck_imp->logical_block_size &&
	    ck->ck_celen <= ck->ck_imp->logical_block_size - ck->ck_ceoff);
}

/* One field of len bytes (f[2]), all of them inside its area. */
static int
check_field(struct check *ck, const u_char *f, int len)
{

	switch (f[0] << 8 | f[1]) {
	case 'P' << 8 | 'X':
		return (len >= PX_LENGTH);
	case 'T' << 8 | 'F':
		return (check_tstamp(f, len));
	case 'P' << 8 | 'N':
		return (len >= 20);
	case 'C' << 8 | 'L':
	case 'P' << 8 | 'L':
		return (len >= 12);
	case 'R' << 8 | 'R':
	case 'R' << 8 | 'E':
		/* These may end the driver's search: not within a name. */
		return ((f[1] == 'E' || len >= 5) && !ck->ck_nameopen);
	case 'E' << 8 | 'R':
		return (len >= 8 && 8 + f[4] <= len);
	case 'N' << 8 | 'M':
		return (check_name(ck, f, len));
	case 'S' << 8 | 'L':
		return (check_slink(f, len));
	case 'C' << 8 | 'E':
		return (check_cont(ck, f, len));
	default:
		return (1);
	}
}

/* Every field that the driver would look at in p[0 .. len). */
static int
check_area(struct check *ck, const u_char *p, int len)
{
	int flen;

	while (len >= SUSP_HEADER) {
		flen = p[2];
		/* The driver takes a short length for the end. */
		if (flen < SUSP_HEADER)
			return (p[3] != 1);
		if (flen > len)
			return (0);
		if (p[3] == 1) {
			if (p[0] == 'S' && p[1] == 'T')
				return (1);
			if (!check_field(ck, p, flen))
				return (0);
		}
		p += flen;
		len -= flen;
	}
	return (1);
}

/*
 * Does the record hold together, with at most one continuation area?  (The
 * driver can follow no more: it would wait for its own buffer.)
 */
static int
check_record(struct iso_directory_record *isodir, struct iso_mnt *imp)
{
	struct check ck = { .ck_imp = imp };
	u_char *p, *end, c;
	struct buf *bp;
	int ok;

	p = (u_char *)isodir->name + isonum_711((u_char *)isodir->name_len);
	if ((isonum_711((u_char *)isodir->name_len) & 1) == 0)
		p++;
	isochar((u_char *)isodir->name, p, imp->joliet_level, &c);
	if (c != 0 || isonum_733(isodir->extent) != imp->root_extent)
		p += imp->rr_skip;
	else
		p += imp->rr_skip0;
	end = (u_char *)isodir + isonum_711((u_char *)isodir->length);
	if (p >= end)
		return (1);
	if (!check_area(&ck, p, (int)(end - p)))
		return (0);
	if (ck.ck_cont) {
		ck.ck_cont = 0;
		if (bread(imp->im_devvp, ck.ck_ceblk <<
		    (imp->im_bshift - DEV_BSHIFT), imp->logical_block_size,
		    NOCRED, &bp) != 0) {
			brelse(bp);
			return (0);
		}
		ok = check_area(&ck, (u_char *)bp->b_data + ck.ck_ceoff,
		    ck.ck_celen);
		brelse(bp);
		if (!ok || ck.ck_cont)
			return (0);
	}
	return (!ck.ck_nameopen);
}

int
cd9660_rrip_analyze(struct iso_directory_record *isodir, struct iso_node *inop,
    struct iso_mnt *imp)
{

	if (check_record(isodir, imp))
		return (cd9660_driver_rrip_analyze(isodir, inop, imp));
	cd9660_defattr(isodir, inop, NULL);
	cd9660_deftstamp(isodir, inop, NULL);
	return (0);
}

int
cd9660_rrip_getname(struct iso_directory_record *isodir, char *outbuf,
    u_short *outlen, ino_t *inump, struct iso_mnt *imp)
{
	u_char *name = (u_char *)isodir->name;

	if (check_record(isodir, imp))
		return (cd9660_driver_rrip_getname(isodir, outbuf, outlen,
		    inump, imp));
	if (name[0] == 0 || name[0] == 1) {
		*outlen = name[0] + 1;
		memcpy(outbuf, "..", 2);
	} else {
		isofntrans(name, isonum_711((u_char *)isodir->name_len),
		    (u_char *)outbuf, outlen, 1,
		    isonum_711((u_char *)isodir->flags) & 4, imp->joliet_level);
	}
	return (0);
}

int
cd9660_rrip_getsymname(struct iso_directory_record *isodir, char *outbuf,
    u_short *outlen, struct iso_mnt *imp)
{

	*outlen = 0;
	if (!check_record(isodir, imp))
		return (0);
	return (cd9660_driver_rrip_getsymname(isodir, outbuf, outlen, imp));
}

int
cd9660_rrip_offset(struct iso_directory_record *isodir, struct iso_mnt *imp)
{
	static const u_char sp[] = { 'S', 'P', 7, 1, 0xbe, 0xef };
	const char *p = isodir->name + 1;

	/* Where the fields of the root start: a CD-ROM XA has 15 bytes before. */
	imp->rr_skip = imp->rr_skip0 = 0;
	if (memcmp(p, sp, sizeof(sp)) != 0) {
		if (memcmp(p + 15, sp, sizeof(sp)) != 0)
			return (-1);
		imp->rr_skip0 = 15;
	}
	if (!check_record(isodir, imp))
		return (-1);
	return (cd9660_driver_rrip_offset(isodir, imp));
}
