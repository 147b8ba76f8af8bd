/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fat_index.c: the names of a folder, by hash, and which entries are free.
 *
 * The library looks for a name, and for a place for one, by reading the folder from
 * its start.  A folder that is worked in is read once instead, into a table of hashes
 * of its names (long ones folded to upper case, and short ones) and a map of its
 * entries.  The table says where a name may be; the entry itself decides.
 */
#include "fat.h"
#include <sys/malloc.h>

struct hashed {
	u_int32_t h_hash;
	DWORD h_first;
	DWORD h_last;
	int h_next;			/* in the bucket, or free; -1: none */
};

struct fatindex {
	int *x_bucket;
	u_int x_nbuckets;		/* a power of 2 */
	struct hashed *x_names;
	int x_n, x_room, x_free;
	u_int x_objects;
	u_int64_t *x_used;		/* a bit for each entry */
	DWORD x_words;
	DWORD x_end;			/* entries from here on were never used */
	DWORD x_hint;			/* none is free before */
};

static u_int32_t
mix(u_int32_t h, u_int32_t v)
{

	return ((h ^ v) * 16777619U);
}

static u_int32_t
long_hash(const WCHAR *name)
{
	u_int32_t h = 2166136261U;

	for (; *name != 0; name++)
		h = mix(h, *name < 0x80 ? (*name >= 'a' && *name <= 'z' ?
		    *name - 32U : *name) : ff_wtoupper(*name));
	return (h);
}

static u_int32_t
short_hash(const BYTE *sfn)
{
	u_int32_t h = 40389U;
	int i;

	for (i = 0; i < 11; i++)
		h = mix(h, sfn[i]);
	return (h);
}

static int
same_long(const WCHAR *a, const WCHAR *b)
{

	for (; *a != 0 && (*a == *b || ff_wtoupper(*a) == ff_wtoupper(*b)); a++)
		b++;
	return (*a == 0 && *b == 0);
}

static void
rehash(struct fatindex *x, u_int nbuckets)
{
	struct hashed *h;
	int *bucket;
	u_int i;

	free(x->x_bucket, M_VNODE);
	x->x_bucket = malloc(nbuckets * sizeof(*x->x_bucket), M_VNODE,
	    M_WAITOK);
	x->x_nbuckets = nbuckets;
	for (i = 0; i < nbuckets; i++)
		x->x_bucket[i] = -1;
	for (h = x->x_names; h < x->x_names + x->x_n; h++) {
		if (h->h_first > h->h_last)	/* free */
			continue;
		bucket = &x->x_bucket[h->h_hash & (nbuckets - 1)];
		h->h_next = *bucket;
		*bucket = (int)(h - x->x_names);
	}
}

static void
name_add(struct fatindex *x, u_int32_t hash, DWORD first, DWORD last)
{
	struct hashed *h;
	int i;

	if ((i = x->x_free) >= 0) {
		x->x_free = x->x_names[i].h_next;
	} else {
		if (x->x_n == x->x_room) {
			x->x_room = MAX(16, x->x_room * 2);
			x->x_names = realloc(x->x_names,
			    x->x_room * sizeof(*h), M_VNODE, M_WAITOK);
			rehash(x, (u_int)x->x_room);
		}
		i = x->x_n++;
	}
	h = &x->x_names[i];
	*h = (struct hashed){ hash, first, last,
	    x->x_bucket[hash & (x->x_nbuckets - 1)] };
	x->x_bucket[hash & (x->x_nbuckets - 1)] = i;
}

static void
name_remove(struct fatindex *x, u_int32_t hash, DWORD last)
{
	int *link = &x->x_bucket[hash & (x->x_nbuckets - 1)], i;
	struct hashed *h;

	for (; (i = *link) >= 0; link = &h->h_next) {
		h = &x->x_names[i];
		if (h->h_hash != hash || h->h_last != last)
			continue;
		*link = h->h_next;
		h->h_next = x->x_free;
		h->h_first = 1;			/* free: first > last */
		h->h_last = 0;
		x->x_free = i;
		return;
	}
}

