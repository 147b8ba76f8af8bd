/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mount.c: shows the host's disks as /dev/vda, /dev/vdb ... and mounts what the
 * configuration asks for.
 */
#include "types.h"
#include "bootconfig.h"
#include "mount.h"

static struct linux_bootconfig *linux_mounted;

static const char *
linux_errno_name(int error)
{
#define	ROW(name, value)	case value: return #name;
	switch (error) {
	RUMP_ERRNO_LIST(ROW)
	default:
		return "unknown error";
	}
#undef ROW
}

const char *
linux_mount_complain(const struct linux_mount *m, const char *problem)
{

	rumpuser_dprintf("rumpkit: cannot mount %s on %s as %s: %s\n",
	    m->m_device, m->m_path, m->m_type, problem);
	return problem;
}

/* Why a mount failed, in words that name the remedy where there is one. */
static const char *
linux_mount_explain(const struct linux_mount *m, const char *component)
{
	const int error = rumpglue_errno();

	switch (error) {
	case RUMP_ENODEV:
		rumpuser_dprintf("rumpkit: the component %s is not in the "
		    "image\n", component);
		return linux_mount_complain(m, "the image has no driver for "
		    "this file system");
	case RUMP_ENXIO:
	case RUMP_ENOENT:
		return linux_mount_complain(m, "the machine has no such disk");
	case RUMP_EINVAL:
	case RUMP_EFTYPE:
		return linux_mount_complain(m, "the disk does not hold such a "
		    "file system");
	case RUMP_EROFS:
		return linux_mount_complain(m, "the disk can only be read: "
		    "mount it with readOnly, or see above");
	case RUMP_EIO:
		return linux_mount_complain(m, "the disk cannot be read, or it "
		    "ends too early");
	default:
		return linux_mount_complain(m, linux_errno_name(error));
	}
}

/* Makes the folders of path that are missing; those of a disk may be read-only. */
static void
linux_make_folders(char *path)
{
	char *s;

	for (s = path + 1; *s != '\0'; s++) {
		if (*s != '/')
			continue;
		*s = '\0';
		(void)rump_sys_mkdir(path, 0755);
		*s = '/';
	}
	(void)rump_sys_mkdir(path, 0755);
}

/* The device's path in the kernel: a name stands for one in /dev. */
static int
linux_mount_device(const struct linux_mount *m, char *device, size_t size)
{
	size_t len = 0;

	if (m->m_device[0] != '/')
		len = linux_strlcpy(device, "/dev/", size);
	return linux_strlcpy(device + len, m->m_device, size - len) <
	    size - len ? 0 : -1;
}

static int
linux_mount_flags(const struct linux_mount *m)
{
	int flags = m->m_readonly ? RUMP_MNT_RDONLY : 0;

	if (m->m_noatime)
		flags |= RUMP_MNT_NOATIME;
	if (m->m_sync)
		flags |= RUMP_MNT_SYNCHRONOUS;
	return flags;
}

static const char *
linux_mount_one(struct linux_mount *m)
{
	const struct linux_fs *fs = linux_fs_find(m->m_type);
	char device[64];

	if (fs == NULL)
		return linux_mount_complain(m, "unknown file system type");
	if (linux_mount_device(m, device, sizeof(device)) != 0)
		return linux_mount_complain(m, "the device's name is too "
		    "long");
	linux_make_folders(m->m_path);
	if (fs->readonly)
		m->m_readonly = 1;
	if (fs->mount(m, linux_mount_flags(m), device) == -1)
		return linux_mount_explain(m, fs->component);
	m->m_mounted = 1;
	return NULL;
}

static void
linux_disks(int verbose)
{
	char key[] = "/dev/vda";
	char *const name = key + 5;
	uint64_t size;
	int error, ft;

	(void)rump_sys_mkdir("/dev", 0755);
	for (; name[2] <= 'z'; name[2]++) {
		if (rumpuser_getfileinfo(name, &size, &ft) != 0)
			break;
		error = rump_pub_etfs_register(key, name, RUMP_ETFS_BLK);
		if (error != 0)
			rumpuser_dprintf("rumpkit: cannot show disk %s: %s\n",
			    name, linux_errno_name(error));
		else if (verbose)
			rumpuser_dprintf("rumpkit: %s: %llu bytes\n", key,
			    (unsigned long long)size);
	}
}

const char *
linux_mount_all(struct linux_bootconfig *bc)
{
	const char *problem = NULL;
	int i;

	linux_mounted = bc;
	linux_disks(bc->bc_verbose);
	for (i = 0; i < bc->bc_nmounts && problem == NULL; i++) {
		problem = linux_mount_one(&bc->bc_mounts[i]);
		if (problem == NULL && bc->bc_verbose)
			rumpuser_dprintf("rumpkit: mounted %s on %s\n",
			    bc->bc_mounts[i].m_device,
			    bc->bc_mounts[i].m_path);
	}
	return problem;
}

/* What was only read is clean as it is. */
void
linux_unmount_all(void)
{
	struct linux_mount *m;
	int i;

	if (linux_mounted == NULL)
		return;
	for (i = linux_mounted->bc_nmounts - 1; i >= 0; i--) {
		m = &linux_mounted->bc_mounts[i];
		if (!m->m_mounted || m->m_readonly)
			continue;
		rump_sys_sync();
		m->m_mounted = 0;
		if (rump_sys_unmount(m->m_path, RUMP_MNT_FORCE) == -1)
			rumpuser_dprintf("rumpkit: cannot unmount %s: %s\n",
			    m->m_path, linux_errno_name(rumpglue_errno()));
	}
}
