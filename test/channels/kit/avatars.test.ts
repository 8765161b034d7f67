import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { textFields } from '../../../sandbox/index.ts'
import { createContractHost } from '../../contract/channel.ts'
import type { ContractHost } from '../../contract/channel.ts'
import { createTestCache } from '../../support/channel-host.ts'
import { servePicture } from '../../support/picture-server.ts'
import type { PictureServer } from '../../support/picture-server.ts'
import { drawPicture } from '../../support/pictures.ts'
import { setStage as setTelegram, userKey } from '../telegram/stage.ts'
import { setStage as setWecom, closeStages, userKey as customerKey } from '../wecom/stage.ts'
import { fan, setStage as setWeibo } from '../weibo/stage.ts'

closeStages()
const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

let face: Buffer
beforeEach(async () => {
  face = await drawPicture('png')
})

/** Stores pictures as such, as the real store does by their content. */
const hostWithPictures = (): ContractHost => {
  const host = createContractHost()
  const { media } = host
  return { ...host, media: { ...media, save: (bytes) => Promise.resolve(media.add('image/png', bytes)) } }
}
const shownOf = async (host: ContractHost, contactKey: string): Promise<Uint8Array | undefined> =>
  (await host.media.find(host.pictures.get(contactKey) ?? ''))?.bytes

const pictures = async (bytes: Uint8Array = face, status = 200): Promise<PictureServer> => {
  const server = await servePicture(bytes, status)
  closing.push(() => server.close())
  return server
}
const failures = ({ logged }: ContractHost): readonly string[] =>
  logged.filter(({ event }) => event === 'contact’s picture not fetched').map(({ facts }) => facts)

describe('a contact’s picture on Telegram', () => {
  const open = async () => {
    const stage = await setTelegram({ host: hostWithPictures() })
    closing.push(() => stage.close())
    return stage
  }
  const says = async (stage: Awaited<ReturnType<typeof open>>): Promise<void> => {
    stage.simulator.people.send(userKey, textFields('在吗'))
    await stage.settle()
  }
  const asked = ({ simulator }: Awaited<ReturnType<typeof open>>): number =>
    simulator.exchanges().filter(({ title }) => title === 'getUserProfilePhotos').length

  it('is fetched once, however much is written', async () => {
    const stage = await open()
    const photo = stage.simulator.files.put({ bytes: face, name: 'a.png', contentType: 'image/png' })
    stage.simulator.setPhoto(userKey, photo)
    for (let count = 0; count < 3; count += 1) await says(stage)
    await expect.poll(() => shownOf(stage.host, userKey)).toEqual(face)
    expect(asked(stage)).toBe(1)
  })

  it('is none when the person shows none, or something else', async () => {
    const stage = await open()
    await says(stage)
    await expect.poll(() => asked(stage)).toBe(1)
    const other = await open()
    const page = { bytes: Buffer.from('<script>'), name: 'a.png', contentType: 'image/png' }
    other.simulator.setPhoto(userKey, other.simulator.files.put(page))
    await says(other)
    await expect
      .poll(() => other.simulator.exchanges().filter(({ title }) => title === 'getFile').length)
      .toBe(1)
    for (const { channel, host } of [stage, other]) {
      await channel.stop()
      expect(host.pictures.size).toBe(0)
    }
  })

  it('costs no message when it cannot be had', async () => {
    const stage = await open()
    stage.simulator.faults.order('getUserProfilePhotos', { error_code: 500, description: 'x' })
    await says(stage)
    expect(stage.host.accepted).toHaveLength(1)
    await expect.poll(() => failures(stage.host)).toEqual(['{"code":"temporary"}'])
  })

  it('is asked for again an hour after that failed, and not before', async () => {
    const host = hostWithPictures()
    const stage = await setTelegram({ host: { ...host, cache: createTestCache(host.clock) } })
    closing.push(() => stage.close())
    const photo = stage.simulator.files.put({ bytes: face, name: 'a.png', contentType: 'image/png' })
    stage.simulator.setPhoto(userKey, photo)
    stage.simulator.faults.order('getUserProfilePhotos', { error_code: 500, description: 'x' })
    await says(stage)
    await expect.poll(() => failures(stage.host)).toHaveLength(1)
    stage.host.clock.advance(59 * 60_000)
    await says(stage)
    expect(asked(stage)).toBe(1)
    stage.host.clock.advance(60_000)
    await expect
      .poll(async () => {
        await says(stage)
        return shownOf(stage.host, userKey)
      })
      .toEqual(face)
    expect(asked(stage)).toBe(2)
  })

  it('is deleted at once when it only began like one', async () => {
    const host = createContractHost()
    const stage = await setTelegram({ host })
    closing.push(() => stage.close())
    const broken = { bytes: face.subarray(0, 20), name: 'a.png', contentType: 'image/png' }
    stage.simulator.setPhoto(userKey, stage.simulator.files.put(broken))
    await says(stage)
    await expect.poll(() => host.refusedPictures).toHaveLength(1)
    expect(host.pictures.size).toBe(0)
  })
})

describe('a contact’s picture on WeCom', () => {
  const open = async (avatar: string) => {
    const user = { key: customerKey, name: '阿白', avatar }
    return setWecom({ host: hostWithPictures(), simulator: { users: [user] } })
  }

  it('is fetched from the address beside the name', async () => {
    const server = await pictures()
    const { host, simulator } = await open(server.url)
    for (let count = 0; count < 2; count += 1)
      await simulator.says(customerKey, { kind: 'text', text: '在吗' })
    await expect.poll(() => shownOf(host, customerKey)).toEqual(face)
    expect(server.served()).toBe(1)
  })

  it('is not fetched from the private network', async () => {
    const { host, simulator } = await open('https://169.254.169.254/latest/meta-data')
    await simulator.says(customerKey, { kind: 'text', text: '在吗' })
    expect(host.accepted).toHaveLength(1)
    await expect.poll(() => failures(host)).toEqual(['{"code":"AddressRefused"}'])
  })
})

describe('a contact’s picture on Weibo', () => {
  const open = async (avatar: string, nicknames: boolean) => {
    const stage = await setWeibo({ nicknames }, { host: hostWithPictures(), avatar })
    closing.push(() => stage.close())
    stage.simulator.client.act(fan.key, { kind: 'text', text: '在吗' })
    await expect.poll(() => stage.host.accepted).toHaveLength(1)
    return stage
  }

  it('is fetched from the address beside the name, with one question for both', async () => {
    const server = await pictures()
    const stage = await open(server.url, true)
    await expect.poll(() => shownOf(stage.host, fan.key)).toEqual(face)
    expect(stage.calls('/2/eps/user/info.json')).toHaveLength(1)
  })

  it('is not asked for where names are not', async () => {
    const server = await pictures()
    const stage = await open(server.url, false)
    await stage.channel.stop()
    expect(stage.calls('/2/eps/user/info.json')).toEqual([])
    expect(server.served()).toBe(0)
  })

  it.each([
    ['that is too large', () => Buffer.concat([face, Buffer.alloc(1_048_576)]), 200],
    ['that is not there', () => face, 404],
  ])('%s is left out', async (_name, bytes, status) => {
    const server = await pictures(bytes(), status)
    const { channel, host } = await open(server.url, true)
    await expect.poll(() => server.served()).toBe(1)
    await channel.stop()
    expect(host.pictures.size).toBe(0)
  })
})