static void
mark(struct fatindex *x, DWORD slot, int isused)
{
	DWORD word = slot / 64, words;

	if (word >= x->x_words) {
		words = MAX(word + 1, MAX(4, x->x_words * 2));
		x->x_used = realloc(x->x_used, words * sizeof(*x->x_used),
		    M_VNODE, M_WAITOK);
		memset(x->x_used + x->x_words, 0,
		    (words - x->x_words) * sizeof(*x->x_used));
		x->x_words = words;
	}
	if (isused)
		x->x_used[word] |= 1ULL << slot % 64;
	else
		x->x_used[word] &= ~(1ULL << slot % 64);
}

static void
mark_range(struct fatindex *x, DWORD first, DWORD last, int isused)
{
	DWORD slot;

	for (slot = first / ENTRY; slot <= last / ENTRY; slot++)
		mark(x, slot, isused);
	if (!isused)
		x->x_hint = MIN(x->x_hint, first / ENTRY);
	x->x_end = MAX(x->x_end, last / ENTRY + 1);
}

/* Adds or removes the names of the object that the library's buffers hold. */
static void
index_object(struct fatindex *x, FATFS *fs, FF_DIR *dp, DWORD first, DWORD last,
    int add)
{
	u_int32_t hash[2];
	int n = 0;

	if (ISEXFAT(fs)) {
		u_int i, len = fs->dirbuf[XE_NAMELEN];

		/* An entry of 15 characters begins with 2 bytes of its own. */
		for (i = 0; i < len; i++)
			fs->lfnbuf[i] = le16(fs->dirbuf + XE_NAME +
			    i / 15 * ENTRY + 2 + i % 15 * 2);
		fs->lfnbuf[len] = 0;
		hash[n++] = long_hash(fs->lfnbuf);
	} else {
		if (dp->blk_ofs != FAT_NOBLOCK)
			hash[n++] = long_hash(fs->lfnbuf);
		hash[n++] = short_hash(dp->dir);
	}
	while (n-- > 0) {
		if (add)
			name_add(x, hash[n], first, last);
		else
			name_remove(x, hash[n], last);
	}
	x->x_objects += add ? 1 : -1;
	mark_range(x, first, last, add);
}

/* One entry that is no object: a free one, a label, something unknown. */
static int
scan_other(struct fatindex *x, FATFS *fs, FF_DIR *dp, int *isend)
{
	BYTE type;

	if (ff_move_window(fs, dp->sect) != FR_OK)
		return (EIO);
	type = dp->dir[0];
	*isend = type == 0;
	if (*isend)
		return (0);
	x->x_end = dp->dptr / ENTRY + 1;
	mark(x, dp->dptr / ENTRY,
	    ISEXFAT(fs) ? type & XE_INUSE : type != DE_FREE);
	return (0);
}

/*
 * Does an object begin here?  What is damaged is left alone: its entries count as
 * used and as no object.
 */
