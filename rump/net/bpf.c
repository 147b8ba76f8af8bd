/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bpf.c: frames of an interface, in and out, for whoever looks on (bpf(4)).
 *
 * A tap is an open file whose bytes are those of a pcap file: a header, and a record
 * for each frame.  Frames wait in a ring; what does not fit is dropped and counted,
 * so that whoever looks on never makes the interface wait.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/event.h>
#include <sys/fcntl.h>
#include <sys/file.h>
#include <sys/filedesc.h>
#include <sys/ioctl.h>
#include <sys/kernel.h>
#include <sys/malloc.h>
#include <sys/poll.h>
#include <sys/pollvar.h>
#include <sys/proc.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <net/if.h>
#include <rump/rump.h>
#include <rump/rumpnet.h>
#include <rump/rumpnetcfg.h>
#include <rump-sys/kmem.h>

#define	BPF_SPACE	(1024U * 1024)
#define	BPF_SNAPLEN	262144U		/* as tcpdump has it */

/* pcap(5): times are seconds and nanoseconds, links are Ethernet. */
#define	PCAP_MAGIC	0xa1b23c4dU
#define	LINKTYPE_ETHERNET	1

struct pcap_header {
	uint32_t magic;
	uint16_t major, minor;
	int32_t zone;
	uint32_t sigfigs, snaplen, linktype;
};

struct pcap_record {
	uint32_t sec, nsec, caplen, len;
};

/* All fields belong to the virtual CPU.  Whoever waits sleeps on it. */
struct bpf_tap {
	struct ifnet *bt_ifp;		/* NULL: it is gone */
	u_int bt_snaplen;
	char *bt_ring;			/* BPF_SPACE bytes */
	u_int bt_first, bt_used;
	uint64_t bt_received, bt_dropped;
	u_int bt_closes;		/* descriptors closed while in use */
	struct klist bt_note;
	LIST_ENTRY(bpf_tap) bt_list;	/* of the interface */
};

static void
tap_tell(struct bpf_tap *bt)
{

	wakeup(bt);
	KNOTE(&bt->bt_note, 0);
	poll_wakeup();
}

/* There is room. */
static void
tap_put(struct bpf_tap *bt, const void *data, u_int len)
{
	u_int at, piece;

	for (; len != 0; len -= piece) {
		at = (bt->bt_first + bt->bt_used) % BPF_SPACE;
		piece = MIN(len, BPF_SPACE - at);
		memcpy(bt->bt_ring + at, data, piece);
		data = (const char *)data + piece;
		bt->bt_used += piece;
	}
}

static void
tap_frame(struct bpf_tap *bt, const struct timespec *now,
    const struct iovec *iov, int n, size_t len)
{
	u_int left = (u_int)MIN(len, bt->bt_snaplen), piece;
	struct pcap_record record = {
		.sec = (uint32_t)now->tv_sec, .nsec = (uint32_t)now->tv_nsec,
		.caplen = left, .len = (uint32_t)len,
	};
	int i;

	bt->bt_received++;
	if (bt->bt_used + sizeof(record) + left > BPF_SPACE) {
		bt->bt_dropped++;
		return;
	}
	tap_put(bt, &record, sizeof(record));
	for (i = 0; i < n && left != 0; i++, left -= piece) {
		piece = (u_int)MIN(iov[i].iov_len, left);
		tap_put(bt, iov[i].iov_base, piece);
	}
	tap_tell(bt);
}

void
bpf_mtap(struct ifnet *ifp, const struct iovec *iov, int n, size_t len)
{
	struct timespec now;
	struct bpf_tap *bt;

	nanotime(&now);
	LIST_FOREACH(bt, &ifp->if_taps, bt_list)
		tap_frame(bt, &now, iov, n, len);
}

void
bpf_detach(struct ifnet *ifp)
{
	struct bpf_tap *bt;

	while ((bt = LIST_FIRST(&ifp->if_taps)) != NULL) {
		LIST_REMOVE(bt, bt_list);
		bt->bt_ifp = NULL;
		tap_tell(bt);
	}
}

static int
tap_canread(const struct bpf_tap *bt)
{

	return (bt->bt_used != 0 || bt->bt_ifp == NULL);
}

static int
tap_wait(struct file *fp, struct bpf_tap *bt)
{
	u_int closes = bt->bt_closes;

	if (fp->f_flag & FNONBLOCK)
		return (EAGAIN);
	if (wait_ended)
		return (EINTR);
	(void)tsleep(bt, PSOCK | PCATCH, "bpf", 0);
	if (bt->bt_closes != closes && fdgone(bt))
		return (EBADF);
	return (wait_ended ? EINTR : 0);
}

/* Once the interface is gone and all is read: the end. */
static int
tap_read(struct file *fp, off_t *off, struct uio *uio, struct ucred *cred)
{
	struct bpf_tap *bt = fp->f_data;
	u_int piece;
	int error = 0;

	(void)cred;
	if (off != &fp->f_offset)
		return (ESPIPE);
	while (!tap_canread(bt))
		if ((error = tap_wait(fp, bt)) != 0)
			return (error);
	while (error == 0 && bt->bt_used != 0 && uio->uio_resid != 0) {
		piece = MIN(MIN(bt->bt_used, BPF_SPACE - bt->bt_first),
		    (u_int)MIN(uio->uio_resid, BPF_SPACE));
		error = uiomove(bt->bt_ring + bt->bt_first, (int)piece, uio);
		if (error == 0) {
			bt->bt_first = (bt->bt_first + piece) % BPF_SPACE;
			bt->bt_used -= piece;
		}
	}
	return (error);
}

