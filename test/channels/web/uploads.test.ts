import { randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { decodeUpload } from '../../../channels/web/decode.ts'
import { drawPicture } from '../../support/pictures.ts'
import { startProduct, type Product } from '../../support/product.ts'

const maxBytes = 200_000
let product: Product
let base: string
let origin: string
beforeAll(async () => {
  product = await startProduct({ media: { maxBytes } })
  origin = product.app.url
  base = `${origin}/channels/web`
})
afterAll(() => product.dispose())

// As the product itself would draw it, so that it comes back byte by byte.
const png = await drawPicture('png')
const wav = Buffer.concat([Buffer.from('RIFF\x24\0\0\0WAVEfmt ', 'latin1'), Buffer.alloc(28)])
const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
const html = '<!doctype html><script>alert(1)</script>'
const pdf = '%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj'

const Event = z.looseObject({
  seq: z.number(),
  author: z.string(),
  parts: z.array(
    z.looseObject({
      kind: z.string(),
      of: z.string().optional(),
      part: z.number().optional(),
      label: z.string().optional(),
      bytes: z.number().optional(),
    }),
  ),
})
const News = z.looseObject({ events: z.array(Event) })
const Taken = z.looseObject({ seq: z.number() })

interface Given {
  readonly name?: string
  readonly id?: string
  readonly extra?: Record<string, string>
}

/** A visitor on HTTP who can send files. */
const createVisitor = async () => {
  const opened = await fetch(`${base}/session`, { method: 'POST', headers: { origin } })
  const { token, maxFileBytes } = z
    .looseObject({ token: z.string(), maxFileBytes: z.number() })
    .parse(await opened.json())
  const headers = { origin, authorization: `Bearer ${token}` }
  return {
    token,
    maxFileBytes,
    gives: (
      bytes: Uint8Array | string,
      { name = 'x.bin', id = randomUUID(), extra = {} }: Given = {},
    ): Promise<Response> =>
      fetch(`${base}/uploads?${String(new URLSearchParams({ id, name }))}`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/octet-stream', ...extra },
        body: Buffer.from(bytes),
      }),
    sees: async (): Promise<z.infer<typeof Event>[]> =>
      News.parse(await (await fetch(`${base}/events?after=0`, { headers })).json()).events,
    fetches: (seq: number, part = 0): Promise<Response> =>
      fetch(`${base}/files?seq=${String(seq)}&part=${String(part)}`, { headers }),
    says: (text: string): Promise<Response> =>
      fetch(`${base}/messages`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ clientMsgId: randomUUID(), content: { text } }),
      }),
  }
}

const seqOf = async (response: Response): Promise<number> => {
  expect(response.status, await response.clone().text()).toBe(200)
  return Taken.parse(await response.json()).seq
}

describe('a file from a visitor', () => {
  it('stands in the thread by what it is, and comes back to its sender', async () => {
    const visitor = await createVisitor()
    const kinds = [
      [png, '截图.png', 'image'],
      [png, 'not-a-picture.exe', 'image'],
      [wav, 'voice.wav', 'audio'],
      [svg, 'x.png', 'file'],
      ['1,2,3', '账单.csv', 'file'],
    ] as const
    for (const [bytes, name, of] of kinds) {
      const seq = await seqOf(await visitor.gives(bytes, { name }))
      const event = (await visitor.sees()).find((one) => one.seq === seq)
      expect(event).toMatchObject({
        author: 'contact',
        parts: [{ kind: 'media', of, part: 0, bytes: Buffer.from(bytes).length }],
      })
      if (of !== 'audio') expect(event?.parts[0]?.label).toBe(name)
      const back = await visitor.fetches(seq)
      expect(Buffer.from(await back.arrayBuffer())).toEqual(Buffer.from(bytes))
    }
  })

  it('reaches the agent, who sees the picture', async () => {
    const visitor = await createVisitor()
    await visitor.says('转人工')
    await seqOf(await visitor.gives(png, { name: '扣费截图.png' }))
    const agent = await product.agent()
    const { id } = await agent.finds(/转人工|人工/)
    const mediaOf = async (): Promise<string | undefined> =>
      /"mediaId":"([0-9a-f-]{36})"/.exec(JSON.stringify(await agent.opens(id)))?.[1]
    await expect.poll(mediaOf).toBeDefined()
    expect(JSON.stringify(await agent.opens(id))).toContain('扣费截图.png')
    const media = await agent.get(`/media/${(await mediaOf()) ?? ''}`)
    expect(media.headers.get('content-type')).toBe('image/png')
    expect(Buffer.from(await media.arrayBuffer())).toEqual(png)
  })

  it('is stored once however often it comes', async () => {
    const visitor = await createVisitor()
    const id = randomUUID()
    const seqs = await Promise.all([1, 2, 3].map(async () => seqOf(await visitor.gives(png, { id }))))
    expect(new Set(seqs).size).toBe(1)
    expect((await visitor.sees()).filter(({ author }) => author === 'contact')).toHaveLength(1)
  })
})

