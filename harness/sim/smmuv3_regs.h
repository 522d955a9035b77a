/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* SMMUv3 registers, queue entries and structures, named as IHI 0070 does. */
#ifndef SIM_SMMUV3_REGS_H
#define SIM_SMMUV3_REGS_H

#include <stdint.h>

#define BIT64(n) (UINT64_C(1) << (n))

/* The field [hi:lo] of v. */
static inline uint64_t field(uint64_t v, unsigned int hi, unsigned int lo)
{
	uint64_t width = hi - lo + 1;

	return v >> lo & (width >= 64 ? UINT64_MAX : (BIT64(width) - 1));
}

/* The bits [hi:lo] themselves, in place. */
static inline uint64_t bits(unsigned int hi, unsigned int lo)
{
	return (hi >= 63 ? UINT64_MAX : BIT64(hi + 1) - 1) & ~(BIT64(lo) - 1);
}

/* Register page 0, section 6.3. */
#define IDR0		0x00u
#define IDR1		0x04u
#define IDR2		0x08u
#define IDR3		0x0cu
#define IDR4		0x10u
#define IDR5		0x14u
#define IIDR		0x18u
#define AIDR		0x1cu
#define CR0		0x20u
#define CR0ACK		0x24u
#define CR1		0x28u
#define CR2		0x2cu
#define STATUSR		0x40u
#define GBPA		0x44u
#define AGBPA		0x48u
#define IRQ_CTRL	0x50u
#define IRQ_CTRLACK	0x54u
#define GERROR		0x60u
#define GERRORN		0x64u
#define GERROR_IRQ_CFG0 0x68u
#define GERROR_IRQ_CFG1 0x70u
#define GERROR_IRQ_CFG2 0x74u
#define STRTAB_BASE	0x80u
#define STRTAB_BASE_CFG 0x88u
#define CMDQ_BASE	0x90u
#define CMDQ_PROD	0x98u
#define CMDQ_CONS	0x9cu
#define EVENTQ_BASE	0xa0u
#define EVENTQ_IRQ_CFG0 0xb0u
#define EVENTQ_IRQ_CFG1 0xb8u
#define EVENTQ_IRQ_CFG2 0xbcu
#define PRIQ_BASE	0xc0u
#define PRIQ_IRQ_CFG0	0xd0u
#define PRIQ_IRQ_CFG1	0xd8u
#define PRIQ_IRQ_CFG2	0xdcu
/* Page 1, 64 KiB further on. */
#define EVENTQ_PROD	0x100a8u
#define EVENTQ_CONS	0x100acu
#define PRIQ_PROD	0x100c8u
#define PRIQ_CONS	0x100ccu

#define REG_FILE_SIZE 0x20000u

#define CR0_SMMUEN	BIT64(0)
#define CR0_PRIQEN	BIT64(1)
#define CR0_EVENTQEN	BIT64(2)
#define CR0_CMDQEN	BIT64(3)
#define CR0_ATSCHK	BIT64(4)
#define CR2_E2H		BIT64(0)
#define CR2_RECINVSID	BIT64(1)
#define GBPA_ABORT	BIT64(20)
#define GBPA_UPDATE	BIT64(31)
#define IRQ_GERROR	BIT64(0)
#define IRQ_PRIQ	BIT64(1)
#define IRQ_EVENTQ	BIT64(2)
#define GERROR_CMDQ	BIT64(0)
#define GERROR_EVENTQ	BIT64(2)
#define GERROR_MSI_CMDQ BIT64(4)
#define GERROR_MSI_EVTQ BIT64(5)
#define GERROR_MSI_GERR BIT64(7)
#define GERROR_SFM	BIT64(8)
#define GERROR_BITS	0x7fdu
#define QUEUE_OVERFLOW	BIT64(31) /* OVFLG, OVACKFLG */

/* CMDQ_CONS.ERR, 7.1. */
#define CERROR_NONE 0u
#define CERROR_ILL  1u
#define CERROR_ABT  2u

/* Command opcodes, 4.1.1. */
#define CMD_PREFETCH_CONFIG 0x01u
#define CMD_PREFETCH_ADDR   0x02u
#define CMD_CFGI_STE	    0x03u
#define CMD_CFGI_STE_RANGE  0x04u
#define CMD_CFGI_CD	    0x05u
#define CMD_CFGI_CD_ALL	    0x06u
#define CMD_TLBI_NH_ALL	    0x10u
#define CMD_TLBI_NH_ASID    0x11u
#define CMD_TLBI_NH_VA	    0x12u
#define CMD_TLBI_NH_VAA	    0x13u
#define CMD_TLBI_EL2_ALL    0x20u
#define CMD_TLBI_EL2_ASID   0x21u
#define CMD_TLBI_EL2_VA	    0x22u
#define CMD_TLBI_EL2_VAA    0x23u
#define CMD_TLBI_S12_VMALL  0x28u
#define CMD_TLBI_S2_IPA	    0x2au
#define CMD_TLBI_NSNH_ALL   0x30u
#define CMD_ATC_INV	    0x40u
#define CMD_PRI_RESP	    0x41u
#define CMD_RESUME	    0x44u
#define CMD_STALL_TERM	    0x45u
#define CMD_SYNC	    0x46u

/* Events, 7.3. */
#define C_BAD_STREAMID	  0x02u
#define F_STE_FETCH	  0x03u
#define C_BAD_STE	  0x04u
#define F_STREAM_DISABLED 0x06u
#define F_CD_FETCH	  0x09u
#define C_BAD_CD	  0x0au
#define F_WALK_EABT	  0x0bu
#define F_TRANSLATION	  0x10u
#define F_ADDR_SIZE	  0x11u
#define F_ACCESS	  0x12u
#define F_PERMISSION	  0x13u

#define EVENT_CLASS_IN 2u

#define CMD_SIZE     16u
#define EVENT_SIZE   32u
#define STE_SIZE     64u
#define CD_SIZE	     64u
#define STRUCT_WORDS 8u

#endif /* SIM_SMMUV3_REGS_H */
