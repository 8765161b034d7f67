import type { ChannelName } from '../../src/core/message.ts'

/** What every channel must pass, by the word it has in the table. */
export const caseTitles = {
  question: 'a question is answered once; another contact is kept apart',
  'bad-signature': 'a wrong proof: refused, nothing stored, the product goes on',
  replay: 'the same bytes again, at once and an hour later: stored once, answered once',
  duplicate: 'ten copies at once: stored once, answered once',
  'out-of-order': 'the second before the first: both are answered, none is lost',
  acts: 'whatever the client can do arrives and breaks nothing',
  'unknown-type': 'a kind nobody knows: stored, counted and shown to the person',
  oversize: 'a body over the limit: refused, the product goes on',
  'api-500': 'the provider fails: sent once it works, once each, in order',
  'api-429': 'the provider wants patience: sent afterwards, once each, in order',
  'api-hang': 'the provider gives no answer: sent again and marked as perhaps repeated',
  'api-half-answer': 'half an answer: sent again and marked as perhaps repeated',
  'token-expiry': 'the token ends while many are sent to: one new token, everything arrives',
  window: 'the reply window is over: nothing is sent, the desk says why, it goes out with the next message',
  quota: 'the allowance is used up: the same, with the next allowance',
  restart: 'killed between a message and its answer: everything arrives, nothing twice unmarked',
  echo: 'what the account itself says is not answered',
  'lost-answer': 'the provider does not hear that it was taken: once all the same',
  'lost-connection': 'a broken connection: goes on by itself, nothing is lost',
  unfollow: 'who leaves hears nothing more',
} as const
export type CaseName = keyof typeof caseTitles

/** `yes`, or why the case does not exist there. */
export type Applies = 'yes' | { readonly no: string }

const no = (reason: string): Applies => ({ no: reason })

const all = {
  question: 'yes',
  'bad-signature': 'yes',
  replay: 'yes',
  duplicate: 'yes',
  'out-of-order': 'yes',
  acts: 'yes',
  'unknown-type': 'yes',
  oversize: 'yes',
  'api-500': 'yes',
  'api-429': 'yes',
  'api-hang': 'yes',
  'api-half-answer': 'yes',
  'token-expiry': 'yes',
  window: 'yes',
  quota: 'yes',
  restart: 'yes',
  echo: 'yes',
  'lost-answer': 'yes',
  'lost-connection': 'yes',
  unfollow: 'yes',
} as const satisfies Readonly<Record<CaseName, Applies>>

const noWindow = no('the platform has no reply window')
const noQuota = no('the platform counts no messages to a contact')
const noApi = no('the visitor reads the log here; nobody’s API is called')
const noBridgeApi = no('the puppet sends; there is no HTTP API between')

/** Which case each channel passes. A new channel is a row here; a new case is a column in every row. */
export const conformanceTable: Readonly<Record<ChannelName, Readonly<Record<CaseName, Applies>>>> = {
  wechat: {
    ...all,
    echo: no('the platform never pushes what the account said'),
  },
  wecom: { ...all, unfollow: no('a contact of 微信客服 follows nothing') },
  weibo: {
    ...all,
    'token-expiry': no('nothing renews the token but a person; its end is shown with a hint'),
  },
  email: {
    ...all,
    'unknown-type': no('a MIME type nobody knows is a file'),
    'token-expiry': no('a login, not a token; OAuth 2.0 is proven in test/channels/email/oauth.test.ts'),
    'api-half-answer': no('SMTP has no half answer: a line is whole or the connection broke'),
    window: noWindow,
    quota: noQuota,
    unfollow: no('nobody can leave a mailbox'),
  },
  web: {
    ...all,
    'out-of-order': no('one socket brings frames in order'),
    'unknown-type': no('the client is ours: an unknown frame is refused with a code'),
    'api-500': noApi,
    'api-429': noApi,
    'api-hang': noApi,
    'api-half-answer': noApi,
    'token-expiry': noApi,
    window: noWindow,
    quota: noQuota,
    echo: no('frames of the account come from here; a client cannot send one'),
    unfollow: no('a visitor cannot leave for good'),
  },
  telegram: {
    ...all,
    'token-expiry': no('a bot’s token does not end by itself'),
    window: noWindow,
    quota: noQuota,
  },
  botframework: { ...all, window: noWindow, quota: noQuota },
  wechaty: {
    ...all,
    'bad-signature': no('the bridge is our own process; its pipe needs no proof'),
    oversize: no('files over the limit are tested at the adapter; a text has no limit before the bridge’s'),
    'api-500': noBridgeApi,
    'api-429': noBridgeApi,
    'api-hang': noBridgeApi,
    'api-half-answer': noBridgeApi,
    'token-expiry': no('the puppet keeps the sign-in'),
    window: noWindow,
    quota: noQuota,
    'lost-answer': no('a pipe between two processes loses nothing but with its end; see lost-connection'),
    unfollow: no('a friend who leaves can still be written to until the platform refuses'),
  },
  api: {
    ...all,
    'token-expiry': no('every request is signed; there is no token'),
    echo: no('the brand’s side sends what contacts say, under their ids'),
    unfollow: no('the brand’s side knows no following'),
  },
}