describe('what strangers send', () => {
  it('is served so that nothing in it runs', async () => {
    const visitor = await createVisitor()
    const polyglot = Buffer.concat([Buffer.from('GIF89a/*', 'latin1'), Buffer.from(`*/=1;${html}`)])
    for (const bytes of [svg, html, pdf, polyglot, `\uFEFF${html}`, `<?xml version="1.0"?>${svg}`]) {
      const seq = await seqOf(await visitor.gives(bytes, { name: 'invoice.png' }))
      const { headers } = await visitor.fetches(seq)
      expect(headers.get('content-type')).toBe('application/octet-stream')
      expect(headers.get('content-disposition')).toMatch(/^attachment; filename="[0-9a-f-]{36}"$/)
    }
    const seq = await seqOf(await visitor.gives(png, { name: 'x.html' }))
    const { headers } = await visitor.fetches(seq)
    expect(headers.get('content-type')).toBe('image/png')
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; sandbox")
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('cache-control')).toBe('no-store')
  })

  it('has a name that names nothing but itself', () => {
    const nameOf = (name: string): string | undefined =>
      decodeUpload(new URLSearchParams({ id: randomUUID(), name }))?.name
    expect(nameOf('../../etc/passwd')).toBe('passwd')
    expect(nameOf('C:\\Windows\\evil.exe')).toBe('evil.exe')
    expect(nameOf('照片\u202Egpj.exe')).toBe('照片gpj.exe')
    expect(nameOf('a\u0000b\r\nSet-Cookie: x.png')).toBe('abSet-Cookie: x.png')
    expect(nameOf('')).toBe('file')
    expect(nameOf('..')).toBe('file')
    expect(nameOf('.')).toBe('file')
    const long = nameOf(`${'长'.repeat(500)}.jpeg`) ?? ''
    expect([Array.from(long).length, long.slice(-5)]).toEqual([120, '.jpeg'])
    expect(nameOf('x'.repeat(1_001))).toBeUndefined()
  })
})

describe('a file is refused', () => {
  it('without a valid token, from a foreign page, or with a strange address', async () => {
    const visitor = await createVisitor()
    const refused = async (response: Promise<Response>) => {
      const { status } = await response
      return status
    }
    expect(await refused(visitor.gives(png, { extra: { authorization: '' } }))).toBe(401)
    expect(await refused(visitor.gives(png, { extra: { authorization: `Bearer ${visitor.token}x` } }))).toBe(
      401,
    )
    expect(await refused(visitor.gives(png, { extra: { origin: 'https://evil.test' } }))).toBe(403)
    expect(await refused(visitor.gives(png, { extra: { origin: 'null' } }))).toBe(403)
    expect(await refused(visitor.gives(png, { id: 'x' }))).toBe(400)
    expect((await visitor.sees()).filter(({ author }) => author === 'contact')).toEqual([])
  })

  it('when it is empty or over the limit, which the session names', async () => {
    const visitor = await createVisitor()
    expect(visitor.maxFileBytes).toBe(maxBytes)
    const empty = await visitor.gives('')
    expect([empty.status, await empty.json()]).toMatchObject([400, { code: 'empty', retryable: false }])
    const large = await visitor.gives(Buffer.alloc(maxBytes + 1))
    expect([large.status, await large.json()]).toMatchObject([413, { code: 'too_large', retryable: false }])
    await seqOf(await visitor.gives(Buffer.alloc(maxBytes)))
  })

  it('at the byte over the limit, when its length was not told', async () => {
    const { token } = await createVisitor()
    const { port, hostname } = new URL(base)
    const socket = connect(Number(port), hostname)
    socket.on('error', () => undefined)
    let heard = ''
    socket.on('data', (data) => (heard += data.toString('latin1')))
    socket.write(
      `POST /channels/web/uploads?id=${randomUUID()} HTTP/1.1\r\nhost: x\r\norigin: ${origin}\r\nauthorization: Bearer ${token}\r\ntransfer-encoding: chunked\r\n\r\n`,
    )
    const chunk = `10000\r\n${'a'.repeat(0x10000)}\r\n`
    for (let sent = 0; sent < 10; sent += 1) socket.write(chunk)
    await expect.poll(() => heard).toMatch(/^HTTP\/1\.1 413 /)
    socket.destroy()
  })

  it('when many come, until a while later', async () => {
    const visitor = await createVisitor()
    for (let sent = 0; sent < 10; sent += 1) await seqOf(await visitor.gives(png))
    const more = await visitor.gives(png)
    expect([more.status, await more.json()]).toMatchObject([429, { code: 'rate_limited', retryable: true }])
    expect(Number(more.headers.get('retry-after'))).toBeGreaterThan(0)
    await seqOf(await (await createVisitor()).gives(png))
  })
})

describe('the files of a thread', () => {
  it('are given to its visitor alone', async () => {
    const [visitor, other] = [await createVisitor(), await createVisitor()]
    const seq = await seqOf(await visitor.gives(png))
    expect((await visitor.fetches(seq)).status).toBe(200)
    const foreign = await other.fetches(seq)
    expect([foreign.status, await foreign.json()]).toEqual([404, { code: 'not_found', retryable: false }])
    for (const [at, part] of [
      [seq, 1],
      [seq + 100, 0],
      [0, 0],
    ] as const)
      expect((await visitor.fetches(at, part)).status).toBe(404)
    const nobody = await fetch(`${base}/files?seq=${String(seq)}&part=0`, { headers: { origin } })
    expect(nobody.status).toBe(401)
    const strange = await fetch(`${base}/files?seq=-1&part=0`, {
      headers: { origin, authorization: `Bearer ${visitor.token}` },
    })
    expect(strange.status).toBe(400)
  })
})
