import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

const program = `
import { createLog } from '${fileURLToPath(new URL('../../src/log.ts', import.meta.url))}'
import { ChannelError } from '${fileURLToPath(new URL('../../src/core/errors.ts', import.meta.url))}'
const log = createLog({ level: 'info' }).child({ inboxId: 'a' })
log.info({ token: 'planted-1', nested: { appSecret: 'planted-2', text: '我的身份证' }, openid: 'oPlanted' }, 'masked by name')
log.warn({ error: new ChannelError('wechat', 'temporary', 'GET https://api/x?access_token=planted-3&a=1 for 13812345678', { providerCode: -1, providerWords: 'no such user 13712345678' }) }, 'masked in words')
log.error({ error: new Error('postgres://tongda:planted-4@db/x said no to li.ran@example.com', { cause: new Error('token=planted-5 is no key') }) }, 'masked address')
log.info({ said: '卡号6222021001123456789，身份证110101199003078515', id: '0198c0de-0000-7000-8000-000000000001' }, 'masked by form')
log.info({ note: 'line one\\nFAKE {"level":"error"}\\u001b[31m' }, 'one line an event')
`

const parse = (line: string) => z.looseObject({ msg: z.string() }).parse(JSON.parse(line))

describe('the log', () => {
  const run = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
    encoding: 'utf8',
  })
  const lines = run.stderr.trim().split('\n')

  it('writes one line of JSON an event, whatever stands in it', () => {
    expect(lines).toHaveLength(5)
    expect(lines.map((line) => parse(line).msg)).toEqual([
      'masked by name',
      'masked in words',
      'masked address',
      'masked by form',
      'one line an event',
    ])
    expect(run.stdout).toBe('')
  })

  it('shows no secret and nothing personal', () => {
    for (const hidden of ['planted', 'oPlanted', '我的身份证', '13812345678', '13712345678', 'li.ran@']) {
      expect(run.stderr).not.toContain(hidden)
    }
    expect(run.stderr).toContain('138****5678')
    expect(JSON.parse(lines[3] ?? '')).toMatchObject({
      said: '卡号****6789，身份证110*************15',
      id: '0198c0de-0000-7000-8000-000000000001',
    })
  })

  it('says why: the cause of an error, masked as it is', () => {
    expect(JSON.parse(lines[2] ?? '')).toMatchObject({ error: { cause: { message: 'token=*** is no key' } } })
  })

  it('keeps what code and people need: code, provider code, ids', () => {
    expect(JSON.parse(lines[1] ?? '')).toMatchObject({
      level: 'warn',
      inboxId: 'a',
      error: { code: 'temporary', providerCode: -1 },
    })
  })
})