static int
scan_object(struct fatindex *x, struct fatnode *dir, DWORD ofs, DWORD *next)
{
	FATFS *fs = &dir->n_fm->m_fs;
	DWORD first, last, i;
	FF_DIR d;
	int error, isend;

	if ((error = fat_seek(dir, ofs, &d)) != 0)
		return (error);
	if ((error = scan_other(x, fs, &d, &isend)) != 0)
		return (error);
	if (isend)
		return (ENOENT);
	*next = ofs + ENTRY;
	if (ISEXFAT(fs)) {
		if (d.dir[0] != XE_FILE)
			return (0);
	} else if (d.dir[0] == DE_FREE || d.dir[0] == '.' ||
	    ((d.dir[DE_ATTR] & FAT_AM_VOLUME) &&
	    (d.dir[DE_ATTR] & FAT_AM_MASK) != FAT_AM_LFN)) {
		return (0);
	}
	error = fat_readentry(&d, &first, &last);
	if (error == EIO && !ISEXFAT(fs))
		return (EIO);
	if (error != 0)
		return (0);
	/* Parts of long names without their file are passed over. */
	for (i = ofs; i < MIN(first, last); i += ENTRY) {
		FF_DIR part;

		if (fat_seek(dir, i, &part) != 0 ||
		    scan_other(x, fs, &part, &isend) != 0)
			return (EIO);
	}
	if ((error = fat_open(dir, first, last, &d)) != 0)
		return (ISEXFAT(fs) ? 0 : error);
	if (!ISEXFAT(fs))
		d.blk_ofs = first == last ? FAT_NOBLOCK : first;
	index_object(x, fs, &d, first, last, 1);
	*next = last + ENTRY;
	return (0);
}

static int
build(struct fatnode *dir)
{
	struct fatindex *x;
	DWORD ofs = 0;
	int error;

	x = malloc(sizeof(*x), M_VNODE, M_WAITOK | M_ZERO);
	x->x_free = -1;
	rehash(x, 16);
	mark(x, 0, 0);
	while ((error = scan_object(x, dir, ofs, &ofs)) == 0)
		continue;
	dir->n_index = x;
	if (error == ENOENT)
		return (0);
	fat_freeindex(dir);
	return (error);
}

static int
get_index(struct fatnode *dir, struct fatindex **xp)
{
	int error;

	if (dir->n_index == NULL && (error = build(dir)) != 0)
		return (error);
	*xp = dir->n_index;
	return (0);
}

void
fat_freeindex(struct fatnode *dir)
{
	struct fatindex *x = dir->n_index;

	dir->n_index = NULL;
	if (x == NULL)
		return;
	free(x->x_bucket, M_VNODE);
	free(x->x_names, M_VNODE);
	free(x->x_used, M_VNODE);
	free(x, M_VNODE);
}

/* Adds an object's names, or removes them; the entries are on the disk (still). */
int
fat_indexnames(struct fatnode *dir, DWORD first, DWORD last, int add)
{
	struct fatindex *x;
	DWORD f, l;
	FF_DIR d;
	int error;

	if ((error = get_index(dir, &x)) != 0 ||
	    (error = fat_seek(dir, first, &d)) != 0 ||
	    (error = fat_readentry(&d, &f, &l)) != 0)
		return (error == ENOENT ? EIO : error);
	if (f != first || l < last)
		return (EIO);
	index_object(x, &dir->n_fm->m_fs, &d, first, last, add);
	return (0);
}

/* Is the object in these places called so? */
static int
matches(struct fatnode *dir, struct hashed *h, struct fatname *name, int isshort,
    int *yes)
{
	FATFS *fs = &dir->n_fm->m_fs;
	DWORD first, last;
	FF_DIR d;
	int error;

	*yes = 0;
	if ((error = fat_seek(dir, h->h_first, &d)) != 0 ||
	    (error = fat_readentry(&d, &first, &last)) != 0)
		return (error == ENOENT ? 0 : error);
	if (first != h->h_first)
		return (0);
	if (isshort) {
		*yes = memcmp(d.dir, name->fn_short, 11) == 0;
		return (0);
	}
	if (ISEXFAT(fs)) {
		u_int i, len = fs->dirbuf[XE_NAMELEN];

		for (i = 0; i < len; i++)
			fs->lfnbuf[i] = le16(fs->dirbuf + XE_NAME +
			    i / 15 * ENTRY + 2 + i % 15 * 2);
		fs->lfnbuf[len] = 0;
	} else if (d.blk_ofs == FAT_NOBLOCK) {
		return (0);
	}
	*yes = same_long(fs->lfnbuf, name->fn_long);
	return (0);
}

