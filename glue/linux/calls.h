/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * calls.h: the one description of Linux/x86-64's system calls.  Dispatch, the
 * names in messages, the trace and the documentation are made from it.
 *
 * SYS(number, name, handler, kinds): linux_sys_HANDLER() does it.
 * NOT(number, name): answered with ENOSYS and a line on the console.
 *
 * Kinds, one letter for each argument:
 *	d  signed number (descriptor, id, command)
 *	u  size, count or position
 *	x  flags or mode
 *	s  path: checked before the handler runs, which may use it as it is
 *	p  pointer: the handler checks it
 */
#ifndef _LINUX_CALLS_H_
#define	_LINUX_CALLS_H_

#define	LINUX_SYSCALLS(SYS, NOT)					\
	SYS(0, read, read, "dpu") SYS(1, write, write, "dpu")		\
	SYS(2, open, open, "sxx") SYS(3, close, close, "d")		\
	SYS(4, stat, stat, "sp") SYS(5, fstat, fstat, "dp")		\
	SYS(6, lstat, lstat, "sp") SYS(7, poll, poll, "pud")		\
	SYS(8, lseek, lseek, "dud") SYS(9, mmap, mmap, "puxxdu")	\
	SYS(10, mprotect, mprotect, "pux")				\
	SYS(11, munmap, munmap, "pu") SYS(12, brk, brk, "p")		\
	SYS(13, rt_sigaction, rt_sigaction, "dppu")			\
	SYS(14, rt_sigprocmask, rt_sigprocmask, "dppu")			\
	NOT(15, rt_sigreturn) SYS(16, ioctl, ioctl, "dxp")		\
	SYS(17, pread64, pread64, "dpuu")				\
	SYS(18, pwrite64, pwrite64, "dpuu")				\
	SYS(19, readv, readv, "dpu") SYS(20, writev, writev, "dpu")	\
	SYS(21, access, access, "sx") SYS(22, pipe, pipe, "p")		\
	SYS(23, select, select, "dpppp")				\
	SYS(24, sched_yield, sched_yield, "")				\
	SYS(25, mremap, mremap, "puuxp") SYS(26, msync, msync, "pux")	\
	NOT(27, mincore) SYS(28, madvise, madvise, "pud")		\
	NOT(29, shmget) NOT(30, shmat) NOT(31, shmctl)			\
	SYS(32, dup, dup, "d") SYS(33, dup2, dup2, "dd")		\
	NOT(34, pause) SYS(35, nanosleep, nanosleep, "pp")		\
	NOT(36, getitimer) NOT(37, alarm) NOT(38, setitimer)		\
	SYS(39, getpid, getpid, "")					\
	SYS(40, sendfile, sendfile, "ddpu")				\
	SYS(41, socket, socket, "ddd") SYS(42, connect, connect, "dpu")	\
	SYS(43, accept, accept, "dpp")					\
	SYS(44, sendto, sendto, "dpuxpu")				\
	SYS(45, recvfrom, recvfrom, "dpuxpp")				\
	SYS(46, sendmsg, sendmsg, "dpx")				\
	SYS(47, recvmsg, recvmsg, "dpx")				\
	SYS(48, shutdown, shutdown, "dd") SYS(49, bind, bind, "dpu")	\
	SYS(50, listen, listen, "dd")					\
	SYS(51, getsockname, getsockname, "dpp")			\
	SYS(52, getpeername, getpeername, "dpp")			\
	SYS(53, socketpair, socketpair, "dddp")				\
	SYS(54, setsockopt, setsockopt, "dddpu")			\
	SYS(55, getsockopt, getsockopt, "dddpp")			\
	SYS(56, clone, clone, "xpppx") NOT(57, fork) NOT(58, vfork)	\
	NOT(59, execve) SYS(60, exit, exit, "d")			\
	SYS(61, wait4, wait4, "dpxp") SYS(62, kill, kill, "dd")		\
	SYS(63, uname, uname, "p") NOT(64, semget) NOT(65, semop)	\
	NOT(66, semctl) NOT(67, shmdt) NOT(68, msgget) NOT(69, msgsnd)	\
	NOT(70, msgrcv) NOT(71, msgctl) SYS(72, fcntl, fcntl, "ddx")	\
	SYS(73, flock, flock, "dx") SYS(74, fsync, fsync, "d")		\
	SYS(75, fdatasync, fdatasync, "d")				\
	SYS(76, truncate, truncate, "su")				\
	SYS(77, ftruncate, ftruncate, "du") NOT(78, getdents)		\
	SYS(79, getcwd, getcwd, "pu") SYS(80, chdir, chdir, "s")	\
	SYS(81, fchdir, fchdir, "d") SYS(82, rename, rename, "ss")	\
	SYS(83, mkdir, mkdir, "sx") SYS(84, rmdir, rmdir, "s")		\
	SYS(85, creat, creat, "sx") SYS(86, link, link, "ss")		\
	SYS(87, unlink, unlink, "s") SYS(88, symlink, symlink, "ss")	\
	SYS(89, readlink, readlink, "spu") SYS(90, chmod, chmod, "sx")	\
	SYS(91, fchmod, fchmod, "dx") SYS(92, chown, chown, "sdd")	\
	SYS(93, fchown, fchown, "ddd") SYS(94, lchown, lchown, "sdd")	\
	SYS(95, umask, umask, "x")					\
	SYS(96, gettimeofday, gettimeofday, "pp")			\
	SYS(97, getrlimit, getrlimit, "dp")				\
	SYS(98, getrusage, getrusage, "dp")				\
	SYS(99, sysinfo, sysinfo, "p") SYS(100, times, times, "p")	\
	NOT(101, ptrace) SYS(102, getuid, getuid, "") NOT(103, syslog)	\
	SYS(104, getgid, getgid, "") SYS(105, setuid, setuid, "d")	\
	SYS(106, setgid, setgid, "d") SYS(107, geteuid, geteuid, "")	\
	SYS(108, getegid, getegid, "") NOT(109, setpgid)		\
	SYS(110, getppid, getppid, "") SYS(111, getpgrp, getpgrp, "")	\
	NOT(112, setsid) NOT(113, setreuid) NOT(114, setregid)		\
	SYS(115, getgroups, getgroups, "dp") NOT(116, setgroups)	\
	NOT(117, setresuid) SYS(118, getresuid, getresuid, "ppp")	\
	NOT(119, setresgid) SYS(120, getresgid, getresgid, "ppp")	\
	SYS(121, getpgid, getpgid, "d") NOT(122, setfsuid)		\
	NOT(123, setfsgid) SYS(124, getsid, getsid, "d")		\
	NOT(125, capget) NOT(126, capset) NOT(127, rt_sigpending)	\
	NOT(128, rt_sigtimedwait) NOT(129, rt_sigqueueinfo)		\
	NOT(130, rt_sigsuspend)						\
	SYS(131, sigaltstack, sigaltstack, "pp")			\
	SYS(132, utime, utime, "pp") SYS(133, mknod, mknod, "sxx")	\
	NOT(134, uselib) NOT(135, personality) NOT(136, ustat)		\
	SYS(137, statfs, statfs, "sp")					\
	SYS(138, fstatfs, fstatfs, "dp") NOT(139, sysfs)		\
	NOT(140, getpriority) NOT(141, setpriority)			\
	NOT(142, sched_setparam) NOT(143, sched_getparam)		\
	NOT(144, sched_setscheduler) NOT(145, sched_getscheduler)	\
	NOT(146, sched_get_priority_max)				\
	NOT(147, sched_get_priority_min)				\
	NOT(148, sched_rr_get_interval) NOT(149, mlock)			\
	NOT(150, munlock) NOT(151, mlockall) NOT(152, munlockall)	\
	NOT(153, vhangup) NOT(154, modify_ldt) NOT(155, pivot_root)	\
	NOT(156, _sysctl) SYS(157, prctl, prctl, "dxxxx")		\
	SYS(158, arch_prctl, arch_prctl, "xx") NOT(159, adjtimex)	\
	SYS(160, setrlimit, setrlimit, "dp") NOT(161, chroot)		\
	SYS(162, sync, sync, "") NOT(163, acct) NOT(164, settimeofday)	\
	NOT(165, mount) NOT(166, umount2) NOT(167, swapon)		\
	NOT(168, swapoff) NOT(169, reboot) NOT(170, sethostname)	\
	NOT(171, setdomainname) NOT(172, iopl) NOT(173, ioperm)		\
	NOT(174, create_module) NOT(175, init_module)			\
	NOT(176, delete_module) NOT(177, get_kernel_syms)		\
	NOT(178, query_module) NOT(179, quotactl) NOT(180, nfsservctl)	\
	NOT(181, getpmsg) NOT(182, putpmsg) NOT(183, afs_syscall)	\
	NOT(184, tuxcall) NOT(185, security)				\
	SYS(186, gettid, gettid, "") NOT(187, readahead)		\
	NOT(188, setxattr) NOT(189, lsetxattr) NOT(190, fsetxattr)	\
	NOT(191, getxattr) NOT(192, lgetxattr) NOT(193, fgetxattr)	\
	NOT(194, listxattr) NOT(195, llistxattr) NOT(196, flistxattr)	\
	NOT(197, removexattr) NOT(198, lremovexattr)			\
	NOT(199, fremovexattr) SYS(200, tkill, tkill, "dd")		\
	SYS(201, time, time, "p") SYS(202, futex, futex, "pddppd")	\
	NOT(203, sched_setaffinity)					\
	SYS(204, sched_getaffinity, sched_getaffinity, "dup")		\
	NOT(205, set_thread_area) NOT(206, io_setup)			\
	NOT(207, io_destroy) NOT(208, io_getevents)			\
	NOT(209, io_submit) NOT(210, io_cancel)				\
	NOT(211, get_thread_area) NOT(212, lookup_dcookie)		\
	SYS(213, epoll_create, epoll_create, "d")			\
	NOT(214, epoll_ctl_old)						\
	NOT(215, epoll_wait_old) NOT(216, remap_file_pages)		\
	SYS(217, getdents64, getdents64, "dpu")				\
	SYS(218, set_tid_address, set_tid_address, "p")			\
	NOT(219, restart_syscall) NOT(220, semtimedop)			\
	SYS(221, fadvise64, fdnothing, "duud") NOT(222, timer_create)	\
	NOT(223, timer_settime) NOT(224, timer_gettime)			\
	NOT(225, timer_getoverrun) NOT(226, timer_delete)		\
	NOT(227, clock_settime)						\
	SYS(228, clock_gettime, clock_gettime, "dp")			\
	SYS(229, clock_getres, clock_getres, "dp")			\
	SYS(230, clock_nanosleep, clock_nanosleep, "dxpp")		\
	SYS(231, exit_group, exit_group, "d")				\
	SYS(232, epoll_wait, epoll_wait, "dpdd")			\
	SYS(233, epoll_ctl, epoll_ctl, "dddp")				\
	SYS(234, tgkill, tgkill, "ddd")					\
	SYS(235, utimes, utimes, "pp") NOT(236, vserver)		\
	NOT(237, mbind) NOT(238, set_mempolicy)				\
	NOT(239, get_mempolicy) NOT(240, mq_open) NOT(241, mq_unlink)	\
	NOT(242, mq_timedsend) NOT(243, mq_timedreceive)		\
	NOT(244, mq_notify) NOT(245, mq_getsetattr)			\
	NOT(246, kexec_load) NOT(247, waitid) NOT(248, add_key)		\
	NOT(249, request_key) NOT(250, keyctl) NOT(251, ioprio_set)	\
	NOT(252, ioprio_get) NOT(253, inotify_init)			\
	NOT(254, inotify_add_watch) NOT(255, inotify_rm_watch)		\
	NOT(256, migrate_pages) SYS(257, openat, openat, "dsxx")	\
	SYS(258, mkdirat, mkdirat, "dsx")				\
	SYS(259, mknodat, mknodat, "dsxx")				\
	SYS(260, fchownat, fchownat, "dsddx")				\
	SYS(261, futimesat, futimesat, "dpp")				\
	SYS(262, newfstatat, newfstatat, "dspx")			\
	SYS(263, unlinkat, unlinkat, "dsx")				\
	SYS(264, renameat, renameat, "dsds")				\
	SYS(265, linkat, linkat, "dsdsx")				\
	SYS(266, symlinkat, symlinkat, "sds")				\
	SYS(267, readlinkat, readlinkat, "dspu")			\
	SYS(268, fchmodat, fchmodat, "dsx")				\
	SYS(269, faccessat, faccessat, "dsx")				\
	SYS(270, pselect6, pselect6, "dppppp")				\
	SYS(271, ppoll, ppoll, "puppu") NOT(272, unshare)		\
	SYS(273, set_robust_list, set_robust_list, "pu")		\
	NOT(274, get_robust_list) NOT(275, splice) NOT(276, tee)	\
	SYS(277, sync_file_range, sync_file_range, "duux")		\
	NOT(278, vmsplice) NOT(279, move_pages)				\
	SYS(280, utimensat, utimensat, "dppx")				\
	SYS(281, epoll_pwait, epoll_pwait, "dpddpu")			\
	NOT(282, signalfd)						\
	SYS(283, timerfd_create, timerfd_create, "dx")			\
	SYS(284, eventfd, eventfd, "u")					\
	SYS(285, fallocate, fallocate, "dxuu")				\
	SYS(286, timerfd_settime, timerfd_settime, "dxpp")		\
	SYS(287, timerfd_gettime, timerfd_gettime, "dp")		\
	SYS(288, accept4, accept4, "dppx") NOT(289, signalfd4)		\
	SYS(290, eventfd2, eventfd2, "ux")				\
	SYS(291, epoll_create1, epoll_create1, "x")			\
	SYS(292, dup3, dup3, "ddx")					\
	SYS(293, pipe2, pipe2, "px") NOT(294, inotify_init1)		\
	SYS(295, preadv, preadv, "dpuu")				\
	SYS(296, pwritev, pwritev, "dpuu") NOT(297, rt_tgsigqueueinfo)	\
	NOT(298, perf_event_open) SYS(299, recvmmsg, recvmmsg, "dpuxp")			\
	NOT(300, fanotify_init) NOT(301, fanotify_mark)			\
	SYS(302, prlimit64, prlimit64, "ddpp")				\
	NOT(303, name_to_handle_at) NOT(304, open_by_handle_at)		\
	NOT(305, clock_adjtime) SYS(306, syncfs, syncfs, "d")		\
	SYS(307, sendmmsg, sendmmsg, "dpux") NOT(308, setns)				\
	SYS(309, getcpu, getcpu, "pp") NOT(310, process_vm_readv)	\
	NOT(311, process_vm_writev) NOT(312, kcmp)			\
	NOT(313, finit_module) NOT(314, sched_setattr)			\
	NOT(315, sched_getattr)						\
	SYS(316, renameat2, renameat2, "dsdsx") NOT(317, seccomp)	\
	SYS(318, getrandom, getrandom, "pux") NOT(319, memfd_create)	\
	NOT(320, kexec_file_load) NOT(321, bpf) NOT(322, execveat)	\
	NOT(323, userfaultfd) NOT(324, membarrier) NOT(325, mlock2)	\
	SYS(326, copy_file_range, copy_file_range, "dpdpux")		\
	SYS(327, preadv2, preadv2, "dpuuux")				\
	SYS(328, pwritev2, pwritev2, "dpuuux") NOT(329, pkey_mprotect)	\
	NOT(330, pkey_alloc) NOT(331, pkey_free)			\
	SYS(332, statx, statx, "dsxxp") NOT(333, io_pgetevents)		\
	SYS(334, rseq, rseq, "puxx") NOT(424, pidfd_send_signal)	\
	NOT(425, io_uring_setup) NOT(426, io_uring_enter)		\
	NOT(427, io_uring_register) NOT(428, open_tree)			\
	NOT(429, move_mount) NOT(430, fsopen) NOT(431, fsconfig)	\
	NOT(432, fsmount) NOT(433, fspick) NOT(434, pidfd_open)		\
	SYS(435, clone3, clone3, "pu") NOT(436, close_range)		\
	NOT(437, openat2) NOT(438, pidfd_getfd)				\
	SYS(439, faccessat2, faccessat2, "dsxx")			\
	NOT(440, process_madvise)					\
	SYS(441, epoll_pwait2, epoll_pwait2, "dpdppu")			\
	NOT(442, mount_setattr) NOT(443, quotactl_fd)			\
	NOT(444, landlock_create_ruleset) NOT(445, landlock_add_rule)	\
	NOT(446, landlock_restrict_self) NOT(447, memfd_secret)		\
	NOT(448, process_mrelease) NOT(449, futex_waitv)		\
	NOT(450, set_mempolicy_home_node)

#define	LINUX_NSYSCALLS	451

#endif /* _LINUX_CALLS_H_ */
