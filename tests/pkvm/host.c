// SPDX-License-Identifier: GPL-2.0-only
/* The kernel around the port's EL1 half: pages, devices, the log. */
#include <stdarg.h>
#include <stdio.h>

#include "stand.h"

static char task;
char *current = &task;
bool stand_trusted, stand_protected = true;
const int platform_bus_type;

bool is_protected_kvm_enabled(void)
{
	return stand_protected;
}

/* ------------------------------------------------------------------ the log */

static char said[1 << 16];
static size_t said_bytes;

/* Of formats what the port uses: %pOF beside those of C. */
static void put(char *to, size_t room, const char *format, va_list ap)
{
	size_t used = 0;

	while (*format && used + 256 < room) {
		size_t length = strcspn(format + 1, "%duxsc") + 2;
		char one[16];

		if (*format != '%') {
			to[used++] = *format++;
			continue;
		}
		if (!strncmp(format, "%pOF", 4)) {
			used += (size_t)snprintf(
				to + used, 128, "%s",
				tree_name(va_arg(ap, struct device_node *)));
			format += 4;
			continue;
		}
		check(length < sizeof(one));
		memcpy(one, format, length);
		one[length] = 0;
		format += length;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		if (one[length - 1] == 's')
			used += (size_t)snprintf(to + used, 128, one,
						 va_arg(ap, const char *));
		else if (strstr(one, "ll"))
			used += (size_t)snprintf(to + used, 32, one,
						 va_arg(ap, long long));
		else if (strchr(one, 'l'))
			used += (size_t)snprintf(to + used, 32, one,
						 va_arg(ap, long));
		else
			used += (size_t)snprintf(to + used, 32, one,
						 va_arg(ap, int));
#pragma GCC diagnostic pop
	}
	to[used] = 0;
}

void kernel_log(const char *format, ...)
{
	va_list ap;

	if (said_bytes + 1024 > sizeof(said))
		said_bytes = 0;
	va_start(ap, format);
	put(said + said_bytes, 1024, format, ap);
	va_end(ap);
	said_bytes += strlen(said + said_bytes);
}

bool kernel_said(const char *what)
{
	return strstr(said, what);
}

void kernel_tell(void)
{
	for (char *at = said, *end; (end = strchr(at, '\n')); at = end + 1)
		printf("#  %.*s\n", (int)(end - at), at);
}

void kernel_forget(void)
{
	said_bytes = 0;
	said[0] = 0;
}

_Noreturn void kernel_panic(const char *format, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, format);
	put(text, sizeof(text), format, ap);
	va_end(ap);
	mock_fail("panic", 0, text);
}

/* -------------------------------------------------------------------- pages */

static u64 next_page = STAND_RAM_BASE + STAND_RAM / 2;
static u64 freed[512];
static unsigned int freed_count;
int stand_pages = -1;

u64 __pa(const void *va)
{
	return (uintptr_t)va - sim_mem_offset(mock_machine->mem);
}

static u64 take(u64 bytes, u64 align)
{
	u64 at = (next_page + align - 1) & ~(align - 1);

	next_page = at + PAGE_ALIGN(bytes);
	check(next_page < STAND_RAM_BASE + STAND_RAM - PAGE_SIZE);
	return at;
}

void *alloc_pages_exact(size_t bytes, gfp_t gfp)
{
	(void)gfp;
	return sim_mem_ptr(mock_machine->mem, take(bytes, PAGE_SIZE));
}

unsigned long __get_free_pages(gfp_t gfp, unsigned int order)
{
	(void)gfp;
	return (unsigned long)sim_mem_ptr(
		mock_machine->mem,
		take(PAGE_SIZE << order, PAGE_SIZE << order));
}

struct page *alloc_page(gfp_t gfp)
{
	(void)gfp;
	if (!stand_pages)
		return NULL;
	stand_pages -= stand_pages > 0;
	if (freed_count)
		return (struct page *)(uintptr_t)freed[--freed_count];
	return (struct page *)(uintptr_t)take(PAGE_SIZE, PAGE_SIZE);
}

void __free_page(struct page *page)
{
	check(freed_count < ARRAY_SIZE(freed));
	freed[freed_count++] = page_to_phys(page);
}

/* What devices keep is never freed, but known. */
void *kernel_devm(size_t size)
{
	static void *kept[64];
	static unsigned int count;

	check(count < ARRAY_SIZE(kept));
	return kept[count++] = calloc(1, size);
}

/* ------------------------------------------------------------------ devices */

struct platform_device stand_smmus[STAND_SMMUS];
unsigned int stand_smmu_count;

struct resource *platform_get_resource(struct platform_device *p,
				       unsigned int type, unsigned int i)
{
	check(type == IORESOURCE_MEM);
	return i < p->regs ? &p->reg[i] : NULL;
}

