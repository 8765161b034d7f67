import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const app = new Hono()
// As in the product: a server is there before the simulators are read, and has put its own `Response` in place.
const server = createAdaptorServer({ fetch: app.fetch })
let url = ''

beforeAll(async () => {
  const { breakOff, halfAnswer } = await import('../../../sandbox/kit/connection.ts')
  app.post('/half', (c) => halfAnswer(c, JSON.stringify({ id: 'as-long-as-an-id-is' })))
  app.post('/cut', (c) => breakOff(c))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
})
afterAll(() => {
  server.close()
})

describe('a simulated platform whose connection breaks', () => {
  it('begins an answer and never ends it', async () => {
    const answer = await fetch(`${url}/half`, { method: 'POST' })
    expect(answer.status).toBe(200)
    await expect(answer.text()).rejects.toThrow()
  })

  it('gives no answer at all', async () => {
    await expect(fetch(`${url}/cut`, { method: 'POST' })).rejects.toThrow()
  })
})
