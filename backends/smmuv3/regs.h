/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* SMMUv3 registers and structures, by their names in Arm IHI 0070. */
#ifndef SMMUV3_REGS_H
#define SMMUV3_REGS_H

#define BIT(n)		 (1ull << (n))
#define FIELD(v, hi, lo) ((uint32_t)((v) >> (lo)) & ((2u << ((hi) - (lo))) - 1))

/* 6.3: register page 0 */
#define SMMU_IDR0	     0x00u
#define SMMU_IDR1	     0x04u
#define SMMU_IDR3	     0x0cu
#define SMMU_IDR5	     0x14u
#define SMMU_CR0	     0x20u
#define SMMU_CR0ACK	     0x24u
#define SMMU_CR1	     0x28u
#define SMMU_CR2	     0x2cu
#define SMMU_GBPA	     0x44u
#define SMMU_IRQ_CTRL	     0x50u
#define SMMU_IRQ_CTRLACK     0x54u
#define SMMU_GERROR	     0x60u
#define SMMU_GERRORN	     0x64u
#define SMMU_GERROR_IRQ_CFG0 0x68u
#define SMMU_STRTAB_BASE     0x80u
#define SMMU_STRTAB_BASE_CFG 0x88u
#define SMMU_CMDQ_BASE	     0x90u
#define SMMU_CMDQ_PROD	     0x98u
#define SMMU_CMDQ_CONS	     0x9cu
#define SMMU_EVENTQ_BASE     0xa0u
#define SMMU_EVENTQ_IRQ_CFG0 0xb0u
#define SMMU_PRIQ_IRQ_CFG0   0xd0u
/* page 1 */
#define SMMU_EVENTQ_PROD     0x100a8u
#define SMMU_EVENTQ_CONS     0x100acu

/* 6.3.1 SMMU_IDR0 */
#define IDR0_S2P	    BIT(0)
#define IDR0_S1P	    BIT(1)
#define IDR0_TTF(v)	    FIELD(v, 3, 2)
#define IDR0_COHACC	    BIT(4)
#define IDR0_HYP	    BIT(9)
#define IDR0_ATS	    BIT(10)
#define IDR0_ASID16	    BIT(12)
#define IDR0_MSI	    BIT(13)
#define IDR0_PRI	    BIT(16)
#define IDR0_VMID16	    BIT(18)
#define IDR0_TTENDIAN(v)    FIELD(v, 22, 21)
#define IDR0_STALL_MODEL(v) FIELD(v, 25, 24)
#define IDR0_ST_LEVEL(v)    FIELD(v, 28, 27)

/* 6.3.2 SMMU_IDR1 */
#define IDR1_SIDSIZE(v)	   FIELD(v, 5, 0)
#define IDR1_EVENTQS(v)	   FIELD(v, 20, 16)
#define IDR1_CMDQS(v)	   FIELD(v, 25, 21)
#define IDR1_REL	   BIT(28)
#define IDR1_QUEUES_PRESET BIT(29)
#define IDR1_TABLES_PRESET BIT(30)

/* 6.3.4 SMMU_IDR3, 6.3.6 SMMU_IDR5 */
#define IDR3_RIL     BIT(10)
#define IDR5_OAS(v)  FIELD(v, 2, 0)
#define IDR5_GRAN4K  BIT(4)
#define IDR5_GRAN16K BIT(5)
#define IDR5_GRAN64K BIT(6)
#define IDR5_VAX(v)  FIELD(v, 11, 10)

/* 6.3.9 SMMU_CR0, 6.3.11 SMMU_CR1, 6.3.12 SMMU_CR2 */
#define CR0_SMMUEN	    BIT(0)
#define CR0_EVENTQEN	    BIT(2)
#define CR0_CMDQEN	    BIT(3)
#define CR0_ATSCHK	    BIT(4)
#define CR1_CACHED_INNER_SH 0xd75u /* tables and queues: WB, inner */
#define CR2_RECINVSID	    BIT(1)
#define CR2_PTM		    BIT(2)

/* 6.3.15 SMMU_GBPA */
#define GBPA_ABORT  BIT(20)
#define GBPA_UPDATE BIT(31)

/* 6.3.17 SMMU_IRQ_CTRL, 6.3.19 SMMU_GERROR */
#define IRQ_CTRL_GERROR BIT(0)
#define IRQ_CTRL_EVENTQ BIT(2)
#define GERROR_CMDQ_ERR BIT(0)
#define GERROR_SFM_ERR	BIT(8)

