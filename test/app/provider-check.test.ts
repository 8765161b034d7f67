import { expect, it } from 'vitest'
import { checkProviders } from '../../src/app/provider-check.ts'
import { parseConfig } from '../../src/config.ts'
import { startIdentityProvider } from '../support/identity-provider.ts'

it('tells which identity providers answer, and what to compare for the others', async () => {
  const idp = await startIdentityProvider()
  try {
    const common = { clientId: 'x', label: { zh: '账号', en: 'account' } }
    const parsed = parseConfig({
      signIn: {
        oidc: {
          good: { ...common, issuer: idp.issuer },
          // The document lies there, and speaks of another issuer.
          wrong: { ...common, issuer: idp.issuer.replace('127.0.0.1', 'localhost') },
        },
      },
    })
    if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
    const checks = await checkProviders(parsed.config)
    expect(checks.map(({ passed }) => passed)).toEqual([true, false])
    expect(checks[1]?.fix).toContain('signIn.oidc.wrong.issuer')
    idp.down = true
    expect((await checkProviders(parsed.config)).map(({ passed }) => passed)).toEqual([false, false])
  } finally {
    await idp.stop()
  }
})
