import { expect } from 'vitest'
import { bai, testAccount } from './stage.ts'
import type { Stage } from './stage.ts'

export type Json = Record<string, unknown>
export const minute = 60_000
export const credentials = {
  grant_type: 'client_credential',
  appid: testAccount.appId,
  secret: testAccount.appSecret,
}

/** Calls the simulated API as an account does; every answer must have HTTP status 200. */
export const createCaller = (stage: () => Stage) => {
  const call = async (path: string, init?: RequestInit): Promise<Json> => {
    const response = await stage().simulator.api.request(path, init)
    expect(response.status).toBe(200)
    return (await response.json()) as Json
  }
  const post = (path: string, body: unknown): Promise<Json> =>
    call(path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) })
  const stable = (more: Json = {}): Promise<Json> =>
    post('/cgi-bin/stable_token', { ...credentials, ...more })
  const freshToken = async (): Promise<string> => String((await stable())['access_token'])
  const send = async (body: Json | string, token?: string): Promise<Json> =>
    post(`/cgi-bin/message/custom/send?access_token=${token ?? (await freshToken())}`, body)
  return {
    call,
    post,
    stable,
    freshToken,
    send,
    sendText: (content = '您好', openid = bai.openid): Promise<Json> =>
      send({ touser: openid, msgtype: 'text', text: { content } }),
    says: (text = '在吗') => stage().simulator.push(bai.openid, { kind: 'text', text }),
    /** What the user saw of the account. */
    seen: () =>
      stage()
        .simulator.transcript(bai.openid)
        .flatMap(({ source, content }) => (source === 'user' ? [] : [content])),
  }
}
