import { Secret, TOTP } from 'otpauth'
import { expect } from 'vitest'
import type { Agent } from '../../src/core/agent.ts'
import type { Browser } from './client.ts'
import type { World } from './world.ts'

/** An app that shows codes. */
export interface Authenticator {
  /** The code of now, or of so many half minutes later. */
  code(later?: number): string
}

/** The app of whoever scanned this address, by the clock of the world. */
export const createAuthenticator = (world: World, secret: string): Authenticator => {
  const totp = new TOTP({ secret: Secret.fromBase32(secret), algorithm: 'SHA1', digits: 6, period: 30 })
  return { code: (later = 0) => totp.generate({ timestamp: world.clock.now().getTime() + later * 30_000 }) }
}

/** Puts up a second step in this browser. */
export const enrol = async (
  world: World,
  browser: Browser,
): Promise<{ readonly app: Authenticator; readonly recoveryCodes: readonly string[] }> => {
  const begun = await browser.post('/api/desk/second-step/begin')
  expect(begun.status).toBe(200)
  const app = createAuthenticator(world, String(begun.json.secret))
  const confirmed = await browser.post('/api/desk/second-step/confirm', { code: app.code() })
  expect(confirmed.status).toBe(200)
  // The code that was just shown is used up.
  world.clock.advance(60_000)
  return { app, recoveryCodes: confirmed.json.recoveryCodes as string[] }
}

/** An agent with a password and a second step. */
export const hireWithApp = async (world: World, password: string, role: Agent['role'] = 'agent') => {
  const agent = await world.hire(role)
  const browser = await world.enter(agent)
  expect((await browser.post('/api/desk/password', { next: password })).status).toBe(200)
  return { agent, browser, ...(await enrol(world, browser)) }
}
