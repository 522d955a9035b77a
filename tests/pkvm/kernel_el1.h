/* SPDX-License-Identifier: GPL-2.0-only */
/* What a driver of Linux sees. */
#ifndef KERNEL_EL1_H
#define KERNEL_EL1_H

/* ------------------------------------------------------------------ memory */

#define GFP_KERNEL   1u
#define GFP_ATOMIC   2u
#define __GFP_NOWARN 0u
#define __GFP_ZERO   0u
struct page; /* its address is the physical one */
struct page *alloc_page(gfp_t gfp);
void __free_page(struct page *page);
#define page_to_phys(page) ((u64)(uintptr_t)(page))
void *alloc_pages_exact(size_t bytes, gfp_t gfp);
unsigned long __get_free_pages(gfp_t gfp, unsigned int order);
u64 __pa(const void *va);
#define get_zeroed_page(gfp)	     ((unsigned long)calloc(1, PAGE_SIZE))
#define free_page(va)		     free((void *)(va))
#define kzalloc(size, gfp)	     calloc(1, size)
#define kfree			     free
#define devm_kzalloc(dev, size, gfp) kernel_devm(size)
void *kernel_devm(size_t size);

struct xarray {
	void *entry[1024];
};
#define XA_FLAGS_LOCK_IRQ		0
#define xa_init_flags(xa, flags)	memset(xa, 0, sizeof(*(xa)))
#define xa_load(xa, i)			((i) < 1024 ? (xa)->entry[i] : NULL)
#define xa_lock_irqsave(xa, flags)	((void)(flags = 0))
#define xa_unlock_irqrestore(xa, flags) ((void)(flags))
#define xa_is_err(p)			((p) == (void *)-1)
#define xa_destroy(xa)			((void)(xa))
#define xa_for_each(xa, i, e)      \
	for (i = 0; i < 1024; i++) \
		if (((e) = (xa)->entry[i]))
static inline void *__xa_cmpxchg(struct xarray *xa, unsigned long i, void *old,
				 void *new, gfp_t gfp)
{
	void *was;

	(void)gfp;
	if (i >= 1024)
		return (void *)-1;
	was = xa->entry[i];
	if (was == old)
		xa->entry[i] = new;
	return was;
}

/* ----------------------------------------------------------------- devices */

struct resource {
	u64 start, end;
};
#define resource_size(r) ((r)->end - (r)->start + 1)
#define IORESOURCE_MEM	 1

struct device_node;
struct iommu_fwspec;
struct device {
	const char *name;
	struct device_node *of_node;
	void *drvdata, *iommu_priv;
	struct iommu_fwspec *fwspec;
	bool pci;
};
#define dev_name(dev)		   ((dev)->name)
#define dev_get_drvdata(dev)	   ((dev)->drvdata)
#define dev_fwnode(dev)		   ((const void *)(dev)->of_node)
#define dev_is_pci(dev)		   ((dev)->pci)
#define dev_iommu_priv_get(dev)	   ((dev)->iommu_priv)
#define dev_iommu_priv_set(dev, p) ((void)((dev)->iommu_priv = (p)))
#define dev_iommu_fwspec_get(dev)  ((dev)->fwspec)
#define put_device(dev)		   ((void)(dev))

struct platform_device {
	struct device dev;
	struct resource reg[2];
	unsigned int regs;
};
#define to_platform_device(d)	   container_of(d, struct platform_device, dev)
#define platform_set_drvdata(p, d) ((void)((p)->dev.drvdata = (d)))
struct resource *platform_get_resource(struct platform_device *p,
				       unsigned int type, unsigned int i);
int platform_irq_count(struct platform_device *p);
int platform_get_irq(struct platform_device *p, unsigned int i);
#define platform_get_irq_byname_optional(p, name) \
	((void)(name), platform_get_irq(p, 0))
extern const int platform_bus_type;
struct device *bus_find_device(const int *bus, struct device *start,
			       const void *data,
			       int (*match)(struct device *, const void *));

