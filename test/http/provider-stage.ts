import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import type { Agent } from '../../src/core/agent.ts'
import { parseConfig } from '../../src/config.ts'
import { startIdentityProvider, type IdentityProvider, type Person } from '../support/identity-provider.ts'
import { createBrowser, type Answer, type Browser } from './client.ts'
import { openWorld, type World } from './world.ts'

/** The team that the provider `ruled` puts people into. */
export const team = randomUUID()

/** The configuration of the providers, checked as the product checks it. */
export const configure = ({ issuer, clientId, clientSecret }: IdentityProvider) => {
  const common = { issuer, clientId, label: { zh: '公司账号', en: 'company account' } }
  const parsed = parseConfig({
    signIn: {
      oidc: {
        staff: { ...common, clientSecret },
        strict: { ...common, clientSecret, allowedDomains: ['example.com'], create: true },
        ruled: {
          ...{ ...common, clientSecret, create: true, trustSecondStep: true, signOutThere: true },
          roles: { claim: 'realm.roles', values: { leads: 'supervisor', staff: 'agent' } },
          teams: { claim: 'groups', values: { refunds: [team] } },
        },
      },
    },
  })
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  return parsed.config.signIn.oidc
}

let people = 0
/** Somebody whom the provider knows by a verified address. */
export const someone = (
  more: Readonly<Record<string, unknown>> = {},
): Person & { readonly email: string } => {
  people += 1
  return {
    sub: `sub-${String(people)}`,
    email: `known${String(people)}@example.com`,
    email_verified: true,
    ...more,
  }
}

let addresses = 0
/** Who comes from an address of their own is not slowed down by what others tried. */
export const fromElsewhere = (): Record<string, string> => {
  addresses += 1
  return { 'x-forwarded-for': `198.18.${String(100 + (addresses >> 8))}.${String(addresses & 255)}` }
}

export const leave = (browser: Browser, provider: string, more: object = {}): Promise<Answer> =>
  browser.post('/api/desk/session/provider', { provider, ...more }, fromElsewhere())

export const me = async (browser: Browser): Promise<Agent | undefined> =>
  (await browser.get('/api/desk/me')).json.agent as Agent | undefined

const openProvidedWorld = async (idp: IdentityProvider): Promise<World> => {
  const world = await openWorld({}, [], {}, { oidc: configure(idp) })
  await world.database.query(
    `insert into teams (id, name_zh, name_en, spread, is_default, kinds, topics, priorities, channels, skills, created_at, updated_at)
     values ($1, '退款组', 'Refunds', 'leastLoaded', false, '{}', '{}', '{}', '{}', '{}', now(), now())`,
    [team],
  )
  return world
}

/** A desk that an identity provider leads to by the ways `staff`, `strict` and `ruled`. */
export interface ProviderStage {
  readonly idp: IdentityProvider
  readonly world: World
  readonly comeBack: (browser: Browser, back: string) => Promise<Answer>
  /** Goes to the provider and back; gives where the browser is led in the end. */
  readonly goThrough: (browser: Browser, provider?: string, more?: object) => Promise<string | null>
  /** Comes as `who` in a fresh browser. */
  readonly enter: (
    who: Person,
    provider?: string,
  ) => Promise<{ readonly browser: Browser; readonly at: string | null }>
  readonly hireAs: (who: { readonly email: string }, role?: Agent['role']) => Promise<Agent>
}

const setUp = () => {
  let open: { readonly idp: IdentityProvider; readonly world: World } | undefined
  const now = () => {
    if (open === undefined) throw new Error('the stage is not set up yet')
    return open
  }
  beforeAll(async () => {
    const idp = await startIdentityProvider()
    open = { idp, world: await openProvidedWorld(idp) }
  })
  afterAll(async () => {
    await open?.world.stop()
    await open?.idp.stop()
  })
  afterEach(() => {
    now().idp.twist(undefined)
    now().idp.down = false
  })
  return now
}

/** Sets that desk up for the tests of a file. */
export const useProviders = (): ProviderStage => {
  const now = setUp()
  const comeBack: ProviderStage['comeBack'] = (browser, back) =>
    browser.get(back.replace(now().world.origin, ''), fromElsewhere())
  const goThrough: ProviderStage['goThrough'] = async (browser, provider = 'staff', more = {}) => {
    const left = await leave(browser, provider, more)
    expect([left.status, left.text]).toEqual([200, expect.any(String)])
    const answer = await comeBack(browser, await now().idp.visit(String(left.json.url)))
    expect(answer.status).toBe(303)
    return answer.headers.get('location')
  }
  return {
    get idp() {
      return now().idp
    },
    get world() {
      return now().world
    },
    comeBack,
    goThrough,
    enter: async (who, provider = 'staff') => {
      now().idp.is(who)
      const browser = createBrowser(now().world.origin)
      return { browser, at: await goThrough(browser, provider) }
    },
    hireAs: ({ email }, role = 'agent') => now().world.agents.create({ name: '李然', email, role }),
  }
}
