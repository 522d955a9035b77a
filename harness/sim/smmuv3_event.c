/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* The Event queue (7.2, 7.3), global errors and the interrupts of both. */
#include <string.h>

#include "smmuv3_internal.h"

/* An interrupt leaves as a write to memory if an address is set (3.18). */
static void irq_signal(struct sim_smmuv3 *smmu, uint64_t enable, uint32_t cfg0,
		       uint32_t cfg1, uint64_t error)
{
	uint64_t addr = reg_get64(smmu, cfg0) & bits(51, 2);
	uint32_t data = reg_get(smmu, cfg1);

	if (!(smmu->irq_ctrlack & enable) || !addr)
		return;
	smmu_report(smmu, "MSI written to %#llx", (unsigned long long)addr);
	if (sim_mem_dev_write(smmu->mem, addr, &data, sizeof(data)) &&
	    error != GERROR_MSI_GERR)
		gerror_raise(smmu, error);
}

/* An error is active while GERROR and GERRORN differ (6.3.17). */
void gerror_raise(struct sim_smmuv3 *smmu, uint64_t bit)
{
	uint32_t gerror = reg_get(smmu, GERROR);

	if ((gerror ^ reg_get(smmu, GERRORN)) & bit)
		return;
	reg_set(smmu, GERROR, gerror ^ (uint32_t)bit);
	irq_signal(smmu, IRQ_GERROR, GERROR_IRQ_CFG0, GERROR_IRQ_CFG1,
		   GERROR_MSI_GERR);
}

struct queue eventq_get(const struct sim_smmuv3 *smmu)
{
	return queue_get(smmu, EVENTQ_BASE, EVENTQ_PROD, EVENTQ_CONS,
			 smmu->config.evtq_log2, 5);
}

/* Full: the record is lost, and the overflow flagged once (7.4). */
static void overflow(struct sim_smmuv3 *smmu)
{
	uint32_t prod = reg_get(smmu, EVENTQ_PROD);
	uint32_t cons = reg_get(smmu, EVENTQ_CONS);

	smmu->stats.events_lost++;
	if (!((prod ^ cons) & QUEUE_OVERFLOW))
		reg_set(smmu, EVENTQ_PROD, prod ^ (uint32_t)QUEUE_OVERFLOW);
}

static void encode(const struct event *ev, uint64_t rec[4])
{
	memset(rec, 0, EVENT_SIZE);
	rec[0] = ev->id | (uint64_t)ev->sid << 32;
	if (ev->id < F_WALK_EABT) {
		rec[3] = ev->addr & bits(51, 3); /* FetchAddr, F_*_FETCH */
		return;
	}
	rec[1] = (uint64_t)EVENT_CLASS_IN << 40; /* CLASS */
	if (!ev->unpriv)
		rec[1] |= BIT64(33); /* PnU */
	if (ev->read)
		rec[1] |= BIT64(35); /* RnW */
	if (ev->s2)
		rec[1] |= BIT64(39); /* S2 */
	rec[2] = ev->input;
	if (ev->id == F_WALK_EABT)
		rec[3] = ev->addr & bits(51, 3);
	else if (ev->s2)
		rec[3] = ev->addr & bits(51, 12); /* IPA */
}

void event_record(struct sim_smmuv3 *smmu, const struct event *event)
{
	struct queue q = eventq_get(smmu);
	uint64_t rec[4];
	uint32_t flag;

	if (!(smmu->cr0ack & CR0_EVENTQEN)) {
		smmu->stats.events_lost++;
		return;
	}
	if (queue_used(&q) >= BIT64(q.log2)) {
		overflow(smmu);
		return;
	}
	encode(event, rec);
	if (sim_mem_dev_write(smmu->mem, queue_slot(&q, q.prod, EVENT_SIZE),
			      rec, sizeof(rec))) {
		smmu->stats.events_lost++;
		gerror_raise(smmu, GERROR_EVENTQ);
		return;
	}
	flag = reg_get(smmu, EVENTQ_PROD) & (uint32_t)QUEUE_OVERFLOW;
	reg_set(smmu, EVENTQ_PROD, flag | queue_next(&q, q.prod));
	smmu->stats.events++;
	irq_signal(smmu, IRQ_EVENTQ, EVENTQ_IRQ_CFG0, EVENTQ_IRQ_CFG1,
		   GERROR_MSI_EVTQ);
}

bool sim_smmuv3_irq_event(const struct sim_smmuv3 *smmu)
{
	struct queue q = eventq_get(smmu);

	return (smmu->irq_ctrlack & IRQ_EVENTQ) && queue_used(&q) != 0;
}

bool sim_smmuv3_irq_gerror(const struct sim_smmuv3 *smmu)
{
	return (smmu->irq_ctrlack & IRQ_GERROR) &&
	       ((reg_get(smmu, GERROR) ^ reg_get(smmu, GERRORN)) & GERROR_BITS);
}
