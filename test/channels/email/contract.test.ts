import type { ChannelErrorCode } from '../../../src/core/errors.ts'
import type { Answer, ChannelRig, ContractHost } from '../../contract/channel.ts'
import { itIsAChannel } from '../../contract/channel.ts'
import { contact, contactKey, mailOf, openAccount, receiverLogin } from './account.ts'
import type { HandOverAnswer } from './hand-over.ts'
import { startSmtpPeer } from './peer.ts'
import type { Refusal } from './peer.ts'

const refusals: ReadonlyMap<ChannelErrorCode, Refusal> = new Map([
  ['temporary', { at: 'data', code: 451, text: `4.7.1 Greylisted ${contactKey}, 13800138000` }],
  ['rate_limited', { at: 'data', code: 550, text: 'Connection frequency limited' }],
  ['unreachable', { at: 'recipient', code: 550, text: `5.1.1 <${contactKey}> unknown user` }],
  ['too_long', { at: 'data', code: 552, text: '5.3.4 too big' }],
  ['rejected_content', { at: 'data', code: 554, text: 'DT:SPM 163 smtp' }],
  ['no_permission', { at: 'recipient', code: 554, text: '5.7.1 Relay access denied' }],
  ['needs_operator', { at: 'auth', code: 535, text: 'Login Fail' }],
  ['permanent', { at: 'data', code: 550, text: '5.5.0 no' }],
])

/** SMTP's answer in the words of HTTP, which the contract speaks. */
const answerOf = ({ code, text }: HandOverAnswer): Answer => {
  if (code >= 200 && code < 300) return { status: 200, body: text }
  const status = code === 535 ? 401 : code === 552 ? 413 : code >= 500 ? 400 : 503
  return { status, body: text }
}

const open = async (host: ContractHost): Promise<ChannelRig> => {
  const peer = await startSmtpPeer()
  const account = await openAccount(
    {
      smtp: { host: '127.0.0.1', port: peer.port, tls: 'none', user: 'support', password: 'smtp-password' },
      receiver: receiverLogin,
    },
    host,
  )
  const push = async (raw: string | Buffer, login = receiverLogin): Promise<Answer> =>
    answerOf(await account.gets(raw, { login, from: contact }))
  return {
    channel: account.channel,
    says: (text, id) => push(mailOf(text, { id: `${id}@qq.example` })),
    saysUnknown: (id) => push(mailOf('Beam', { id: `${id}@qq.example`, type: 'application/x-hologram' })),
    forges: (text, id) => push(mailOf(text, { id }), { user: 'mx', password: 'guessed-password' }),
    saysBroken: () => push('no header at all'),
    saysTooMuch: () => push(mailOf('字'.repeat(9_000_000))),
    refuses: (code) => peer.refuse(code === undefined ? undefined : refusals.get(code)),
    delivered: () => peer.taken.map(({ mail }) => (mail.text ?? '').trim()),
    readAnswer: () => undefined,
    close: async () => {
      await account.close()
      await peer.close()
    },
  }
}

itIsAChannel({
  name: 'email (LMTP in, SMTP out)',
  open,
  contactKey,
  refusals: [...refusals.keys()],
  answersWithinRequest: false,
})
