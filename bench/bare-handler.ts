import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { decrypt, encrypt, sign, type CryptKey } from '../sandbox/kit/wx-crypto.ts'
import { account } from './wechat-client.ts'

// The upper limit that HTTP and cryptography set: verifies, decrypts and answers the same XML, and keeps nothing.
const key: CryptKey = { encodingAesKey: account.encodingAesKey, receiveId: account.appId }
const app = new Hono()

app.post('/callback', async (context) => {
  const body = await context.req.text()
  const { timestamp = '', nonce = '', msg_signature: signature } = context.req.query()
  const encrypted = /<Encrypt><!\[CDATA\[(.+?)\]\]>/.exec(body)?.[1] ?? ''
  if (sign(account.token, timestamp, nonce, encrypted) !== signature) return context.text('', 401)
  if (!decrypt(encrypted, key).ok) return context.text('', 401)
  const reply = encrypt(
    '<xml><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[您好]]></Content></xml>',
    key,
  )
  const answer = sign(account.token, timestamp, nonce, reply)
  return context.body(
    `<xml><Encrypt><![CDATA[${reply}]]></Encrypt><MsgSignature><![CDATA[${answer}]]></MsgSignature>` +
      `<TimeStamp>${timestamp}</TimeStamp><Nonce><![CDATA[${nonce}]]></Nonce></xml>`,
    200,
    { 'content-type': 'text/xml' },
  )
})

serve({ fetch: app.fetch, port: Number(process.argv[2]), hostname: '127.0.0.1' }, () =>
  process.send?.('ready'),
)
