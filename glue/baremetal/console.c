/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * console.c: the first serial port (16550, data sheet of National's PC16550D).
 *
 * Output is polled: an empty transmitter takes 16 bytes at once.  Input comes by
 * interrupt, which is switched on by the first reader.
 */
#include "types.h"
#include "../common/host.h"
#include "../../rump/include/rump/rumpuser.h"
#include "cpu.h"
#include "host_int.h"
#include "program.h"
#include "sched.h"
#include "trap.h"

#define	COM		0x3f8
#define	COM_DATA	(COM + 0)
#define	COM_IER		(COM + 1)
#define	COM_FIFO	(COM + 2)
#define	COM_MCR		(COM + 4)
#define	COM_LSR		(COM + 5)
#define	COM_IRQ		4
#define	IER_RECEIVE	0x01
#define	FIFO_ENABLE	0x07		/* and clear both */
#define	MCR_INTERRUPTS	0x0b		/* DTR, RTS, OUT2 */
#define	LSR_DATA	0x01
#define	LSR_EMPTY	0x20
#define	FIFO_SIZE	16

static char input[256];			/* ring; guarded by interrupts off */
static unsigned input_head, input_tail;	/* tail: next to read */
static struct waitq readers;
static bool reading, have_fifo;

/*
 * Switching the FIFOs on clears them, so that waits until no input is there that
 * could be lost.
 */
void
console_write(const char *s, size_t n)
{
	size_t chunk;
	uint8_t status;

	while (n > 0) {
		status = inb(COM_LSR);
		if ((status & LSR_EMPTY) == 0) {
			__asm volatile("pause");
			continue;
		}
		if (!have_fifo && (status & LSR_DATA) == 0) {
			have_fifo = true;
			outb(COM_FIFO, FIFO_ENABLE);
		}
		chunk = have_fifo ? MIN(n, FIFO_SIZE) : 1;
		n -= chunk;
		__asm volatile("rep outsb" : "+S"(s), "+c"(chunk) :
		    "d"(COM_DATA) : "memory");
	}
}

size_t
host_console_write(const void *buf, size_t len)
{

	console_write(buf, len);
	return len;
}

/* What does not fit is lost, as on any serial line. */
static void
console_interrupt(void *arg __unused)
{
	char c;

	while (inb(COM_LSR) & LSR_DATA) {
		c = (char)inb(COM_DATA);
		if (input_head - input_tail < sizeof(input))
			input[input_head++ % sizeof(input)] = c;
	}
	sched_wake_all(&readers);
}

static void
console_start_reading(void)
{

	reading = true;
	(void)intr_establish_irq(COM_IRQ, false, console_interrupt, NULL);
	outb(COM_MCR, MCR_INTERRUPTS);
	outb(COM_IER, IER_RECEIVE);
}

/* Interrupts are off.  Waits for input, or says whether there is some. */
static bool
console_has_input(bool wait)
{

	if (!reading)
		console_start_reading();
	while (wait && input_head == input_tail)
		(void)sched_wait(&readers, NO_DEADLINE);
	return input_head != input_tail;
}

int
host_console_ready(int wait)
{
	uint64_t flags = intr_disable();
	bool ready = console_has_input(wait);

	intr_restore(flags);
	return ready;
}

size_t
host_console_read(void *buf, size_t len)
{
	char *p = buf;
	uint64_t flags;
	size_t n = 0;

	if (len == 0)
		return 0;
	flags = intr_disable();
	(void)console_has_input(true);
	while (n < len && input_head != input_tail)
		p[n++] = input[input_tail++ % sizeof(input)];
	intr_restore(flags);
	return n;
}

/* Kept until the end of the line: a line costs less than its bytes. */
void
rumpuser_putchar(int ch)
{
	static char line[128];
	static unsigned n;
	uint64_t flags = intr_disable();

	line[n++] = (char)ch;
	if (ch == '\n' || n == sizeof(line)) {
		console_write(line, n);
		n = 0;
	}
	intr_restore(flags);
}