typedef int (*pm_fn)(struct device *dev);
struct dev_pm_ops {
	pm_fn suspend_noirq, resume_noirq;
};
#define NOIRQ_SYSTEM_SLEEP_PM_OPS(suspend, resume) \
	.suspend_noirq = suspend, .resume_noirq = resume
#define pm_sleep_ptr(p) (p)

struct of_device_id {
	const char *compatible;
};
struct platform_driver {
	struct {
		const char *name;
		const struct of_device_id *of_match_table;
		const struct dev_pm_ops *pm;
		bool suppress_bind_attrs;
	} driver;
	int (*probe)(struct platform_device *p);
};
/* One kind of SMMU a program. */
#define builtin_platform_driver(d) \
	struct platform_driver *const kernel_driver = &d
extern struct platform_driver *const kernel_driver;
#define device_initcall_sync(fn)
#define late_initcall(fn) int (*const kernel_late)(void) = fn
extern int (*const kernel_late)(void);

typedef enum {
	IRQ_HANDLED
} irqreturn_t;
#define IRQF_ONESHOT 1
#define IRQF_SHARED  2
int devm_request_threaded_irq(struct device *dev, int irq, void *hard,
			      irqreturn_t (*fn)(int irq, void *data),
			      unsigned long flags, const char *name,
			      void *data);

/* This kernel's own hands on registers: hardware, or EL2's trap. */
void __iomem *ioremap(u64 phys, size_t size);
#define iounmap(va) ((void)(va))
u32 readl(const void *va);
void writel(u32 val, void *va);

/* -------------------------------------------------------------- device tree */

#define MAX_PHANDLE_ARGS 8
struct of_phandle_args {
	struct device_node *np;
	int args_count;
	u32 args[MAX_PHANDLE_ARGS];
};
#define of_node_get(n) (n)
#define of_node_put(n) ((void)(n))
struct device_node *of_find_compatible_node(struct device_node *from,
					    const char *type,
					    const char *compatible);
struct device_node *of_find_node_with_property(struct device_node *from,
					       const char *property);
#define for_each_compatible_node(n, type, compatible)                \
	for (n = of_find_compatible_node(NULL, type, compatible); n; \
	     n = of_find_compatible_node(n, type, compatible))
#define for_each_node_with_property(n, property)                \
	for (n = of_find_node_with_property(NULL, property); n; \
	     n = of_find_node_with_property(n, property))
bool of_device_is_available(const struct device_node *n);
bool of_device_is_compatible(const struct device_node *n, const char *name);
int of_address_to_resource(struct device_node *n, int i, struct resource *r);
int of_property_match_string(const struct device_node *n, const char *property,
			     const char *string);
int of_parse_phandle_with_args(const struct device_node *n, const char *list,
			       const char *cells, int i,
			       struct of_phandle_args *args);
int of_map_id(struct device_node *n, u32 id, const char *map, const char *mask,
	      struct device_node **target, u32 *out);
void __iomem *of_iomap(struct device_node *n, int i);
bool of_dma_is_coherent(struct device_node *n);

struct pci_bus {
	struct list_head children, node;
	u8 number;
	struct device_node *of_node;
};
struct pci_bus *pci_find_next_bus(const struct pci_bus *bus);
#define pci_bus_to_OF_node(bus) ((bus)->of_node)
#define pci_is_root_bus(bus)	((void)(bus), true)

/* ------------------------------------------------------------------- IOMMU */

