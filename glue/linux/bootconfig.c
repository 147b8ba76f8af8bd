/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bootconfig.c: the boot configuration: section .rumpkit.config, then the
 * loader's command line, in one grammar.
 *
 * Words separated by white space, each key=value, the value percent-encoded:
 *	arg=A			an argument; any on the command line replaces
 *				those of the section
 *	env=NAME=VALUE		same name: the later one counts
 *	mount=TYPE,DEVICE,PATH[,OPTION...]	The fields are encoded once more, so
 *				that they may hold commas.  Options: ro, rw,
 *				nosoftdep, noatime, sync, size=BYTES
 *	net=DEVICE[,OPTION...]	net0, net1, ...; a later word for the same one
 *				counts.  Options: dhcp, address=A/N, gateway=A,
 *				dns=A, off, ifpresent (no error if it is not)
 *	cwd=PATH  hostname=NAME
 *	tty=0			the console is a plain stream, no terminal
 *	verbose=1		say what is done before the program starts
 *	trace=1			print every system call
 * A word without = is ignored; so is an unknown key, with a line.
 */
#include "types.h"
#include "bootconfig.h"

static int
linux_is_space(char ch)
{

	return ch == ' ' || ch == '\t' || ch == '\n' || ch == '\r' ||
	    ch == '\0';
}

static int
linux_hex(char ch)
{

	if (ch >= '0' && ch <= '9')
		return ch - '0';
	if (ch >= 'a' && ch <= 'f')
		return ch - 'a' + 10;
	if (ch >= 'A' && ch <= 'F')
		return ch - 'A' + 10;
	return -1;
}

/* Decodes in place, which never grows; -1 if a % is not followed by two digits. */
static int
linux_percent_decode(char *s)
{
	char *out;

	for (out = s; *s != '\0'; s++) {
		if (*s != '%') {
			*out++ = *s;
			continue;
		}
		if (linux_hex(s[1]) < 0 || linux_hex(s[2]) < 0)
			return -1;
		*out++ = (char)(linux_hex(s[1]) << 4 | linux_hex(s[2]));
		s += 2;
	}
	*out = '\0';
	return 0;
}

static const char *
linux_bootconfig_mount_option(struct linux_mount *m, char *option)
{
	char *value = linux_cut(option, '=');

	if (value != NULL)
		return linux_strcmp(option, "size") == 0 &&
		    linux_number(value, &m->m_size) == 0 ? NULL :
		    "a mount has a bad option";
	if (linux_strcmp(option, "ro") == 0)
		m->m_readonly = 1;
	else if (linux_strcmp(option, "nosoftdep") == 0)
		m->m_nosoftdep = 1;
	else if (linux_strcmp(option, "noatime") == 0)
		m->m_noatime = 1;
	else if (linux_strcmp(option, "sync") == 0)
		m->m_sync = 1;
	else if (option[0] != '\0' && linux_strcmp(option, "rw") != 0)
		return "a mount has an unknown option";
	return NULL;
}

static const char *
linux_bootconfig_mount(struct linux_bootconfig *bc, char *value)
{
	struct linux_mount *m = &bc->bc_mounts[bc->bc_nmounts];
	char *fields[3], *next;
	const char *problem;
	int i;

	for (i = 0; i < 3; i++, value = next) {
		if (value == NULL)
			return "a mount needs type, device and path";
		next = linux_cut(value, ',');
		if (linux_percent_decode(value) != 0)
			return "bad percent encoding";
		fields[i] = value;
	}
	*m = (struct linux_mount){ .m_type = fields[0],
	    .m_device = fields[1], .m_path = fields[2] };
	if (m->m_path[0] != '/')
		return "a mount's path must start with /";
	for (; value != NULL; value = next) {
		next = linux_cut(value, ',');
		problem = linux_bootconfig_mount_option(m, value);
		if (problem != NULL)
			return problem;
	}
	bc->bc_nmounts++;
	return NULL;
}

/* Whether two strings NAME=VALUE have the same name. */
static int
linux_env_same(const char *a, const char *b)
{

	for (; *a == *b; a++, b++) {
		if (*a == '=' || *a == '\0')
			return 1;
	}
	return 0;
}

static const char *
linux_bootconfig_env(struct linux_bootconfig *bc, char *value)
{
	const char *s;
	int i;

	for (s = value; *s != '=' && *s != '\0'; s++)
		continue;
	if (*s == '\0' || s == value)
		return "env needs NAME=VALUE";
	for (i = 0; i < bc->bc_nenv; i++) {
		if (linux_env_same(bc->bc_env[i], value))
			break;
	}
	bc->bc_env[i] = value;
	if (i == bc->bc_nenv)
		bc->bc_nenv++;
	return NULL;
}

