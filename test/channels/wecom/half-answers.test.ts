import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { createCallApi } from '../../../channels/wecom/client.ts'
import { createContractHost } from '../../contract/channel.ts'
import { account, configOf, failureOf } from './stage.ts'

const closing: (() => void)[] = []
afterEach(() => closing.splice(0).forEach((close) => close()))

const json = (response: ServerResponse, body: string): void => {
  response.writeHead(200, { 'content-type': 'application/json' }).end(body)
}

/** An API that gives out tokens and answers everything else as told. */
const startApi = async (answer: (response: ServerResponse) => void) => {
  const server = createServer((request, response) => {
    request.resume()
    if (request.url?.startsWith('/cgi-bin/gettoken') === true)
      json(response, '{"errcode":0,"access_token":"token-1","expires_in":7200}')
    else answer(response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const host = createContractHost()
  const config = configOf({ apiBase: `http://127.0.0.1:${port}` })
  return createCallApi(config, host, new AbortController().signal)
}

const call = { action: 'send message', path: '/cgi-bin/kf/send_msg', body: { touser: 'wm1' } }

describe('an answer that is none', () => {
  it.each<[string, (response: ServerResponse) => void]>([
    ['half of its JSON', (response) => json(response, '{"errcode":0,"errm')],
    ['nothing', (response) => json(response, '')],
    ['a list', (response) => json(response, '[]')],
    [
      'a page of a proxy',
      (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
    ],
    [
      'a body that breaks off',
      (response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' })
        response.write('{"errcode":0')
        setImmediate(() => response.destroy())
      },
    ],
    ['a closed connection', (response) => response.destroy()],
    ['a redirect', (response) => response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end()],
  ])('%s counts as temporary', async (_name, answer) => {
    const failure = await failureOf((await startApi(answer))(call))
    expect(failure).toMatchObject({ code: 'temporary' })
    expect(`${String(failure)} ${JSON.stringify(failure)}`).not.toMatch(/token-1|app-secret/)
  })

  it('and one that never ends in size is given up', async () => {
    const callApi = await startApi((response) =>
      json(response, `{"errcode":0,"x":"${'x'.repeat(2_000_000)}"}`),
    )
    expect(await failureOf(callApi(call))).toMatchObject({ code: 'permanent' })
  })
})

describe('a file’s name', () => {
  it.each([
    ['attachment; filename="a.pdf"', 'a.pdf'],
    [`attachment; filename="${encodeURIComponent('说明书.pdf')}"`, '说明书.pdf'],
    [`attachment; filename*=UTF-8''${encodeURIComponent('说明书.pdf')}`, '说明书.pdf'],
    [`attachment; filename="${Buffer.from('说明书.pdf').toString('latin1')}"`, '说明书.pdf'],
    ['attachment; filename="100%.pdf"', '100%.pdf'],
    ['attachment', undefined],
  ])('is read from %j', async (disposition, name) => {
    const callApi = await startApi((response) => {
      response.writeHead(200, { 'content-type': 'application/pdf', 'content-disposition': disposition })
      response.write('%PDF')
      response.end()
    })
    const answer = await callApi({ action: 'download media', path: '/cgi-bin/media/get' })
    expect(answer).toMatchObject({ kind: 'file', ...(name === undefined ? {} : { name }) })
    expect('name' in answer).toBe(name !== undefined)
  })
})

describe('the wrong company’s token', () => {
  it('is not asked for with the secret in any message', async () => {
    const callApi = await startApi((response) => json(response, '{"errcode":40014,"errmsg":"x"}'))
    const failure = await failureOf(callApi(call))
    expect(failure).toMatchObject({ code: 'needs_operator' })
    expect(JSON.stringify(failure)).not.toContain(account.secret)
  })
})
