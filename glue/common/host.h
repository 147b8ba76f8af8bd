/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * host.h: what a layer that runs programs (glue/linux) asks of the machine
 * beyond rumpuser(3): address space, entry into the program, console, the end.
 * Implemented by glue/baremetal.
 *
 * The includer has size_t, ssize_t, uintptr_t and the <stdint.h> types.  Calls
 * that can fail return 0 or a positive NetBSD errno (rumperr.h).
 */
#ifndef _GLUE_HOST_H_
#define	_GLUE_HOST_H_

/*
 * Start.  The host, once it is up, calls host_main() on its first thread, with
 * interrupts on and rumpuser(3) ready.  Whoever is linked above the host defines
 * it (glue/linux, or a test guest).  Returning is host_exit(0).
 */
struct host_bootinfo {
	const char *hb_cmdline;		/* from the loader; "" if none */
	const char *hb_config;		/* section .rumpkit.config */
	size_t hb_configlen;
	const void *hb_program;		/* section .rumpkit.program, page-aligned */
	size_t hb_programlen;
	const char *hb_machine;		/* "microvm", "pc", "firecracker", ... */
	uint64_t hb_memory;		/* bytes of RAM */
};
void	host_main(const struct host_bootinfo *);

/*
 * The end: flushes the console, reports status (0-255) to whoever runs the
 * machine and powers off.  host_abort() does so for a fault that has been
 * described already; the runner sees "fault" instead of a status.
 */
void	host_exit(int status) __attribute__((__noreturn__));
void	host_abort(const char *reason) __attribute__((__noreturn__));

/*
 * Console.  read waits for at least one byte; both return the bytes moved.
 * ready: whether there is a byte to be read; with wait it waits for one.
 */
size_t	host_console_write(const void *, size_t);
size_t	host_console_read(void *, size_t);
int	host_console_ready(int wait);

/*
 * Registers as the host saves them on every trap, interrupt and system call.
 * hf_vector is HOST_VECTOR_SYSCALL for the last; then hf_rip and hf_rflags are
 * those to go on with, and hf_rax takes the result.
 */
#define	HOST_VECTOR_SYSCALL	256
struct host_frame {
	uint64_t hf_r15, hf_r14, hf_r13, hf_r12, hf_rbp, hf_rbx;
	uint64_t hf_r11, hf_r10, hf_r9, hf_r8;
	uint64_t hf_rax, hf_rcx, hf_rdx, hf_rsi, hf_rdi;
	uint64_t hf_vector, hf_error;
	uint64_t hf_rip, hf_cs, hf_rflags, hf_rsp, hf_ss;
};

/*
 * Programs.  They run in ring 0, in the lower half of the address space.
 *
 * po_syscall runs on the thread's kernel stack with interrupts on.  po_fault is
 * asked first when the program (not the kernel) faults, with the faulting
 * address for a page fault (else 0): nonzero means "handled, resume with the
 * frame"; zero lets the host describe the fault and abort.
 */
struct host_program_ops {
	void (*po_syscall)(struct host_frame *);
	int (*po_fault)(struct host_frame *, uintptr_t addr);
};
void	host_program_attach(const struct host_program_ops *);

/* Starts the program on this thread: jumps to entry with this stack pointer. */
void	host_program_enter(uintptr_t entry, uintptr_t stack)
	    __attribute__((__noreturn__));

/* The FS base (thread-local storage) of this thread's program. */
void	host_fsbase_set(uint64_t);
uint64_t host_fsbase_get(void);

/*
 * A further program thread, starting at this frame with this FS base; po_exit of
 * its kernel side is host_program_thread_exit().
 */
int	host_program_thread_create(const struct host_frame *, uint64_t fsbase,
	    int *tid);
void	host_program_thread_exit(void) __attribute__((__noreturn__));
int	host_program_thread_self(void);

/*
 * The program's address space (HOST_VM_LOW to HOST_VM_HIGH).  Page-granular.
 *
 * map: private memory, demand-zero, which costs nothing until it is touched.
 * With FIXED it replaces what is there; otherwise *addr is a wish and gets the
 * address chosen.  NORESERVE ranges of many gigabytes are fine.
 * map_image: maps len bytes at src (page-aligned, inside the image, each page
 * mapped writable once at most) without copying.
 * access: EFAULT unless every page of the range is mapped with prot; also makes
 * demand-zero pages present, so that the kernel can touch them afterwards.
 * W^X: WRITE and EXEC together are granted only to a program that asks for
 * exactly that through prot.
 */
