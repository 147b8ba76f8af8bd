/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * host_int.h: what the files of this host call of one another and has no header
 * of its own, by the file that defines it.
 */
#ifndef _BAREMETAL_HOST_INT_H_
#define	_BAREMETAL_HOST_INT_H_

#include "../../rump/include/rump/rumperr.h"
#include "types.h"

/* boot.c */
const char *boot_command_line(void);
const char *boot_config(size_t *len);
bool	boot_has_acpi(void);

/* machine.c */
const char *machine_name(void);
bool	machine_has_pci(void);

/* print.c: to the console at once, whatever state the host is in. */
void	print(const char *fmt, ...) __printflike(1, 2);
void	vprint(const char *fmt, va_list);
size_t	vformat(char *, size_t, const char *fmt, va_list);
size_t	format(char *, size_t, const char *fmt, ...) __printflike(3, 4);

/* console.c */
void	console_write(const char *, size_t);

/* clock.c: nanoseconds since the start. */
uint64_t clock_ns(void);
void	clock_init(void);
void	clock_arm(uint64_t deadline);
void	clock_tick(void);

/* random.c */
void	random_bytes(void *, size_t);

#endif /* _BAREMETAL_HOST_INT_H_ */
