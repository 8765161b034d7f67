import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { z } from 'zod'
import { createServerProcess, type ServerProcess } from '../../bench/server-process.ts'
import { freePort } from '../../src/app/free-port.ts'
import { createAgent } from '../support/agent.ts'
import { withoutOptionalPackages } from '../support/without-optional/index.ts'

// As npm leaves it: the optional packages are not there, in a process of its own in which they cannot be found.
let folder: string
let server: ServerProcess
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tongda-missing-'))
  server = createServerProcess({
    port: await freePort(),
    learned: inject('modelCache'),
    environment: { ...withoutOptionalPackages(folder).environment, NO_COLOR: '1' },
    config: {
      encoder: { model: 'none' },
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
    },
  })
  await server.start()
})
afterAll(async () => {
  await server.dispose()
  rmSync(folder, { recursive: true, force: true })
})

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
  const link = (): string | undefined =>
    /http\S+#token=[\w-]+/.exec(readFileSync(join(server.folder, 'server.log'), 'utf8'))?.[0]
  await expect.poll(link).toBeDefined()
  const agent = await createAgent(server.url, link() ?? '')
  const inboxes = async () => Inboxes.parse(await (await agent.get('/inboxes')).json()).inboxes
  await expect.poll(inboxes).toMatchObject([
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
