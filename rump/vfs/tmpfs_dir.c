/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tmpfs_dir.c: the names in a folder: a list in the order of their making, and
 * a hash table once there are more than a few.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/malloc.h>
#include "tmpfs.h"

#define	TABLE_FROM	8	/* names that a walk of the list finds fast */

/* As path lookup hashes names (cn_hash). */
uint32_t
tmpfs_hash(const char *name, size_t len)
{
	uint32_t hash = 5381;

	while (len-- != 0)
		hash = hash * 33 + (u_char)*name++;
	return (hash);
}

static int
is_name(const struct tmpfs_dirent *td, const char *name, size_t len,
    uint32_t hash)
{

	return (td->td_hash == hash && td->td_namelen == len &&
	    memcmp(td->td_name, name, len) == 0);
}

struct tmpfs_dirent *
tmpfs_dir_find(struct tmpfs_node *dir, const char *name, size_t len,
    uint32_t hash)
{
	struct tmpfs_dirent *td;

	if (dir->tn_table == NULL) {
		TAILQ_FOREACH(td, &dir->tn_entries, td_list)
			if (is_name(td, name, len, hash))
				return (td);
		return (NULL);
	}
	for (td = dir->tn_table[hash & dir->tn_mask]; td != NULL;
	    td = td->td_next)
		if (is_name(td, name, len, hash))
			return (td);
	return (NULL);
}

/* A name that is not yet in a folder; NULL when there is no memory. */
struct tmpfs_dirent *
tmpfs_dirent_new(const char *name, size_t len, uint32_t hash)
{
	struct tmpfs_dirent *td;

	td = malloc(sizeof(*td) + len, M_ROOTFS, M_WAITOK | M_CANFAIL);
	if (td == NULL)
		return (NULL);
	td->td_hash = hash;
	td->td_namelen = (uint32_t)len;
	memcpy(td->td_name, name, len);
	return (td);
}

static void
table_insert(struct tmpfs_node *dir, struct tmpfs_dirent *td)
{
	struct tmpfs_dirent **head = &dir->tn_table[td->td_hash & dir->tn_mask];

	td->td_next = *head;
	*head = td;
}

/* Makes room for twice as many; without memory the chains get longer. */
static void
table_grow(struct tmpfs_node *dir)
{
	size_t size = dir->tn_table == NULL ? 4 * TABLE_FROM :
	    2 * ((size_t)dir->tn_mask + 1);
	struct tmpfs_dirent **table, *td;

	table = malloc(size * sizeof(*table), M_ROOTFS,
	    M_WAITOK | M_CANFAIL | M_ZERO);
	if (table == NULL)
		return;
	free(dir->tn_table, M_ROOTFS);
	dir->tn_table = table;
	dir->tn_mask = (uint32_t)size - 1;
	TAILQ_FOREACH(td, &dir->tn_entries, td_list)
		table_insert(dir, td);
}

/* Gives node the name td in dir; nothing here can fail or sleep for long. */
void
tmpfs_dir_add(struct tmpfs_node *dir, struct tmpfs_node *node,
    struct tmpfs_dirent *td)
{

	td->td_node = node;
	td->td_cookie = dir->tn_cookie++;
	if (dir->tn_table != NULL)
		table_insert(dir, td);
	TAILQ_INSERT_TAIL(&dir->tn_entries, td, td_list);
	dir->tn_count++;
	if (dir->tn_count > (dir->tn_table == NULL ? TABLE_FROM : dir->tn_mask))
		table_grow(dir);
	node->tn_nlink++;
	if (node->tn_type == VDIR) {
		node->tn_nlink++;
		node->tn_parent = dir;
		dir->tn_nlink++;
	}
}

void
tmpfs_dir_remove(struct tmpfs_node *dir, struct tmpfs_dirent *td)
{
	struct tmpfs_node *node = td->td_node;
	struct tmpfs_dirent **prev;

	if (dir->tn_table != NULL) {
		prev = &dir->tn_table[td->td_hash & dir->tn_mask];
		while (*prev != td)
			prev = &(*prev)->td_next;
		*prev = td->td_next;
	}
	if (dir->tn_hint == td)
		dir->tn_hint = TAILQ_NEXT(td, td_list);
	TAILQ_REMOVE(&dir->tn_entries, td, td_list);
	free(td, M_ROOTFS);
	if (--dir->tn_count == 0) {
		free(dir->tn_table, M_ROOTFS);
		dir->tn_table = NULL;
	}
	node->tn_nlink--;
	if (node->tn_type == VDIR) {
		node->tn_nlink--;
		node->tn_parent = NULL;	/* which may go before it */
		dir->tn_nlink--;
	}
}

/* The first name whose cookie is not below; who reads on finds it at once. */
struct tmpfs_dirent *
tmpfs_dir_seek(struct tmpfs_node *dir, off_t cookie)
{
	struct tmpfs_dirent *td = dir->tn_hint, *prev;

	if (td == NULL || td->td_cookie < cookie)
		td = td == NULL ? TAILQ_FIRST(&dir->tn_entries) : td;
	else
		while ((prev = TAILQ_PREV(td, tmpfs_entries, td_list)) != NULL &&
		    prev->td_cookie >= cookie)
			td = prev;
	while (td != NULL && td->td_cookie < cookie)
		td = TAILQ_NEXT(td, td_list);
	return (td);
}