static int
find_hash(struct fatnode *dir, struct fatindex *x, u_int32_t hash,
    struct fatname *name, int isshort, struct hashed **hp)
{
	struct hashed *h;
	int i, error, yes;

	for (i = x->x_bucket[hash & (x->x_nbuckets - 1)]; i >= 0;
	    i = h->h_next) {
		h = &x->x_names[i];
		if (h->h_hash != hash)
			continue;
		if ((error = matches(dir, h, name, isshort, &yes)) != 0)
			return (error);
		if (yes) {
			*hp = h;
			return (0);
		}
	}
	return (ENOENT);
}

/* Where the object of this name is. */
int
fat_find(struct fatnode *dir, struct fatname *name, DWORD *first, DWORD *last)
{
	FATFS *fs = &dir->n_fm->m_fs;
	struct fatindex *x;
	struct hashed *h;
	int error;

	if ((error = get_index(dir, &x)) != 0)
		return (error);
	error = find_hash(dir, x, long_hash(name->fn_long), name, 0, &h);
	if (error == ENOENT && !ISEXFAT(fs) &&
	    (name->fn_short[NS_AT] & FAT_NS_LOSS) == 0)
		error = find_hash(dir, x, short_hash(name->fn_short), name, 1,
		    &h);
	if (error == 0) {
		*first = h->h_first;
		*last = h->h_last;
	}
	return (error);
}

/* EEXIST if somebody in dir has this short name. */
int
fat_shortfree(struct fatnode *dir, const BYTE *sfn)
{
	struct fatname name;
	struct fatindex *x;
	struct hashed *h;
	int error;

	if ((error = get_index(dir, &x)) != 0)
		return (error);
	memcpy(name.fn_short, sfn, 11);
	error = find_hash(dir, x, short_hash(sfn), &name, 1, &h);
	return (error == ENOENT ? 0 : error == 0 ? EEXIST : error);
}

static int
isused(struct fatindex *x, DWORD slot)
{

	return (x->x_used[slot / 64] >> slot % 64 & 1);
}

/*
 * count free entries in a row, before x_end or from there on.  With exFAT they do not
 * begin with the last one of a sector (per entries; else 0), because of what changes
 * together in a set, checksum and size, a power cut might leave one.
 */
static DWORD
find_slot(struct fatindex *x, DWORD count, DWORD per)
{
	DWORD slot = x->x_hint, run = 0;

	while (slot < x->x_end && run < count) {
		if (slot % 64 == 0 && x->x_used[slot / 64] == ~0ULL) {
			if (slot == x->x_hint)
				x->x_hint += 64;
			run = 0;
			slot += 64;
			continue;
		}
		if (isused(x, slot)) {
			if (slot == x->x_hint)
				x->x_hint++;
			run = 0;
		} else if (run > 0 || per == 0 || slot % per != per - 1) {
			run++;
		}
		slot++;
	}
	slot = MIN(slot, x->x_end) - run;
	return (per != 0 && slot % per == per - 1 ? slot + 1 : slot);
}

/*
 * A place for count entries; the folder grows for them if it must.  *isend: they
 * will be the last ones.
 */
int
fat_slot(struct fatnode *dir, DWORD count, DWORD *slot, int *isend)
{
	FATFS *fs = &dir->n_fm->m_fs;
	struct fatindex *x;
	int error;

	if ((error = get_index(dir, &x)) != 0)
		return (error);
	*slot = find_slot(x, count, ISEXFAT(fs) ? fs->ssize / ENTRY : 0);
	*isend = *slot + count >= x->x_end;
	while ((u_int64_t)(*slot + count) * ENTRY > fat_dirroom(dir))
		if ((error = fat_growdir(dir)) != 0)
			return (error);
	return (0);
}

int
fat_isempty(struct fatnode *dir)
{
	struct fatindex *x;
	int error;

	if ((error = get_index(dir, &x)) != 0)
		return (error);
	return (x->x_objects == 0 ? 0 : ENOTEMPTY);
}