static int
tap_write(struct file *fp, off_t *off, struct uio *uio, struct ucred *cred)
{

	(void)fp;
	(void)off;
	(void)uio;
	(void)cred;
	return (EBADF);
}

static int
tap_ioctl(struct file *fp, u_long cmd, caddr_t data, struct proc *p)
{
	const struct bpf_tap *bt = fp->f_data;
	struct rump_bpf_stat stat;

	(void)p;
	switch (cmd) {
	case RUMP_BIOCGSTATS:
		memset(&stat, 0, sizeof(stat));
		stat.bs_recv = bt->bt_received;
		stat.bs_drop = bt->bt_dropped;
		stat.bs_capt = bt->bt_received - bt->bt_dropped;
		memcpy(data, &stat, sizeof(stat));
		return (0);
	case FIONREAD:
		*(int *)(void *)data = (int)bt->bt_used;
		return (0);
	default:
		return (ENOTTY);
	}
}

static int
tap_stat(struct file *fp, struct rump_stat *sb, struct proc *p)
{
	const struct bpf_tap *bt = fp->f_data;

	(void)p;
	file_stat(fp, S_IFCHR | S_IRUSR, sb);
	sb->st_size = bt->bt_used;
	return (0);
}

static int
tap_close(struct file *fp, struct proc *p)
{
	struct bpf_tap *bt = fp->f_data;

	(void)p;
	if (bt->bt_ifp != NULL)
		LIST_REMOVE(bt, bt_list);
	free(bt->bt_ring, M_DEVBUF);
	free(bt, M_DEVBUF);
	return (0);
}

static void
tap_interrupt(struct file *fp)
{
	struct bpf_tap *bt = fp->f_data;

	bt->bt_closes++;
	wakeup(bt);
}

static int
tap_poll(struct file *fp, int events)
{

	return (tap_canread(fp->f_data) ? events & (POLLIN | POLLRDNORM) : 0);
}

static void
filt_tapdetach(struct knote *kn)
{
	struct bpf_tap *bt = kn->kn_fp->f_data;

	SLIST_REMOVE(&bt->bt_note, kn, knote, kn_selnext);
}

static int
filt_tapread(struct knote *kn, long hint)
{
	const struct bpf_tap *bt = kn->kn_fp->f_data;

	(void)hint;
	kn->kn_data = bt->bt_used;
	if (bt->bt_ifp == NULL)
		kn->kn_flags |= EV_EOF;
	return (tap_canread(bt));
}

static const struct filterops tapread_filtops =
	{ 1, NULL, filt_tapdetach, filt_tapread };

static int
tap_kqfilter(struct file *fp, struct knote *kn)
{
	struct bpf_tap *bt = fp->f_data;

	if (kn->kn_filter != EVFILT_READ)
		return (EINVAL);
	kn->kn_fop = &tapread_filtops;
	SLIST_INSERT_HEAD(&bt->bt_note, kn, kn_selnext);
	return (0);
}

static const struct fileops tapops = {
	.fo_read = tap_read,
	.fo_write = tap_write,
	.fo_ioctl = tap_ioctl,
	.fo_stat = tap_stat,
	.fo_close = tap_close,
	.fo_interrupt = tap_interrupt,
	.fo_kqfilter = tap_kqfilter,
	.fo_poll = tap_poll,
};

static int
tap_open(const char *name, u_int snaplen, int *fd)
{
	struct pcap_header header = { .magic = PCAP_MAGIC, .major = 2,
	    .minor = 4, .linktype = LINKTYPE_ETHERNET };
	struct bpf_tap *bt;
	struct ifnet *ifp;
	struct file *fp;
	int error, n;

	if (name == NULL || fd == NULL)
		return (EFAULT);
	bt = malloc(sizeof(*bt), M_DEVBUF, M_WAITOK | M_CANFAIL | M_ZERO);
	if (bt == NULL)
		return (ENOMEM);
	error = ENOMEM;
	bt->bt_ring = malloc(BPF_SPACE, M_DEVBUF, M_WAITOK | M_CANFAIL);
	if (bt->bt_ring == NULL)
		goto out_tap;
	error = falloc(curproc, FREAD | FNONBLOCK | O_CLOEXEC, &fp, &n);
	if (error != 0)
		goto out_ring;
	/* Nothing sleeps from here on. */
	if ((ifp = if_find(name)) == NULL) {
		error = ENXIO;
		goto out_fd;
	}
	bt->bt_ifp = ifp;
	bt->bt_snaplen = snaplen == 0 ? BPF_SNAPLEN : MIN(snaplen, BPF_SNAPLEN);
	header.snaplen = bt->bt_snaplen;
	tap_put(bt, &header, sizeof(header));
	LIST_INSERT_HEAD(&ifp->if_taps, bt, bt_list);
	fp->f_type = DTYPE_BPF;
	fp->f_data = bt;
	fp->f_ops = &tapops;
	*fd = n;
	return (0);
out_fd:
	fdabort(curproc, n);
out_ring:
	free(bt->bt_ring, M_DEVBUF);
out_tap:
	free(bt, M_DEVBUF);
	return (error);
}

int
rump_pub_netconfig_ifcapture(const char *name, unsigned int snaplen, int *fd)
{
	int error;

	rump_schedule();
	error = tap_open(name, snaplen, fd);
	rump_unschedule();
	return (error);
}
