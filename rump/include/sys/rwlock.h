/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rwlock.h: reader/writer locks that sleep.
 */
#ifndef _SYS_RWLOCK_H_
#define	_SYS_RWLOCK_H_

struct rwlock {
	int rwl_readers;
	int rwl_waiters;
	struct proc *rwl_owner;
};
#define	RWLOCK_INITIALIZER	{ 0, 0, 0 }

void	rw_init(struct rwlock *);
void	rw_enter_read(struct rwlock *);
void	rw_enter_write(struct rwlock *);
void	rw_exit_read(struct rwlock *);
void	rw_exit_write(struct rwlock *);

#endif /* _SYS_RWLOCK_H_ */
