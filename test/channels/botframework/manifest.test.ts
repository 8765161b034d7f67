import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { botframework } from '../../../channels/botframework/index.ts'

const appId = '01234567-89ab-cdef-0123-456789abcdef'
const minimal = { appId, appPassword: 'secret-value-of-the-app', tenantId: appId }

const faultsOf = (section: unknown): readonly string[] => {
  const { error } = botframework.config.safeParse(section)
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`)
}

describe('configuration', () => {
  it('needs an app id, its password and, for one tenant, the tenant', () => {
    expect(faultsOf(minimal)).toEqual([])
    expect(faultsOf({ ...minimal, tenantId: undefined, appType: 'MultiTenant' })).toEqual([])
  })

  it.each([
    ['appId', { appId: '' }, 'Microsoft App ID'],
    ['appId', { appId: 'bot' }, 'Microsoft App ID'],
    ['appPassword', { appPassword: '' }, 'Certificates & secrets'],
    ['tenantId', { tenantId: undefined }, 'SingleTenant'],
    ['tenantId', { tenantId: 'x' }, 'tenant'],
    ['openIdMetadataUrl', { openIdMetadataUrl: 'http://login.botframework.com/x' }, 'https'],
    ['loginUrl', { loginUrl: 'http://login.microsoftonline.com' }, 'https'],
    ['serviceHosts.0', { serviceHosts: ['https://smba.trafficmanager.net'] }, 'host name'],
    ['', { apId: appId }, 'apId'],
  ])('says at %s what is wrong and what to do', (key, section, word) => {
    const faults = faultsOf({ ...minimal, ...section })
    expect(faults).toHaveLength(1)
    expect(faults[0]).toContain(`${key}: `)
    expect(faults[0]).toContain(word)
    expect(faults[0]).not.toContain('secret-value')
  })

  it('does not start without an app id, which would let anybody in', () => {
    expect(faultsOf({ appPassword: 'x', tenantId: appId })).toEqual([expect.stringMatching(/^appId: /)])
  })

  it('describes every field and marks the secret', () => {
    const schema = z.object({
      properties: z.record(
        z.string(),
        z.object({ description: z.string().min(20), writeOnly: z.boolean().optional() }),
      ),
    })
    const { properties } = schema.parse(z.toJSONSchema(botframework.config, { io: 'input' }))
    const secrets = Object.keys(properties).filter((name) => properties[name]?.writeOnly === true)
    expect(secrets).toEqual(['appPassword'])
  })
})
