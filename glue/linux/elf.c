/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * elf.c: loads a static executable (or static-PIE) that lies in the image.
 *
 * Whole pages are mapped where they lie, without a copy.  Pages that a writable
 * segment has only a part of are copied, since another segment may show the rest
 * of the same page of the file.  What goes beyond the file is demand-zero.
 */
#include "types.h"
#include "elf.h"
#include "program.h"

/* Where a position-independent program goes: as on Linux without randomness. */
#define	LINUX_PIE_BASE	0x555555400000UL

struct linux_segment {
	uintptr_t s_addr;
	size_t s_filesz, s_memsz;
	const char *s_data;
	size_t s_room;			/* bytes from s_data to the file's end */
	int s_prot;
};

static const char *
linux_elf_check(const struct elf_header *eh, size_t len)
{

	if (len == 0)
		return "the image holds no program";
	if (len < sizeof(*eh) || memcmp(eh->e_ident, "\177ELF", 4) != 0)
		return "the program is not an ELF executable";
	if (eh->e_ident[ELF_CLASS] != ELF_CLASS_64 ||
	    eh->e_ident[ELF_DATA] != ELF_DATA_LSB ||
	    eh->e_machine != ELF_MACHINE_X86_64)
		return "the program is not for x86-64";
	if (eh->e_type != ELF_TYPE_EXEC && eh->e_type != ELF_TYPE_DYN)
		return "the program is not an executable (an object file?)";
	if (eh->e_phentsize != sizeof(struct elf_phdr) || eh->e_phnum == 0)
		return "the program has no usable program headers";
	if (eh->e_phoff > len || eh->e_phoff % 8 != 0 ||
	    eh->e_phnum * sizeof(struct elf_phdr) > len - eh->e_phoff)
		return "the program is truncated (program headers)";
	return NULL;
}

static const char *
linux_elf_check_segment(const struct elf_phdr *ph, size_t len, uintptr_t base)
{

	if (ph->p_offset > len || ph->p_filesz > len - ph->p_offset)
		return "the program is truncated (a segment)";
	if (ph->p_filesz > ph->p_memsz)
		return "the program has a segment larger in the file than in "
		    "memory";
	if (ph->p_vaddr >= HOST_VM_HIGH - base ||
	    ph->p_memsz > HOST_VM_HIGH - base - ph->p_vaddr ||
	    LINUX_PAGE_DOWN(ph->p_vaddr + base) < HOST_VM_LOW)
		return "the program has a segment outside of the address space";
	return NULL;
}

static int
linux_elf_prot(uint32_t flags)
{

	return (flags & ELF_PF_R ? HOST_PROT_READ : 0) |
	    (flags & ELF_PF_W ? HOST_PROT_WRITE : 0) |
	    (flags & ELF_PF_X ? HOST_PROT_EXEC : 0);
}

/* Fresh memory for [start, end) of a segment, with the file's part copied. */
static int
linux_segment_copy(const struct linux_segment *s, uintptr_t start,
    uintptr_t end)
{
	const uintptr_t page = LINUX_PAGE_DOWN(start);
	const size_t len = LINUX_PAGE_UP(end) - page;
	uintptr_t addr = page, fileend = s->s_addr + s->s_filesz;
	int error;

	if (start >= end)
		return 0;
	error = host_vm_map(&addr, len, HOST_PROT_READ | HOST_PROT_WRITE,
	    HOST_VM_FIXED);
	if (error == 0 && start < fileend) {
		if (fileend > end)
			fileend = end;
		error = host_vm_access(start, fileend - start,
		    HOST_PROT_WRITE);
		if (error == 0)
			memcpy((void *)start, s->s_data + (start - s->s_addr),
			    fileend - start);
	}
	if (error == 0)
		error = host_vm_protect(page, len, s->s_prot);
	return error;
}

/*
 * The part of a segment whose pages can be mapped where they lie.  s_addr and
 * s_data are page-aligned; lead is nonzero if the first page was widened to it.
 */
static void
linux_segment_direct(const struct linux_segment *s, size_t lead,
    uintptr_t *start, uintptr_t *end)
{

	*start = s->s_addr;
	*end = LINUX_PAGE_DOWN(s->s_addr + s->s_filesz);
	if (s->s_prot & HOST_PROT_WRITE)
		*start += lead != 0 ? LINUX_PAGE : 0;
	else if (s->s_filesz == s->s_memsz &&
	    s->s_room >= LINUX_PAGE_UP(s->s_filesz))
		*end = LINUX_PAGE_UP(s->s_addr + s->s_filesz);
	if (*end < *start)
		*end = *start;
}

