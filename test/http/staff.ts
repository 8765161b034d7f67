import { roles, type Role } from '../../src/core/agent.ts'
import { createBrowser, type Browser } from './client.ts'
import { openWorld, type World } from './world.ts'

/** A desk with one agent of each role signed in, and somebody who is not. */
export interface Staff {
  readonly world: World
  as(role: Role | 'nobody'): Browser
  /** An answer as the types for browser apps promise it. */
  read<View>(role: Role, path: string): Promise<View>
}

/** Opens a desk and lets everybody in. */
export const openStaff = async (): Promise<Staff> => {
  const world = await openWorld()
  const browsers = new Map<Role | 'nobody', Browser>([['nobody', createBrowser(world.origin)]])
  for (const role of roles) browsers.set(role, await world.enter(await world.hire(role, `${role} 一号`)))
  const as: Staff['as'] = (role) => {
    const browser = browsers.get(role)
    if (browser === undefined) throw new Error(`nobody plays ${role}`)
    return browser
  }
  return {
    world,
    as,
    read: async <View>(role: Role, path: string) => (await as(role).get(`/api/desk${path}`)).json as View,
  }
}
