/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * virtif.c: the kernel's interfaces virt0, virt1, ... on the machine's network
 * devices: net0, net1, ... (rump/virtif_user.h).
 */
#include "types.h"
#include "host_int.h"
#include "mem.h"
#include "netdev.h"
#include "program.h"
#include "../../rump/include/rump/virtif_user.h"

struct virtif_user {
	struct netdev *viu_device;
	struct virtif_sc *viu_sc;
};

static void
virt_input(void *arg, struct iovec *iov, size_t n, bool sumsright)
{
	struct virtif_user *viu = arg;

	rumpkern_adopt();
	if (sumsright)
		rump_virtif_virt_deliversummed(viu->viu_sc, iov, n);
	else
		rump_virtif_virt_deliverpkt(viu->viu_sc, iov, n);
}

int
rumpcomp_virt_create(const char *devstr, struct virtif_sc *sc, uint8_t *enaddr,
    struct virtif_user **viup)
{
	struct netdev *nd = netdev_by_name(devstr);
	struct virtif_user *viu;
	int error;

	if (nd == NULL)
		return RUMP_ENXIO;
	if ((viu = heap_zalloc(sizeof(*viu))) == NULL)
		return RUMP_ENOMEM;
	viu->viu_device = nd;
	viu->viu_sc = sc;
	if ((error = netdev_start(nd, virt_input, viu)) != 0) {
		heap_free(viu, sizeof(*viu));
		return error;
	}
	(void)netdev_mac(nd, enaddr);
	*viup = viu;
	return 0;
}

void
rumpcomp_virt_dying(struct virtif_user *viu)
{

	netdev_stop(viu->viu_device);
}

/*
 * The device's thread may be delivering, and wait for the kernel's CPU, which
 * the caller has.
 */
void
rumpcomp_virt_destroy(struct virtif_user *viu)
{
	int nlocks;

	nlocks = rumpkern_release(NULL);
	netdev_drain(viu->viu_device);
	rumpkern_acquire(nlocks, NULL);
	heap_free(viu, sizeof(*viu));
}

int
rumpcomp_virt_sums(struct virtif_user *viu)
{

	return netdev_sums(viu->viu_device);
}

void
rumpcomp_virt_send(struct virtif_user *viu, struct iovec *iov, size_t n)
{

	netdev_send(viu->viu_device, iov, n);
}
