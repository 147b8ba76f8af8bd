/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * if_virt.c: interfaces whose other end is the host's (virtif_user.h).
 *
 * An interface is made without a connection; frames move once its link is set.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/malloc.h>
#include <sys/uio.h>
#include <dev/rndvar.h>
#include <net/if.h>
#include <rump/rump.h>
#include <rump/virtif_user.h>
#include <rump-sys/component.h>


/* Fields belong to the virtual CPU. */
struct virtif_sc {
	struct ifnet sc_if;
	struct virtif_user *sc_viu;	/* NULL: not connected */
	int sc_isconnecting;
};

static int
virt_transmit(struct ifnet *ifp, const struct iovec *iov, int n, size_t len)
{
	struct virtif_sc *sc = ifp->if_softc;

	(void)len;
	if (sc->sc_viu == NULL)
		return (ENETDOWN);
	rumpcomp_virt_send(sc->sc_viu, (struct iovec *)(uintptr_t)iov,
	    (size_t)n);
	return (0);
}

/* The host may block while it connects: the CPU is given up. */
static int
virt_setlink(struct ifnet *ifp, const char *link)
{
	struct virtif_sc *sc = ifp->if_softc;
	struct virtif_user *viu;
	uint8_t enaddr[ETHER_ADDR_LEN];
	int error;

	if (sc->sc_viu != NULL || sc->sc_isconnecting)
		return (EBUSY);
	memcpy(enaddr, ifp->if_enaddr, sizeof(enaddr));
	sc->sc_isconnecting = 1;
	error = rumpcomp_virt_create(link, sc, enaddr, &viu);
	sc->sc_isconnecting = 0;
	if (error == 0) {
		memcpy(ifp->if_enaddr, enaddr, sizeof(enaddr));
		ifp->if_sums = rumpcomp_virt_sums(viu);
		sc->sc_viu = viu;
	}
	return (error);
}

static void
virt_destroy(struct ifnet *ifp)
{
	struct virtif_sc *sc = ifp->if_softc;
	struct virtif_user *viu = sc->sc_viu;

	sc->sc_viu = NULL;
	ifp->if_isup = 0;
	if (viu != NULL) {
		rumpcomp_virt_dying(viu);
		rumpcomp_virt_destroy(viu);
	}
	free(sc, M_DEVBUF);
}

static void
virt_input(struct virtif_sc *sc, struct iovec *iov, size_t n, int flags)
{
	size_t i, len = 0;

	for (i = 0; i < n; i++)
		len += iov[i].iov_len;
	rump_schedule();
	if (sc->sc_viu != NULL)
		if_input(&sc->sc_if, iov, (int)n, len, flags);
	rump_unschedule();
}

void
rump_virtif_virt_deliverpkt(struct virtif_sc *sc, struct iovec *iov, size_t n)
{

	virt_input(sc, iov, n, 0);
}

void
rump_virtif_virt_deliversummed(struct virtif_sc *sc, struct iovec *iov,
    size_t n)
{

	virt_input(sc, iov, n, IF_INPUT_SUMMED);
}

static int
virt_create(int unit, struct ifnet **ifpp)
{
	struct virtif_sc *sc;

	(void)unit;
	sc = malloc(sizeof(*sc), M_DEVBUF, M_WAITOK | M_CANFAIL | M_ZERO);
	if (sc == NULL)
		return (ENOMEM);
	/* Locally administered: no vendor has it. */
	arc4random_buf(sc->sc_if.if_enaddr, ETHER_ADDR_LEN);
	sc->sc_if.if_enaddr[0] = 0xb2;
	sc->sc_if.if_mtu = ETHER_MTU;
	sc->sc_if.if_softc = sc;
	sc->sc_if.if_transmit = virt_transmit;
	sc->sc_if.if_setlink = virt_setlink;
	sc->sc_if.if_destroy = virt_destroy;
	*ifpp = &sc->sc_if;
	return (0);
}

static struct if_clone virt_clone = { .ifc_name = "virt",
    .ifc_create = virt_create };

RUMP_COMPONENT(RUMP_COMPONENT_NET_IF)
{

	if_clone_attach(&virt_clone);
}