static int
linux_segment_load(struct linux_segment *s)
{
	const size_t lead = s->s_addr % LINUX_PAGE;
	uintptr_t memend = s->s_addr + s->s_memsz, start, end;
	int error;

	if ((uintptr_t)s->s_data % LINUX_PAGE != lead)
		return linux_segment_copy(s, s->s_addr, memend);
	s->s_addr -= lead;
	s->s_data -= lead;
	s->s_room += lead;
	s->s_filesz += lead;
	s->s_memsz += lead;
	linux_segment_direct(s, lead, &start, &end);
	if (start > memend)
		start = end = memend;
	error = linux_segment_copy(s, s->s_addr, start);
	if (error == 0 && start < end)
		error = host_vm_map_image(start, end - start, s->s_prot,
		    s->s_data + (start - s->s_addr));
	if (error == 0)
		error = linux_segment_copy(s, end, memend);
	return error;
}

/* Where the program will find its own headers, or 0. */
static uintptr_t
linux_elf_phdr(const struct elf_header *eh, const struct elf_phdr *ph)
{
	int i;

	for (i = 0; i < eh->e_phnum; i++) {
		if (ph[i].p_type == ELF_PT_PHDR)
			return ph[i].p_vaddr;
	}
	for (i = 0; i < eh->e_phnum; i++) {
		if (ph[i].p_type == ELF_PT_LOAD &&
		    eh->e_phoff >= ph[i].p_offset &&
		    eh->e_phoff - ph[i].p_offset < ph[i].p_filesz)
			return ph[i].p_vaddr + (eh->e_phoff - ph[i].p_offset);
	}
	return 0;
}

/* A base that suits the largest alignment that a segment asks for. */
static uintptr_t
linux_elf_base(const struct elf_header *eh, const struct elf_phdr *ph)
{
	uint64_t align = LINUX_PAGE;
	int i;

	if (eh->e_type != ELF_TYPE_DYN)
		return 0;
	for (i = 0; i < eh->e_phnum; i++) {
		if (ph[i].p_type == ELF_PT_LOAD && ph[i].p_align > align &&
		    (ph[i].p_align & (ph[i].p_align - 1)) == 0 &&
		    ph[i].p_align <= 1UL << 30)
			align = ph[i].p_align;
	}
	return (LINUX_PIE_BASE + align - 1) & ~(align - 1);
}

static const char *
linux_elf_segment(const struct elf_phdr *ph, const char *image, size_t len,
    struct linux_elf *le)
{
	const char *problem;
	struct linux_segment s;
	int error;

	problem = linux_elf_check_segment(ph, len, le->le_base);
	if (problem != NULL || ph->p_memsz == 0)
		return problem;
	s = (struct linux_segment){
		.s_addr = ph->p_vaddr + le->le_base,
		.s_filesz = ph->p_filesz,
		.s_memsz = ph->p_memsz,
		.s_data = image + ph->p_offset,
		.s_room = len - ph->p_offset,
		.s_prot = linux_elf_prot(ph->p_flags)
	};
	if (s.s_addr + s.s_memsz > le->le_end)
		le->le_end = s.s_addr + s.s_memsz;
	error = linux_segment_load(&s);
	if (error == RUMP_ENOMEM)
		return "out of memory: the program does not fit";
	return error != 0 ? "the program's memory could not be mapped" : NULL;
}

const char *
linux_elf_load(const void *image, size_t len, struct linux_elf *le)
{
	const struct elf_header *eh = image;
	const struct elf_phdr *ph;
	const char *problem;
	int i;

	problem = linux_elf_check(eh, len);
	if (problem != NULL)
		return problem;
	ph = (const void *)((const char *)image + eh->e_phoff);
	for (i = 0; i < eh->e_phnum; i++) {
		if (ph[i].p_type == ELF_PT_INTERP)
			return "the program is dynamically linked; link it "
			    "with -static";
	}
	memset(le, 0, sizeof(*le));
	le->le_base = linux_elf_base(eh, ph);
	for (i = 0; i < eh->e_phnum && problem == NULL; i++) {
		if (ph[i].p_type == ELF_PT_LOAD)
			problem = linux_elf_segment(&ph[i], image, len, le);
	}
	if (problem == NULL && le->le_end == 0)
		problem = "the program has nothing to load";
	le->le_entry = eh->e_entry + le->le_base;
	le->le_phnum = eh->e_phnum;
	le->le_phdr = linux_elf_phdr(eh, ph);
	if (le->le_phdr != 0)
		le->le_phdr += le->le_base;
	return problem;
}
