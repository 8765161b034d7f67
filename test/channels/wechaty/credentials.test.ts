import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { wechaty } from '../../../channels/wechaty/index.ts'
import { findingsOf } from '../../support/credentials.ts'

let bridgeDir: string
beforeEach(() => {
  bridgeDir = mkdtempSync(join(tmpdir(), 'tongda-bridge-'))
})
afterEach(() => rmSync(bridgeDir, { recursive: true, force: true }))

const install = (...packages: readonly string[]): void => {
  writeFileSync(join(bridgeDir, 'main.mjs'), '')
  for (const name of packages) mkdirSync(join(bridgeDir, 'node_modules', name), { recursive: true })
}

describe('what a personal account needs before anybody signs in', () => {
  it('is there', async () => {
    install('wechaty', 'wechaty-puppet-service')
    const section = { bridgeDir, puppet: 'wechaty-puppet-service', token: 'puppet_example' }
    expect(await findingsOf(wechaty, section)).toEqual([true, true, true])
  })

  it('is named where it is missing', async () => {
    expect(await findingsOf(wechaty, { bridgeDir, puppet: 'wechaty-puppet-service' })).toEqual([
      expect.stringContaining(`npm ci --prefix ${bridgeDir}`),
      expect.stringContaining('wechaty-puppet-service'),
      expect.stringContaining('填入 token'),
    ])
    install('wechaty', 'wechaty-puppet-wechat4u')
    const free = { bridgeDir, puppet: 'wechaty-puppet-wechat4u' }
    expect(await findingsOf(wechaty, free)).toEqual([true, true, true])
  })
})