/* Keys that are meant for the host, or that monitors pass for other kernels. */
static int
linux_bootconfig_others(const char *key)
{
	static const char *const keys[] = {
		"virtio_mmio.device", "console", "root", "reboot", "panic",
		"pci"
	};
	size_t i;

	for (i = 0; i < LINUX_NELEM(keys); i++) {
		if (linux_strcmp(key, keys[i]) == 0)
			return 1;
	}
	return 0;
}

static const char *
linux_bootconfig_set(struct linux_bootconfig *bc, const char *key,
    char *value)
{
	const int on = linux_strcmp(value, "0") != 0;

	if (linux_strcmp(key, "arg") == 0)
		bc->bc_args[bc->bc_nargs++] = value;
	else if (linux_strcmp(key, "env") == 0)
		return linux_bootconfig_env(bc, value);
	else if (linux_strcmp(key, "mount") == 0)
		return linux_bootconfig_mount(bc, value);
	else if (linux_strcmp(key, "net") == 0)
		bc->bc_nets[bc->bc_nnets++] = value;
	else if (linux_strcmp(key, "cwd") == 0)
		bc->bc_cwd = value;
	else if (linux_strcmp(key, "hostname") == 0)
		bc->bc_hostname = value;
	else if (linux_strcmp(key, "tty") == 0)
		bc->bc_tty = on;
	else if (linux_strcmp(key, "verbose") == 0)
		bc->bc_verbose = on;
	else if (linux_strcmp(key, "trace") == 0)
		bc->bc_trace = on;
	else if (!linux_bootconfig_others(key))
		rumpuser_dprintf("rumpkit: boot configuration: unknown key "
		    "%s is ignored\n", key);
	return NULL;
}

/* One source.  text[len] is writable and becomes the end of the last word. */
static const char *
linux_bootconfig_words(struct linux_bootconfig *bc, char *text, size_t len,
    int replaces)
{
	const char *problem;
	char *value, *word;
	size_t i, start;

	for (i = 0; i < len; i++) {
		if (linux_is_space(text[i]))
			continue;
		for (start = i; i < len && !linux_is_space(text[i]); i++)
			continue;
		word = text + start;
		text[i] = '\0';
		if ((value = linux_cut(word, '=')) == NULL)
			continue;
		if (replaces && linux_strcmp(word, "arg") == 0) {
			bc->bc_nargs = 0;
			replaces = 0;
		}
		problem = linux_percent_decode(value) != 0 ?
		    "bad percent encoding" :
		    linux_bootconfig_set(bc, word, value);
		if (problem != NULL) {
			rumpuser_dprintf("rumpkit: boot configuration: %s: "
			    "%s=%s\n", problem, word, value);
			return problem;
		}
	}
	return NULL;
}

/* More than there are words that a text of len bytes can hold. */
static size_t
linux_words_max(size_t len)
{

	return len / 2 + 2;
}

const char *
linux_bootconfig_read(struct linux_bootconfig *bc,
    const struct host_bootinfo *hb)
{
	const size_t cmdlen = linux_strlen(hb->hb_cmdline);
	const size_t conflen = hb->hb_configlen;
	const size_t n = linux_words_max(cmdlen + conflen);
	const char *problem;
	char *text;
	void *mem;

	if (rumpuser_malloc(n * (3 * sizeof(char *) +
	    sizeof(struct linux_mount)) + cmdlen + conflen + 2, 0, &mem) != 0)
		return "out of memory: the boot configuration";
	memset(bc, 0, sizeof(*bc));
	bc->bc_mounts = mem;
	bc->bc_args = (char **)(bc->bc_mounts + n);
	bc->bc_env = bc->bc_args + n;
	bc->bc_nets = bc->bc_env + n;
	text = (char *)(bc->bc_nets + n);
	bc->bc_cwd = "/";
	bc->bc_hostname = "rumpkit";
	bc->bc_tty = 1;

	memcpy(text, hb->hb_config, conflen);
	problem = linux_bootconfig_words(bc, text, conflen, 0);
	text += conflen + 1;
	memcpy(text, hb->hb_cmdline, cmdlen);
	if (problem == NULL)
		problem = linux_bootconfig_words(bc, text, cmdlen, 1);
	bc->bc_args[bc->bc_nargs] = NULL;
	bc->bc_env[bc->bc_nenv] = NULL;
	return problem;
}
