import { z } from 'zod'
import { readXml, textField } from '../../../channels/kit/index.ts'
import type { ChannelErrorCode } from '../../../src/core/errors.ts'
import { itIsAChannel } from '../../contract/channel.ts'
import type { ChannelRig, ContractHost } from '../../contract/channel.ts'
import { createAccount, messageXml, openId, openReply, plainPush, safePush, textXml } from './account.ts'
import type { Signing } from './account.ts'
import { sendPath, startProvider, typingPath } from './provider.ts'

const errcodes: ReadonlyMap<ChannelErrorCode, number> = new Map([
  ['temporary', -1],
  ['rate_limited', 45011],
  ['daily_quota', 45009],
  ['quota_exhausted', 45047],
  ['window_closed', 45015],
  ['unreachable', 43004],
  ['too_long', 45002],
  ['no_permission', 48001],
  ['rejected_content', 87014],
  ['needs_operator', 48004],
  ['permanent', 40003],
])

const SentText = z.object({
  touser: z.literal(openId),
  msgtype: z.literal('text'),
  text: z.object({ content: z.string() }),
})

const open = async (host: ContractHost, mode: 'plain' | 'safe'): Promise<ChannelRig> => {
  const provider = await startProvider()
  const { channel, call } = createAccount({ apiBase: provider.url, mode }, host)
  await channel.start()
  // Each push has its own nonce, as the platform's have.
  let pushes = 0
  const signing = (): Signing => ({ now: host.clock.now(), nonce: String((pushes += 1)) })
  const push = mode === 'safe' ? safePush : plainPush
  return {
    channel,
    says: (text, id) => call(push(textXml(text, id), signing())),
    saysUnknown: (id) => call(push(messageXml({ MsgType: 'hologram', Beam: 'x', MsgId: id }), signing())),
    forges: (text, id) => call(push(textXml(text, id), { ...signing(), token: 'guessedToken' })),
    saysBroken: () => call(push('<xml><MsgType>text</xml>', signing())),
    saysTooMuch: () => call(push(textXml('字'.repeat(100_000)), signing())),
    refuses: (code) => {
      const errcode = code === undefined ? 0 : errcodes.get(code)
      for (const path of [sendPath, typingPath])
        provider.on(path, () => ({ json: { errcode, errmsg: `for ${openId}` } }))
    },
    delivered: () => provider.sent(sendPath).map((body) => SentText.parse(body).text.content),
    readAnswer: ({ body }) =>
      textField(readXml(mode === 'safe' ? openReply(body).plaintext : body), 'Content'),
    close: async () => {
      await channel.stop()
      await provider.close()
    },
  }
}

for (const mode of ['safe', 'plain'] as const)
  itIsAChannel({
    name: `wechat (${mode} mode)`,
    open: (host) => open(host, mode),
    contactKey: openId,
    refusals: [...errcodes.keys()],
    answersWithinRequest: true,
  })
