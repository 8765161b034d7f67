import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TokenChanges } from '../../../sandbox/index.ts'
import { createStillHost } from '../../support/still-host.ts'
import { setStage, userKey } from './stage.ts'
import type { Stage } from './stage.ts'

let stage: Stage
beforeEach(async () => {
  stage = await setStage()
})
afterEach(() => stage.close())

const message = (more: Record<string, unknown> = {}) => ({
  ...stage.simulator.address(userKey, 'personal'),
  type: 'message',
  text: '在吗',
  ...more,
})
const seconds = (): number => Math.floor(stage.host.clock.now().getTime() / 1_000)
const keyFetches = () => stage.host.logged.filter(({ event }) => event === 'signing keys not fetched')

/** Forgeries that only somebody without the channel's key would send. */
const forgeries: readonly (readonly [string, () => TokenChanges])[] = [
  ['without a signature (none)', () => ({ header: { alg: 'none' }, signing: 'none' })],
  ['with None in another case', () => ({ header: { alg: 'NoNe' }, signing: 'none' })],
  ['signed with the public key as a secret (HS256)', () => ({ header: { alg: 'HS256' }, signing: 'HS256' })],
  [
    'with a key address of its own (jku)',
    () => ({ header: { jku: 'http://127.0.0.1:9/keys' }, signing: 'foreign' }),
  ],
  [
    'with a key of its own (jwk)',
    () => ({ header: { jwk: stage.simulator.signer.foreignJwk() }, signing: 'foreign' }),
  ],
  [
    'with a certificate address (x5u)',
    () => ({ header: { x5u: 'http://127.0.0.1:9/c' }, signing: 'foreign' }),
  ],
  ['with a critical extension', () => ({ header: { crit: ['b64'], b64: false } })],
  ['with another algorithm in the header (RS384)', () => ({ header: { alg: 'RS384' } })],
  ['with a foreign key', () => ({ signing: 'foreign' })],
  ['with an unknown key id', () => ({ header: { kid: 'nobody' } })],
  ['without a key id', () => ({ header: { kid: undefined } })],
  ['of another issuer', () => ({ claims: { iss: 'https://sts.windows.net/x/' } })],
  ['for another bot', () => ({ claims: { aud: '00000000-0000-0000-0000-000000000000' } })],
  ['for several bots', () => ({ claims: { aud: [stage.account.appId, 'x'] } })],
  ['for another service URL', () => ({ claims: { serviceurl: 'https://smba.trafficmanager.net/' } })],
  ['for no service URL', () => ({ claims: { serviceurl: undefined } })],
  ['that has expired', () => ({ claims: { exp: seconds() - 301 } })],
  ['that never expires', () => ({ claims: { exp: undefined } })],
  // A second may end before it is looked at: not at the edge of the five minutes.
  ['that is not valid yet', () => ({ claims: { nbf: seconds() + 360 } })],
]

describe('a request', () => {
  it('with the channel’s token is taken, within five minutes of skew', async () => {
    await stage.close()
    stage = await setStage({ host: createStillHost() })
    expect((await stage.simulator.post(message())).status).toBe(200)
    const skewed = { claims: { exp: seconds() - 290, nbf: seconds() + 290 } }
    expect((await stage.simulator.post(message(), skewed)).status).toBe(200)
  })

  it.each(forgeries)('%s is refused like any other', async (_name, changes) => {
    const answer = await stage.simulator.post(message(), changes())
    expect(answer).toEqual({ status: 401, body: 'unauthorized' })
    expect(stage.host.accepts()).toBe(0)
  })

  it.each([
    ['no header', {}],
    ['an empty one', { authorization: '' }],
    ['nonsense', { authorization: 'Bearer abc' }],
    ['two tokens', { authorization: 'Bearer a.b.c, Bearer a.b.c' }],
    ['basic credentials', { authorization: 'Basic YTpi' }],
    ['a long token', { authorization: `Bearer ${'a'.repeat(9_000)}.b.c` }],
  ])('with %s is refused before its body is read', async (_name, headers) => {
    const response = await fetch(stage.messagesUrl, { method: 'POST', body: '{ not JSON', headers })
    expect(response.status).toBe(401)
  })

  it('that forges makes no call anywhere', async () => {
    await stage.close()
    // Nobody publishes keys at this address: any attempt to fetch some would be seen.
    stage = await setStage({ section: { openIdMetadataUrl: 'http://127.0.0.1:9/nobody' } })
    const locals = forgeries.filter(([name]) =>
      /none|None|HS256|jku|jwk|x5u|RS384|issuer|another bot/.test(name),
    )
    for (const [, changes] of locals)
      expect((await stage.simulator.post(message(), changes())).status).toBe(401)
    expect(keyFetches()).toEqual([])
    expect((await stage.simulator.post(message())).status).toBe(503)
    expect(keyFetches()).toHaveLength(1)
  })

  it('is taken after the channel changed its key', async () => {
    expect((await stage.simulator.post(message())).status).toBe(200)
    stage.simulator.signer.rotate()
    stage.host.clock.advance(61_000)
    expect((await stage.simulator.post(message())).status).toBe(200)
  })

  it('with an unknown key does not make us fetch again and again', async () => {
    await stage.simulator.post(message())
    const before = stage.host.clock.now()
    for (let count = 0; count < 5; count += 1)
      expect((await stage.simulator.post(message(), { header: { kid: `guess-${count}` } })).status).toBe(401)
    expect(stage.host.clock.now().getTime() - before.getTime()).toBeLessThan(60_000)
  })

  it.each([
    'https://evil.example/',
    'https://botframework.com.evil.example/',
    'http://smba.trafficmanager.net/',
    'https://smba.trafficmanager.net:8443/',
    'https://user:pass@smba.trafficmanager.net/',
    'https://127.0.0.1.nip.io/',
    'file:///etc/passwd',
    'nonsense',
  ])('from the service URL %s is refused even with a token for it', async (serviceUrl) => {
    await stage.close()
    stage = await setStage({ section: { serviceHosts: ['*.botframework.com', 'smba.trafficmanager.net'] } })
    const claims = { serviceurl: serviceUrl }
    expect((await stage.simulator.post(message({ serviceUrl }), { claims })).status).toBe(401)
    const good = 'https://smba.trafficmanager.net/emea'
    expect(
      (await stage.simulator.post(message({ serviceUrl: good }), { claims: { serviceurl: `${good}/` } }))
        .status,
    ).toBe(200)
  })

  it('for a channel that the key may not speak for is refused', async () => {
    expect((await stage.simulator.post(message({ channelId: 'slack' }))).status).toBe(401)
  })

  it.each([
    ['no type', { text: 'x' }],
    ['no conversation', { type: 'message', conversation: undefined }],
    ['no sender', { type: 'message', from: undefined }],
    ['a list for a sender', { type: 'message', from: [] }],
  ])('with %s is malformed, never a crash', async (_name, more) => {
    const { status } = await stage.simulator.post({ ...message({ type: undefined }), ...more })
    expect(status).toBe(400)
    expect((await stage.simulator.post(message())).status).toBe(200)
  })

  it('with a list for a body is malformed', async () => {
    const authorization = stage.simulator.signer.authorize(`${stage.apiUrl}/`)
    const response = await fetch(stage.messagesUrl, {
      method: 'POST',
      body: '[]',
      headers: { authorization },
    })
    expect(response.status).toBe(400)
  })
})