#define	HOST_VM_LOW		0x10000UL
#define	HOST_VM_HIGH		0x00007ffffffff000UL
#define	HOST_PROT_NONE		0
#define	HOST_PROT_READ		1
#define	HOST_PROT_WRITE		2
#define	HOST_PROT_EXEC		4
#define	HOST_VM_FIXED		0x01
#define	HOST_VM_NOREPLACE	0x02	/* with FIXED: EEXIST if not free */
#define	HOST_VM_STACK		0x04	/* a guard page stays below it */
#define	HOST_VM_SHARED		0x08	/* map_object: writes go to the object */
#define	HOST_VM_NOWRITE		0x10	/* protect must not add WRITE (EACCES) */
int	host_vm_map(uintptr_t *addr, size_t len, int prot, int flags);
int	host_vm_map_image(uintptr_t addr, size_t len, int prot,
	    const void *src);
int	host_vm_protect(uintptr_t addr, size_t len, int prot);
int	host_vm_unmap(uintptr_t addr, size_t len);
int	host_vm_access(uintptr_t addr, size_t len, int prot);

/* Whether ranges cover all of it, whatever they grant. */
int	host_vm_mapped(uintptr_t addr, size_t len);

/*
 * Gives back the memory under a range: it reads as zero afterwards, or as its
 * object has it.
 */
int	host_vm_discard(uintptr_t addr, size_t len);

/*
 * Makes one range (EFAULT if it is not one) longer or shorter, where it is or, with
 * MAYMOVE, elsewhere; with FIXED it goes to *to and replaces what is there.
 */
#define	HOST_VM_MAYMOVE		0x20
int	host_vm_remap(uintptr_t from, size_t oldlen, size_t newlen, int flags,
	    uintptr_t *to);

/*
 * Memory objects: pages that do not belong to one range, such as those of a file.
 * Offsets are in bytes, of whole pages.
 *
 * The fill function is asked for a page that is missing when it is touched, on the
 * thread that touches it, and may block: it enters that page, others too if it
 * likes, and returns 0.  With an errno the touch is a fault (EFAULT from access).
 * The kernel itself never waits for a page: if one goes away between access and
 * the kernel's touch, an empty page takes its place in that range.
 *
 * users: ranges that show it, and touches under way.  Only without any may it be
 * destroyed, with all its pages.
 * page: the kernel's address of a page; NULL if it is not there.
 * enter: hands over a page of host_page_alloc() (EEXIST: there is one; it stays
 * the caller's).
 * collect: notes which pages were written to through shared ranges; then
 * next_written takes one after the other, from *offset on: it sets *offset, and
 * the page is clean from then on.  NULL: no more.  written marks one by hand.
 * shown: whether a range of [addr, addr + len) shows it.
 * shrink: drops what lies at offset and above, from ranges as well.
 */
struct host_vm_object;
typedef int (*host_vm_fill_fn)(void *arg, uint64_t offset);
int	host_vm_object_create(host_vm_fill_fn, void *arg,
	    struct host_vm_object **);
void	host_vm_object_destroy(struct host_vm_object *);
int	host_vm_map_object(uintptr_t *addr, size_t len, int prot, int flags,
	    struct host_vm_object *, uint64_t offset);
unsigned host_vm_object_users(const struct host_vm_object *);
void	*host_vm_object_page(struct host_vm_object *, uint64_t offset);
int	host_vm_object_enter(struct host_vm_object *, uint64_t offset, void *);
void	host_vm_object_collect(struct host_vm_object *);
void	*host_vm_object_next_written(struct host_vm_object *,
	    uint64_t *offset);
void	host_vm_object_written(struct host_vm_object *, uint64_t offset);
int	host_vm_object_shown(const struct host_vm_object *, uintptr_t addr,
	    size_t len);
void	host_vm_object_shrink(struct host_vm_object *, uint64_t offset);

/* A page of zeros at the kernel's address, or NULL. */
void	*host_page_alloc(void);
void	host_page_free(void *);

#endif /* _GLUE_HOST_H_ */
