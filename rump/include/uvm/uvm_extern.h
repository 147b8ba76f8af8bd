/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * uvm_extern.h: what file systems tell the memory system: sizes of files.
 */
#ifndef _UVM_UVM_EXTERN_H_
#define	_UVM_UVM_EXTERN_H_

#include <sys/types.h>
struct vnode;
struct uvmexp {
	int npages;
};
extern struct uvmexp uvmexp;
void	uvm_vnp_setsize(struct vnode *, off_t);
int	uvm_vnp_uncache(struct vnode *);

#endif /* _UVM_UVM_EXTERN_H_ */
