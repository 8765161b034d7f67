import type { z } from '@hono/zod-openapi'
import type { ContactExportSchema, ErasureSchema, LegalHoldSchema } from '../../shapes/personal-data.ts'

const contactId = '0198c0de-0000-7000-8000-00000000000c'
const by = { kind: 'agent', id: 'lin' } as const
const at = '2026-11-27T04:00:00.000Z'

export const erasureExample: z.output<typeof ErasureSchema> = {
  id: '0198c0de-0000-7000-8000-0000000000e1',
  contactId,
  reason: '用户来信要求删除',
  state: 'planned',
  lines: [
    { table: 'messages', title: { zh: '消息', en: 'Messages' }, rows: 42, fate: 'deleted' },
    {
      ...{ table: 'tickets', title: { zh: '工单', en: 'Tickets' }, rows: 2, fate: 'blanked' },
      why: {
        zh: '只剩编号、状态和时间，供统计使用，不再指向任何人',
        en: 'numbers, states and moments only, for reports; they lead to nobody any more',
      },
    },
  ],
  blockedBy: [],
  plannedBy: by,
  plannedAt: at,
  version: 1,
}

export const exportExample: z.output<typeof ContactExportSchema> = {
  id: '0198c0de-0000-7000-8000-0000000000e2',
  contactId,
  reason: '用户要求复制个人信息',
  state: 'ready',
  requestedBy: by,
  requestedAt: at,
  readyAt: '2026-11-27T04:00:09.000Z',
  expiresAt: '2026-11-30T04:00:09.000Z',
  bytes: 48_211,
}

export const holdExample: z.output<typeof LegalHoldSchema> = {
  id: '0198c0de-0000-7000-8000-0000000000e3',
  objectKind: 'contact',
  objectId: contactId,
  reason: '法院调取证据（2026）沪0110民初1号',
  setBy: by,
  setAt: at,
  version: 1,
}
