/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bootconfig.h: what the image and its command line say about the program.
 */
#ifndef _LINUX_BOOTCONFIG_H_
#define	_LINUX_BOOTCONFIG_H_

struct linux_mount {
	char *m_type;
	char *m_device;			/* "vda" or a path */
	char *m_path;
	int m_readonly;
	int m_nosoftdep;		/* ffs: write names and inodes at once */
	int m_noatime;			/* do not note when files are read */
	int m_sync;			/* write everything at once */
	uint64_t m_size;		/* tmpfs: bytes at most; 0: no limit */
	int m_mounted;			/* mount.c */
};

/* Arrays and strings live as long as the machine. */
struct linux_bootconfig {
	char **bc_args;			/* ends with NULL */
	int bc_nargs;
	char **bc_env;			/* ends with NULL */
	int bc_nenv;
	struct linux_mount *bc_mounts;
	int bc_nmounts;
	char **bc_nets;			/* network.c */
	int bc_nnets;
	const char *bc_cwd;
	const char *bc_hostname;
	int bc_verbose;
	int bc_trace;
	int bc_tty;			/* the console is a terminal */
};

/* Fills in; NULL, or what is wrong (said on the console with the word). */
const char *linux_bootconfig_read(struct linux_bootconfig *,
	    const struct host_bootinfo *);

#endif /* _LINUX_BOOTCONFIG_H_ */