/* As Tegra's: two lines, each listed again and again. */
int platform_irq_count(struct platform_device *p)
{
	(void)p;
	return 5;
}

int platform_get_irq(struct platform_device *p, unsigned int i)
{
	return 32 + (int)(p - stand_smmus) * 2 + (int)(i & 1);
}

static struct {
	struct device *dev;
	irqreturn_t (*fn)(int irq, void *data);
	void *data;
	int irq;
} irqs[16];
static unsigned int irq_count;

int devm_request_threaded_irq(struct device *dev, int irq, void *hard,
			      irqreturn_t (*fn)(int irq, void *data),
			      unsigned long flags, const char *name, void *data)
{
	check(!hard && flags == (IRQF_ONESHOT | IRQF_SHARED) && name);
	for (unsigned int i = 0; i < irq_count; i++)
		check(irqs[i].irq != irq);
	check(irq_count < ARRAY_SIZE(irqs));
	irqs[irq_count].dev = dev;
	irqs[irq_count].irq = irq;
	irqs[irq_count].fn = fn;
	irqs[irq_count++].data = data;
	return 0;
}

void stand_irq(struct device *smmu)
{
	for (unsigned int i = 0; i < irq_count; i++) {
		if (irqs[i].dev == smmu) {
			irqs[i].fn(irqs[i].irq, irqs[i].data);
			return;
		}
	}
	check(!"an interrupt of this SMMU");
}

void stand_bind(void)
{
	const struct of_device_id *id = kernel_driver->driver.of_match_table;
	struct device_node *n;

	for_each_compatible_node(n, NULL, id->compatible)
	{
		struct platform_device *p = &stand_smmus[stand_smmu_count++];

		check(stand_smmu_count <= STAND_SMMUS);
		p->dev.of_node = n;
		p->dev.name = tree_name(n);
		while (p->regs < 2 && !of_address_to_resource(n, (int)p->regs,
							      &p->reg[p->regs]))
			p->regs++;
		check(kernel_driver->probe(p) == 0);
	}
}

struct device *bus_find_device(const int *bus, struct device *start,
			       const void *data,
			       int (*match)(struct device *, const void *))
{
	check(bus == &platform_bus_type && !start);
	for (unsigned int i = 0; i < stand_smmu_count; i++) {
		if (match(&stand_smmus[i].dev, data))
			return &stand_smmus[i].dev;
	}
	return NULL;
}

int iommu_fwspec_add_ids(struct device *dev, const u32 *ids, int count)
{
	for (int i = 0; i < count; i++)
		dev->fwspec->ids[dev->fwspec->num_ids++] = ids[i];
	return 0;
}

/* Registers as this kernel reaches them: by a trap where EL2 has taken them. */
#define HOST_VA 0x500000000000ull

void __iomem *ioremap(u64 phys, size_t size)
{
	(void)size;
	return (void *)(uintptr_t)(HOST_VA + phys);
}

u32 readl(const void *va)
{
	u64 pa = (uintptr_t)va - HOST_VA;

	return stand_taken(pa) ? mock_host_read(pa) : (u32)bed_read(pa, 4);
}

void writel(u32 val, void *va)
{
	u64 pa = (uintptr_t)va - HOST_VA;

	if (stand_taken(pa))
		mock_host_write(pa, val);
	else
		bed_write(pa, 4, val);
}

/* ------------------------------------------------------------------ debugfs */

static struct dentry dirs[STAND_SMMUS];
static struct {
	const char *name;
	struct dentry *dir;
	void *data;
	const struct file_operations *fops;
} files[16];
static unsigned int dir_count, file_count;
struct dentry *iommu_debugfs_dir;

struct dentry *debugfs_create_dir(const char *name, struct dentry *parent)
{
	check(parent == iommu_debugfs_dir && dir_count < STAND_SMMUS);
	dirs[dir_count].name = name;
	return &dirs[dir_count++];
}

void debugfs_create_file(const char *name, int mode, struct dentry *dir,
			 void *data, const struct file_operations *fops)
{
	check(mode == 0400 && file_count < ARRAY_SIZE(files));
	files[file_count].name = name;
	files[file_count].dir = dir;
	files[file_count].data = data;
	files[file_count++].fops = fops;
}

void seq_printf(struct seq_file *s, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	put(s->text + s->used, sizeof(s->text) - s->used, format, ap);
	va_end(ap);
	s->used += strlen(s->text + s->used);
}

const char *stand_file(const char *smmu, const char *name)
{
	static struct seq_file s;

	memset(&s, 0, sizeof(s));
	for (unsigned int i = 0; i < file_count; i++) {
		if (strcmp(files[i].dir->name, smmu) ||
		    strcmp(files[i].name, name))
			continue;
		s.private = files[i].data;
		files[i].fops->show(&s, NULL);
	}
	return s.text;
}
