/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cdefs.h: compiler conventions that BSD sources expect.
 */
#ifndef _SYS_CDEFS_H_
#define	_SYS_CDEFS_H_

#define	__CONCAT1(a, b)	a ## b
#define	__CONCAT(a, b)	__CONCAT1(a, b)
#define	__STRING(x)	#x

#define	__BEGIN_DECLS
#define	__END_DECLS
#define	__P(protos)	protos

#define	__dead		__attribute__((__noreturn__))
#define	__pure		__attribute__((__const__))
#define	__packed	__attribute__((__packed__))
#define	__aligned(x)	__attribute__((__aligned__(x)))
#define	__unused	__attribute__((__unused__))
#define	__used		__attribute__((__used__))
#define	__printflike(f, a) __attribute__((__format__(__printf__, f, a)))
#define	__predict_true(e)	__builtin_expect((e) != 0, 1)
#define	__predict_false(e)	__builtin_expect((e) != 0, 0)
#define	__arraycount(a)	(sizeof(a) / sizeof((a)[0]))

/* Identification strings of the sources; kept in the sources only. */
#define	__RCSID(s)
#define	__KERNEL_RCSID(n, s)
#define	__COPYRIGHT(s)

/*
 * Link sets: arrays of pointers that the linker gathers in sections named
 * link_set_NAME, as NetBSD has them.
 */
#define	__link_set_add(set, sym)					\
	static const void *const __CONCAT(__link_set_##set##_, sym)	\
	    __attribute__((__section__("link_set_" #set), __used__))	\
	    = (const void *)&sym
#define	__link_set_decl(set, type)					\
	extern type *const __start_link_set_##set[]			\
	    __attribute__((__weak__, __visibility__("hidden")));	\
	extern type *const __stop_link_set_##set[]			\
	    __attribute__((__weak__, __visibility__("hidden")))
#define	__link_set_foreach(var, set)					\
	for ((var) = __start_link_set_##set;				\
	    (var) != __stop_link_set_##set; (var)++)

#endif /* _SYS_CDEFS_H_ */
