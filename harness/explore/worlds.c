// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * The worlds that come with the program: two domains, three devices, six
 * pages, a host and two guests; table memory so short that it runs out.
 */
#include <stddef.h>
#include <string.h>

#include "explore.h"

/* Who owns the six pages, and lends or shares them. */
#define OWNERSHIP                          \
	"donate p 4K to guest0\n"          \
	"guest0 donate p 4K to host\n"     \
	"guest0 donate p 4K to guest1\n"   \
	"guest1 donate p 4K to host\n"     \
	"donate p+8K 8K to guest0\n"       \
	"guest0 donate p+8K 8K to host\n"  \
	"share p+4K 4K with guest0\n"      \
	"unshare p+4K 4K with guest0\n"    \
	"lend p+12K 4K to guest1\n"        \
	"reclaim p+12K 4K from guest1\n"   \
	"guest0 lend p+12K 4K to guest1\n" \
	"guest0 reclaim p+12K 4K from guest1\n"

#define TABLE_MEMORY          \
	"topup spare 4K\n"    \
	"topup spare+4K 4K\n" \
	"giveback any\n"      \
	"giveback spare\n"

#define MAPPINGS                           \
	"map #0 0 p 4K rw\n"               \
	"map #0 4K p+4K 4K r\n"            \
	"map #0 0 p 8K rw\n"               \
	"map #0 2M p+8K 4K w\n"            \
	"map #1 0 p 4K r\n"                \
	"map #1 2044K p+8K 8K rw\n"        \
	"guest0 map #0 0 p 4K rw\n"        \
	"guest0 map #1 4K p+8K 8K rw\n"    \
	"unmap #0 0 4K\n"                  \
	"unmap #0 0 8K\n"                  \
	"unmap #0 2M 4K\n"                 \
	"unmap #1 0 4K\n"                  \
	"unmap #1 2M 4K\n"                 \
	"unmap #1 2044K 8K\n"              \
	"guest0 unmap #0 0 4K\n"           \
	"guest0 unmap #1 4K 8K\n"          \
	"map #0 1K p 4K rw\n"              \
	"map #0 0x1000000000000 p 4K rw\n" \
	"unmap #0 0 1K\n"                  \
	"lookup #0 5K\n"                   \
	"lookup #1 2049K\n"                \
	"guest0 lookup #1 4K\n"            \
	"sync #0\n"                        \
	"sync #1\n"

/* a is the host's, b moves, c is behind the same SMMU and rarely used. */
#define STREAMS                \
	"attach a #0\n"        \
	"attach a #1\n"        \
	"attach b #0\n"        \
	"attach b #1\n"        \
	"attach c #1\n"        \
	"guest0 attach b #0\n" \
	"guest0 attach b #1\n" \
	"detach a #0\n"        \
	"detach a #1\n"        \
	"detach b #0\n"        \
	"detach b #1\n"        \
	"detach c #1\n"        \
	"guest0 detach b #0\n" \
	"guest0 detach b #1\n" \
	"assign b to guest0\n" \
	"guest0 assign b to host\n"

#define DOMAINS                    \
	"alloc d stage 1\n"        \
	"alloc d stage 2\n"        \
	"guest0 alloc d stage 2\n" \
	"free #0\n"                \
	"free #1\n"                \
	"guest0 free #0\n"         \
	"guest0 free #1\n"

#define HARDWARE       \
	"suspend\n"    \
	"reset\n"      \
	"break sync\n" \
	"mend\n"

#define PAGES         \
	"pages p 4\n" \
	"pages spare 2 at donor\n"

static const char v3[] =
	"machine smmuv3 linear stream-bits 3 commands 3 events 2 domains 2 "
	"tables 12 timeout 16 observe calls\n"
	"device a stream 1\ndevice b stream 2\ndevice c stream 5\n" PAGES
		DOMAINS STREAMS MAPPINGS OWNERSHIP TABLE_MEMORY HARDWARE;

static const char tegra[] =
	"machine smmuv2 mirrored stream-bits 3 banks 4 matches 4 domains 2 "
	"tables 7 timeout 16 boot reset observe calls\n"
	"device a stream 1\ndevice b stream 2\ndevice c stream 5\n" PAGES
		DOMAINS STREAMS MAPPINGS OWNERSHIP TABLE_MEMORY HARDWARE;

#define KINDS                             \
	"map #0 4K p+4K 4K rw-priv\n"     \
	"map #0 8K p+4K 4K rw-noexec\n"   \
	"map #0 12K window 4K rw-cache\n" \
	"map #1 0 p 4K rw-cache\n"        \
	"unmap #0 4K 8K\n"                \
	"unmap #0 12K 4K\n"

/* A port that keeps page states and table memory; mappings of more kinds. */
static const char port[] =
	"machine smmuv3 delegated linear stream-bits 3 commands 3 events 2 "
	"domains 2 tables 12 timeout 16 observe calls\n"
	"device a stream 1\ndevice b stream 2\ndevice c stream 5\n" PAGES
	"pages window 1 at 0x08090000\n" DOMAINS STREAMS MAPPINGS KINDS
		OWNERSHIP TABLE_MEMORY HARDWARE;

/* Few moves, all of them made in a moment. */
static const char small[] =
	"machine smmuv3 linear stream-bits 3 commands 3 events 2 domains 2 "
	"tables 12 timeout 16 observe calls\n"
	"device a stream 1\ndevice b stream 2\n" PAGES "alloc d stage 1\n"
	"alloc d stage 2\n"
	"free #0\n"
	"attach a #0\n"
	"attach b #0\n"
	"detach a #0\n"
	"detach b #0\n"
	"map #0 0 p 4K rw\n"
	"map #0 0 p 8K rw\n"
	"map #0 2M p 4K r\n"
	"unmap #0 0 4K\n"
	"unmap #0 0 8K\n"
	"unmap #0 2M 4K\n"
	"donate p 4K to guest0\n"
	"guest0 donate p 4K to host\n"
	"suspend\n"
	"reset\n";

static const struct {
	const char *name, *text;
} worlds[] = {
	{ "port", port },
	{ "small", small },
	{ "tegra", tegra },
	{ "v3", v3 },
};

const char *const explore_names[] = { "port", "small", "tegra", "v3", NULL };

const char *explore_world(const char *name)
{
	for (size_t i = 0; i < sizeof(worlds) / sizeof(worlds[0]); i++) {
		if (!strcmp(worlds[i].name, name))
			return worlds[i].text;
	}
	return NULL;
}
