import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { openIdleChannel } from '../../src/app/idle-channel.ts'
import { installedChannels, type InstalledChannelName } from '../../src/app/installed-channels.ts'
import { parseConfig } from '../../src/config.ts'
import type { Part } from '../../src/core/message.ts'
import { render } from '../../src/outbox/index.ts'

const megabyte = 1_048_576
const Examples = z.looseObject({ examples: z.array(z.record(z.string(), z.unknown())) })

/** What an inbox made by the example of its channel's schema can show. */
const capabilitiesOf = (channel: InstalledChannelName) => {
  const [example] = Examples.parse(installedChannels[channel].config.meta()).examples
  const parsed = parseConfig({ inboxes: { one: { channel, ...example } } })
  const inbox = 'config' in parsed ? parsed.config.inboxes[0] : undefined
  if (inbox === undefined) throw new Error(JSON.stringify(parsed))
  return openIdleChannel(inbox).capabilities
}

const file = (bytes: number): Part => ({
  kind: 'file',
  media: { mediaId: 'f', contentType: 'application/zip', bytes },
  name: '录像.zip',
})
const linkTo = () => 'https://support.example/media/f'

describe('a file', () => {
  it.each([
    ['api', 5],
    ['telegram', 50],
    ['wechaty', 20],
    ['wecom', 20],
    ['email', 10],
  ] as const)('that %s does not take, because it has more than %i MB, goes as a link', (name, megabytes) => {
    const capabilities = capabilitiesOf(name)
    const most = megabytes * megabyte
    expect(render([file(most)], capabilities, linkTo)).toEqual([file(most)])
    const [link] = render([file(most + 1)], capabilities, linkTo)
    expect(link).toMatchObject({ kind: 'text', text: expect.stringContaining(linkTo()) })
  })

  it.each(['weibo', 'wechat'] as const)('always goes as a link on %s, which has no form for one', (name) => {
    const [link] = render([file(1)], capabilitiesOf(name), linkTo)
    expect(link).toMatchObject({ kind: 'text', text: expect.stringContaining(linkTo()) })
  })
})
