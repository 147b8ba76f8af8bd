/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * elf.h: of the ELF-64 format what loading an executable needs (System V ABI,
 * chapters 4 and 5), and the auxiliary vector.
 */
#ifndef _LINUX_ELF_H_
#define	_LINUX_ELF_H_

struct elf_header {
	uint8_t e_ident[16];
	uint16_t e_type;
	uint16_t e_machine;
	uint32_t e_version;
	uint64_t e_entry;
	uint64_t e_phoff;
	uint64_t e_shoff;
	uint32_t e_flags;
	uint16_t e_ehsize;
	uint16_t e_phentsize;
	uint16_t e_phnum;
	uint16_t e_shentsize;
	uint16_t e_shnum;
	uint16_t e_shstrndx;
};

#define	ELF_CLASS	4		/* place in e_ident */
#define	ELF_CLASS_64	2
#define	ELF_DATA	5
#define	ELF_DATA_LSB	1
#define	ELF_TYPE_EXEC	2
#define	ELF_TYPE_DYN	3
#define	ELF_MACHINE_X86_64	62

struct elf_phdr {
	uint32_t p_type;
	uint32_t p_flags;
	uint64_t p_offset;
	uint64_t p_vaddr;
	uint64_t p_paddr;
	uint64_t p_filesz;
	uint64_t p_memsz;
	uint64_t p_align;
};

#define	ELF_PT_LOAD	1
#define	ELF_PT_INTERP	3
#define	ELF_PT_PHDR	6
#define	ELF_PF_X	1
#define	ELF_PF_W	2
#define	ELF_PF_R	4

#define	ELF_AT_NULL	0
#define	ELF_AT_PHDR	3
#define	ELF_AT_PHENT	4
#define	ELF_AT_PHNUM	5
#define	ELF_AT_PAGESZ	6
#define	ELF_AT_BASE	7
#define	ELF_AT_FLAGS	8
#define	ELF_AT_ENTRY	9
#define	ELF_AT_UID	11
#define	ELF_AT_EUID	12
#define	ELF_AT_GID	13
#define	ELF_AT_EGID	14
#define	ELF_AT_PLATFORM	15
#define	ELF_AT_HWCAP	16
#define	ELF_AT_CLKTCK	17
#define	ELF_AT_SECURE	23
#define	ELF_AT_RANDOM	25
#define	ELF_AT_EXECFN	31

#endif /* _LINUX_ELF_H_ */
