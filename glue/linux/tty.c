/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tty.c: the console as a terminal: settings, size, and line editing for reads.
 *
 * `console=plain` in the configuration makes it a plain stream instead, for a
 * machine whose console is a pipe: no echo, and programs are told ENOTTY.
 */
#include "linux.h"
#include "file.h"

#define	LINUX_ICRNL	0000400U
#define	LINUX_ISIG	0000001U
#define	LINUX_ICANON	0000002U
#define	LINUX_ECHO	0000010U
#define	LINUX_ECHOE	0000020U
#define	LINUX_B38400	0000017U
#define	LINUX_CS8	0000060U
#define	LINUX_CREAD	0000200U
#define	LINUX_SIGINT	2

/* Special characters, by their place in c_cc. */
#define	LINUX_VINTR	0
#define	LINUX_VERASE	2
#define	LINUX_VKILL	3
#define	LINUX_VEOF	4
#define	LINUX_VMIN	6

static struct linux_termios linux_termios = {
	.c_iflag = LINUX_ICRNL,
	.c_oflag = 0,			/* the host's console takes plain lines */
	.c_cflag = LINUX_B38400 | LINUX_CS8 | LINUX_CREAD,
	.c_lflag = LINUX_ISIG | LINUX_ICANON | LINUX_ECHO | LINUX_ECHOE,
	.c_cc = { [LINUX_VINTR] = 3, [LINUX_VERASE] = 0x7f,
	    [LINUX_VKILL] = 0x15, [LINUX_VEOF] = 4, [LINUX_VMIN] = 1 }
};
static struct linux_winsize linux_winsize = { .ws_row = 24, .ws_col = 80 };

/*
 * The line being read; what is left of it after a short read.  The lock is held
 * while waiting for the keyboard: a second reader gets the next line.
 */
static struct rumpuser_mtx *linux_line_lock;
static char linux_line[1024];
static size_t linux_linepos, linux_lineend;
static int linux_linedone;		/* it is complete */

void
linux_tty_init(void)
{

	linux_mutex_init(&linux_line_lock);
}

static void
linux_tty_echo(const char *s, size_t len)
{

	if (linux_termios.c_lflag & LINUX_ECHO)
		(void)host_console_write(s, len);
}

static void
linux_tty_erase(int all)
{

	while (linux_lineend > 0) {
		linux_lineend--;
		linux_tty_echo("\b \b", 3);
		if (!all)
			break;
	}
}

/* Takes one byte; nonzero when the line is complete. */
static int
linux_tty_input(char ch)
{
	const uint8_t *cc = linux_termios.c_cc;
	const uint8_t byte = (uint8_t)ch;

	if (ch == '\r' && (linux_termios.c_iflag & LINUX_ICRNL))
		ch = '\n';
	if (byte == cc[LINUX_VINTR] && (linux_termios.c_lflag & LINUX_ISIG))
		linux_signal_end(LINUX_SIGINT);
	if (byte == cc[LINUX_VERASE] || ch == '\b') {
		linux_tty_erase(0);
		return 0;
	}
	if (byte == cc[LINUX_VKILL]) {
		linux_tty_erase(1);
		return 0;
	}
	if (byte == cc[LINUX_VEOF])
		return 1;
	if (linux_lineend < sizeof(linux_line) - 1 || ch == '\n') {
		linux_line[linux_lineend++] = ch;
		linux_tty_echo(&ch, 1);
	}
	return ch == '\n';
}

/* Takes what was typed, until the line is complete.  Caller must hold the lock. */
static void
linux_tty_type(int wait)
{
	char ch;

	while (!linux_linedone && host_console_ready(wait)) {
		(void)host_console_read(&ch, 1);
		linux_linedone = linux_tty_input(ch);
	}
}

/* Caller must hold the lock. */
static size_t
linux_tty_line(char *buf, size_t len)
{

	linux_tty_type(1);
	if (len > linux_lineend - linux_linepos)
		len = linux_lineend - linux_linepos;
	memcpy(buf, linux_line + linux_linepos, len);
	linux_linepos += len;
	if (linux_linepos == linux_lineend) {
		linux_linepos = linux_lineend = 0;
		linux_linedone = 0;
	}
	return len;
}

/* Who waits in a read gets the next line: then there is none for others. */
int
linux_tty_ready(void)
{
	int ready;

	if (!(linux_termios.c_lflag & LINUX_ICANON))
		return host_console_ready(0);
	if (rumpuser_mutex_tryenter(linux_line_lock) != 0)
		return 0;
	linux_tty_type(0);
	ready = linux_linedone;
	rumpuser_mutex_exit(linux_line_lock);
	return ready;
}

long
linux_tty_read(char *buf, size_t len)
{

	if (!(linux_termios.c_lflag & LINUX_ICANON))
		return (long)host_console_read(buf, len);
	rumpuser_mutex_enter_nowrap(linux_line_lock);
	len = linux_tty_line(buf, len);
	rumpuser_mutex_exit(linux_line_lock);
	return (long)len;
}

long
linux_tty_ioctl(struct linux_file *f, uint32_t cmd, uint64_t arg)
{
	int pgrp = 1;

	(void)f;
	if (linux_program.lp_plainconsole)
		return -LINUX_ENOTTY;
	switch (cmd) {
	case LINUX_TCGETS:
		return linux_user_out(arg, &linux_termios,
		    sizeof(linux_termios));
	case LINUX_TCSETS:
	case LINUX_TCSETSW:
	case LINUX_TCSETSF:
		return linux_user_in(&linux_termios, arg,
		    sizeof(linux_termios));
	case LINUX_TIOCGWINSZ:
		return linux_user_out(arg, &linux_winsize,
		    sizeof(linux_winsize));
	case LINUX_TIOCSWINSZ:
		return linux_user_in(&linux_winsize, arg,
		    sizeof(linux_winsize));
	case LINUX_TIOCGPGRP:
		return linux_user_out(arg, &pgrp, sizeof(pgrp));
	case LINUX_TIOCSPGRP:
		return linux_user_check(arg, sizeof(pgrp), HOST_PROT_READ);
	default:
		return -LINUX_ENOTTY;
	}
}
