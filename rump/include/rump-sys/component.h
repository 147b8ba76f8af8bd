/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * component.h: how a component attaches itself to the kernel.
 *
 * RUMP_COMPONENT(stage) { ... } declares a function that the kernel calls once at
 * boot, at that stage, inside the kernel, on the booting lwp.  Stages run in the
 * order of the list; within one the order is that of linking.
 */
#ifndef _RUMP_SYS_COMPONENT_H_
#define	_RUMP_SYS_COMPONENT_H_

#include <sys/types.h>

enum rump_component_type {
	RUMP_COMPONENT_KERN,		/* the base: no vnodes, no sockets yet */
	RUMP__FACTION_DEV,		/* a faction's base comes up */
	RUMP__FACTION_VFS,
	RUMP__FACTION_NET,
	RUMP_COMPONENT_DEV,		/* devices */
	RUMP_COMPONENT_VFS,		/* file system types; the root exists */
	RUMP_COMPONENT_NET,
	RUMP_COMPONENT_NET_IF,
	RUMP_COMPONENT_NET_IFCFG,
	RUMP_COMPONENT_POSTINIT,	/* process 1 exists: make device nodes */
	RUMP_COMPONENT_SHUTDOWN,	/* the kernel goes down, reverse of boot */
	RUMP_COMPONENT_MAX
};

struct rump_component {
	enum rump_component_type rc_type;
	void (*rc_init)(void);
};

#define	RUMP_COMPONENT(type)	RUMP__COMPONENT1(type, __COUNTER__)
#define	RUMP__COMPONENT1(type, n)	RUMP__COMPONENT(type, n)
#define	RUMP__COMPONENT(type, n)					\
	static void rump_component_init_##n(void);			\
	static const struct rump_component rump_component_##n =		\
	    { type, rump_component_init_##n };				\
	__link_set_add(rump_components, rump_component_##n);		\
	static void rump_component_init_##n(void)

void	rump_component_init(enum rump_component_type);

#endif /* _RUMP_SYS_COMPONENT_H_ */
