/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * program.h: from an executable to a program that can start.
 */
#ifndef _LINUX_PROGRAM_H_
#define	_LINUX_PROGRAM_H_

#define	LINUX_STACK_SIZE	(8UL * 1024 * 1024)	/* reserved, not used */

struct linux_elf {
	uintptr_t le_entry;
	uintptr_t le_base;		/* what was added to its addresses */
	uintptr_t le_phdr;		/* program headers, in the program */
	uint64_t le_phnum;
	uintptr_t le_end;		/* above its last byte */
};

/* elf.c.  NULL, or what is wrong with the executable. */
const char *linux_elf_load(const void *image, size_t len,
	    struct linux_elf *);

/* stack.c.  NULL and the stack pointer to start with, or what is wrong. */
const char *linux_stack_build(const struct linux_elf *, char *const *args,
	    int nargs, char *const *env, int nenv, uintptr_t *sp);

#endif /* _LINUX_PROGRAM_H_ */
