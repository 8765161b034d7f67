import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { startProduct } from '../support/product.ts'
import type { Product } from '../support/product.ts'

// As npm leaves it: the optional package is not there.
vi.mock('botbuilder', () => {
  throw new Error('Cannot find package')
})

let product: Product
beforeAll(async () => {
  product = await startProduct({
    inboxes: {
      teams: {
        channel: 'botframework',
        appId: '00000000-0000-4000-8000-000000000000',
        appPassword: 'secret-of-the-test',
        tenantId: '00000000-0000-4000-8000-000000000001',
      },
      personal: { channel: 'wechaty', puppet: 'wechaty-puppet-mock', bridgeDir: '/nowhere/bridge' },
      web: { channel: 'web' },
    },
  })
})
afterAll(() => product.dispose())

const Inboxes = z.looseObject({
  inboxes: z.array(
    z.looseObject({
      inboxId: z.string(),
      state: z.string(),
      nextTryAt: z.string().optional(),
      lastError: z.looseObject({ message: z.string() }).optional(),
    }),
  ),
})

it('an inbox whose package is not installed fails alone, and the desk says what to install', async () => {
  const agent = await product.agent()
  const { inboxes } = Inboxes.parse(await (await agent.get('/inboxes')).json())
  expect(inboxes).toMatchObject([
    {
      inboxId: 'teams',
      state: 'failing',
      nextTryAt: expect.any(String),
      lastError: { message: expect.stringContaining('npm install --save-exact botbuilder@4.23.3') },
    },
    {
      inboxId: 'personal',
      state: 'failing',
      nextTryAt: expect.any(String),
      lastError: { message: expect.stringContaining('npm ci --prefix /nowhere/bridge') },
    },
    { inboxId: 'web', state: 'running' },
  ])
})