/* 6.3.23 SMMU_STRTAB_BASE, _CFG; queues 6.3.25.. */
#define STRTAB_BASE_RA	 BIT(62)
#define STRTAB_CFG_2LVL	 BIT(16)
#define STRTAB_CFG_SPLIT 6
#define QUEUE_BASE_ALLOC BIT(62) /* RA of CMDQ_BASE, WA of EVENTQ_BASE */
#define CMDQ_CONS_ERR(v) FIELD(v, 30, 24)
#define EVENTQ_OVFLG	 BIT(31)

/* 7.1: CMDQ_CONS.ERR */
#define CERROR_ILL 1u
#define CERROR_ABT 2u

/* 4: commands */
#define CMD_CFGI_STE	    0x03u
#define CMD_CFGI_ALL	    0x04u
#define CMD_CFGI_CD_ALL	    0x06u
#define CMD_TLBI_NH_ASID    0x11u
#define CMD_TLBI_NH_VA	    0x12u
#define CMD_TLBI_EL2_ALL    0x20u
#define CMD_TLBI_S12_VMALL  0x28u
#define CMD_TLBI_S2_IPA	    0x2au
#define CMD_TLBI_NSNH_ALL   0x30u
#define CMD_SYNC	    0x46u
#define CMD1_LEAF	    BIT(0)
#define CMD1_CFGI_RANGE_ALL 31u
#define CMD1_TG		    10 /* log2 of the granule, less 10, halved */
#define CMD0_NUM	    12
#define CMD0_SCALE	    20
#define CMD0_SID	    32
#define CMD0_VMID	    32
#define CMD0_ASID	    48
#define CMD_ADDR	    0xfffffffffffff000ull

/* 5.1 level 1 stream table descriptor, 5.2 stream table entry */
#define STE_WORDS	    8u
#define STE_BYTES	    64u
#define L1STD_L2PTR	    0x000fffffffffffc0ull
#define STE0_V		    BIT(0)
#define STE0_CONFIG_ABORT   (0ull << 1)
#define STE0_CONFIG_S1	    (5ull << 1)
#define STE0_CONFIG_S2	    (6ull << 1)
#define STE1_S1CIR_WB	    (1ull << 2)
#define STE1_S1COR_WB	    (1ull << 4)
#define STE1_S1CSH_INNER    (3ull << 6)
#define STE1_SHCFG_INCOMING (1ull << 44)
#define STE2_T0SZ	    32
#define STE2_SL0	    38
#define STE2_IR0_WB	    (1ull << 40)
#define STE2_OR0_WB	    (1ull << 42)
#define STE2_SH0_INNER	    (3ull << 44)
#define STE2_SH0_OUTER	    (2ull << 44)
#define STE2_TG		    46
#define STE2_PS		    48
#define STE2_AA64	    BIT(51)
#define STE2_R		    BIT(58)

/* 5.4 context descriptor */
#define CD_BYTES      64u
#define CD_WORDS      8u
#define CD0_TG0	      6
#define CD0_IR0_WB    (1ull << 8)
#define CD0_OR0_WB    (1ull << 10)
#define CD0_SH0_INNER (3ull << 12)
#define CD0_SH0_OUTER (2ull << 12)
#define CD0_EPD1      BIT(30)
#define CD0_V	      BIT(31)
#define CD0_IPS	      32
#define CD0_AA64      BIT(41)
#define CD0_R	      BIT(45)
#define CD0_A	      BIT(46)
#define CD0_ASET      BIT(47)
#define CD0_ASID      48

/* 7.3 event records */
#define EVENT_WORDS		 4u
#define EVENT_BYTES		 32u
#define EVENT0_CODE(v)		 FIELD(v, 7, 0)
#define EVENT1_RNW		 BIT(35)
#define EVENT_C_BAD_STREAMID	 0x02u
#define EVENT_F_STE_FETCH	 0x03u
#define EVENT_C_BAD_STE		 0x04u
#define EVENT_F_TRANSL_FORBIDDEN 0x07u
#define EVENT_F_CD_FETCH	 0x09u
#define EVENT_C_BAD_CD		 0x0au
#define EVENT_F_WALK_EABT	 0x0bu
#define EVENT_F_TRANSLATION	 0x10u
#define EVENT_F_ADDR_SIZE	 0x11u
#define EVENT_F_ACCESS		 0x12u
#define EVENT_F_PERMISSION	 0x13u

#endif /* SMMUV3_REGS_H */