#define IOMMU_WRITE	     2
#define IOMMU_NOEXEC	     8
#define IOMMU_MMIO	     16
#define IOMMU_RESV_SW_MSI    3
#define IOMMU_DOMAIN_BLOCKED 0
#define IOMMU_DOMAIN_DMA     3
enum iommu_cap {
	IOMMU_CAP_CACHE_COHERENCY,
	IOMMU_CAP_NOEXEC,
};
struct iommu_domain_ops;
struct iommu_domain {
	unsigned int type;
	const struct iommu_domain_ops *ops;
	unsigned long pgsize_bitmap;
	struct {
		u64 aperture_end;
		bool force_aperture;
	} geometry;
};
struct iommu_iotlb_gather;
struct iommu_domain_ops {
	int (*attach_dev)(struct iommu_domain *d, struct device *dev);
	int (*map_pages)(struct iommu_domain *d, unsigned long iova,
			 phys_addr_t pa, size_t pgsize, size_t pgcount,
			 int prot, gfp_t gfp, size_t *mapped);
	size_t (*unmap_pages)(struct iommu_domain *d, unsigned long iova,
			      size_t pgsize, size_t pgcount,
			      struct iommu_iotlb_gather *gather);
	void (*flush_iotlb_all)(struct iommu_domain *d);
	int (*iotlb_sync_map)(struct iommu_domain *d, unsigned long iova,
			      size_t size);
	void (*iotlb_sync)(struct iommu_domain *d,
			   struct iommu_iotlb_gather *gather);
	phys_addr_t (*iova_to_phys)(struct iommu_domain *d, dma_addr_t iova);
	void (*free)(struct iommu_domain *d);
};
struct iommu_device {
	bool registered;
};
struct iommu_group;
struct iommu_resv_region {
	struct list_head list;
};
struct iommu_ops {
	bool (*capable)(struct device *dev, enum iommu_cap cap);
	struct iommu_domain *(*domain_alloc_paging)(struct device *dev);
	struct iommu_device *(*probe_device)(struct device *dev);
	void (*release_device)(struct device *dev);
	struct iommu_group *(*device_group)(struct device *dev);
	int (*of_xlate)(struct device *dev, const struct of_phandle_args *args);
	void (*get_resv_regions)(struct device *dev, struct list_head *head);
	int (*def_domain_type)(struct device *dev);
	struct iommu_domain *blocked_domain, *release_domain;
	unsigned long pgsize_bitmap;
	void *owner;
	const struct iommu_domain_ops *default_domain_ops;
};
struct iommu_fwspec {
	const void *iommu_fwnode;
	unsigned int num_ids;
	u32 ids[8];
};
int iommu_fwspec_add_ids(struct device *dev, const u32 *ids, int count);
#define THIS_MODULE			      NULL
#define pci_device_group(dev)		      ((struct iommu_group *)(dev))
#define generic_device_group(dev)	      ((struct iommu_group *)(dev))
#define iommu_dma_get_resv_regions(dev, head) ((void)(dev))
#define iommu_alloc_resv_region(base, size, p, t, g) \
	((void)(p), (struct iommu_resv_region *)NULL)
#define iommu_device_sysfs_add(i, dev, groups, ...) ((void)(i), 0)
#define iommu_device_register(i, ops, dev) \
	((void)(ops), (i)->registered = true, 0)
bool is_protected_kvm_enabled(void);
#define is_kvm_arm_initialised() true

/* ----------------------------------------------------------------- debugfs */

struct seq_file {
	void *private;
	char text[4096];
	size_t used;
};
void seq_printf(struct seq_file *s, const char *format, ...);
#define seq_puts(s, text) seq_printf(s, "%s", text)
#define seq_putc(s, c)	  seq_printf(s, "%c", c)
struct file_operations {
	int (*show)(struct seq_file *s, void *unused);
};
#define DEFINE_SHOW_ATTRIBUTE(name)                         \
	static const struct file_operations name##_fops = { \
		.show = name##_show,                        \
	}
struct dentry {
	const char *name;
};
extern struct dentry *iommu_debugfs_dir;
struct dentry *debugfs_create_dir(const char *name, struct dentry *parent);
void debugfs_create_file(const char *name, int mode, struct dentry *dir,
			 void *data, const struct file_operations *fops);

#endif /* KERNEL_EL1_H */
