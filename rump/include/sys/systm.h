/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * systm.h: what every part of the kernel may call: printing, memory, sleep.
 */
#ifndef _SYS_SYSTM_H_
#define	_SYS_SYSTM_H_

#include <stdarg.h>
#include <sys/types.h>
#include <sys/errno.h>

struct proc;
struct lwp;
struct vnode;
struct uio;

/* Globals that drivers read. */
extern int securelevel;
extern const char *panicstr;
extern char hostname[];
extern int hostnamelen;
extern int desiredvnodes;
extern int nblkdev;		/* number of block device majors */
extern int nchrdev;
extern dev_t rootdev;
extern dev_t swapdev;
extern struct vnode *rootvp;
extern struct vnode *swapdev_vp;
extern int cold;		/* not yet booted */

/* subr_prf.c.  panic() reports to the host and does not return. */
void	panic(const char *, ...) __dead __printflike(1, 2);
int	printf(const char *, ...);
int	uprintf(const char *, ...);
void	log(int, const char *, ...);
int	snprintf(char *, size_t, const char *, ...) __printflike(3, 4);
int	vsnprintf(char *, size_t, const char *, va_list);
void	tablefull(const char *);

/* Invariants.  The host's runner reports them with file and line. */
#define	KASSERT(e)							\
	((void)(__predict_true(e) ? 0 : (rump_kassert(__FILE__,		\
	    __LINE__, #e), 0)))
void	rump_kassert(const char *, int, const char *) __dead;

/* Memory.  Sizes in bytes; the compiler's builtins do the work. */
void	*memcpy(void *, const void *, size_t);
void	*memmove(void *, const void *, size_t);
void	*memset(void *, int, size_t);
int	memcmp(const void *, const void *, size_t);
#define	memcpy(d, s, n)		__builtin_memcpy(d, s, n)
#define	memmove(d, s, n)	__builtin_memmove(d, s, n)
#define	memset(d, c, n)		__builtin_memset(d, c, n)
#define	memcmp(a, b, n)		__builtin_memcmp(a, b, n)
#define	bcopy(s, d, n)		((void)__builtin_memmove(d, s, n))
#define	ovbcopy(s, d, n)	((void)__builtin_memmove(d, s, n))
#define	bzero(d, n)		((void)__builtin_memset(d, 0, n))
#define	bcmp(a, b, n)		__builtin_memcmp(a, b, n)

size_t	strlen(const char *);
size_t	strnlen(const char *, size_t);
int	strcmp(const char *, const char *);
int	strncmp(const char *, const char *, size_t);
char	*strncpy(char *, const char *, size_t);
size_t	strlcpy(char *, const char *, size_t);
size_t	strlcat(char *, const char *, size_t);
char	*strchr(const char *, int);
char	*strrchr(const char *, int);
int	ffs(int);
int	fls(int);
int	scanc(u_int, const u_char *, const u_char *, int);
int	skpc(int, size_t, u_char *);

static __inline u_int min(u_int a, u_int b) { return (a < b ? a : b); }
static __inline u_int max(u_int a, u_int b) { return (a > b ? a : b); }
static __inline int imin(int a, int b) { return (a < b ? a : b); }
static __inline int imax(int a, int b) { return (a > b ? a : b); }
static __inline long lmin(long a, long b) { return (a < b ? a : b); }
static __inline long lmax(long a, long b) { return (a > b ? a : b); }
static __inline u_long ulmin(u_long a, u_long b) { return (a < b ? a : b); }
static __inline u_long ulmax(u_long a, u_long b) { return (a > b ? a : b); }

/*
 * Copies between the kernel and the caller of a system call (copy(9)).  Kernel
 * and caller share an address space; whoever enters programs checks their
 * pointers above the upper edge.  They fail with EFAULT for NULL and
 * ENAMETOOLONG for strings; lengths count the NUL.
 */
int	copyin(const void *, void *, size_t);
int	copyout(const void *, void *, size_t);
int	copystr(const void *, void *, size_t, size_t *);
int	copyinstr(const void *, void *, size_t, size_t *);
int	copyoutstr(const void *, void *, size_t, size_t *);
#define	kcopy(s, d, n)	(__builtin_memcpy(d, s, n), 0)

/* Does nothing, and refuses: what drivers put into their operation tables. */
int	nullop(void *);
int	eopnotsupp(void *);
int	enodev(void);

/*
 * Sleep and wakeup (kern_synch.c).  Caller is inside the kernel (holds the
 * virtual CPU); it is released while the caller sleeps.  timo in ticks of 1/hz s;
 * EWOULDBLOCK when it ran out.
 */
int	tsleep(const volatile void *, int, const char *, int);
int	ltsleep(const volatile void *, int, const char *, int, void *);
void	wakeup(const volatile void *);
void	wakeup_n(const volatile void *, int);
#define	wakeup_one(id)	wakeup_n((id), 1)

/* One virtual CPU, no interrupts inside the kernel: levels have no meaning. */
static __inline int splbio(void) { return (0); }
static __inline int splnet(void) { return (0); }
static __inline int splvm(void) { return (0); }
static __inline int splimp(void) { return (0); }
static __inline int splclock(void) { return (0); }
static __inline int splsoftclock(void) { return (0); }
static __inline int splstatclock(void) { return (0); }
static __inline int splhigh(void) { return (0); }
static __inline void splx(int s) { (void)s; }
static __inline void spl0(void) { }
#define	splassert(x)	((void)0)

/* Random numbers (subr_random.c). */
u_int32_t arc4random(void);
void	arc4random_buf(void *, size_t);


#endif /* _SYS_SYSTM_H_ */
