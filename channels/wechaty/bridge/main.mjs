// The bridge: Wechaty on one side, JSON lines over stdio on the other. Started by channels/wechaty; not by hand.
import { writeFile } from 'node:fs/promises'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers'
import { FileBox } from 'file-box'
import QRCode from 'qrcode'
import { log, WechatyBuilder } from 'wechaty'
import { readCommand } from './commands.mjs'
import { translate } from './translate.mjs'

const writeLine = process.stdout.write.bind(process.stdout)
// Puppets print; standard output is for events alone.
process.stdout.write = process.stderr.write.bind(process.stderr)
log.level('error')

let key = ''
const tell = (event) => writeLine(`${JSON.stringify({ ...event, key })}\n`)

const nameOf = (error) => (error instanceof Error ? error.name : 'unknown')

const mockPuppet = 'wechaty-puppet-mock'

const buildBot = async ({ name, puppet, puppetOptions }) => {
  if (puppet !== mockPuppet) return WechatyBuilder.build({ name, puppet, puppetOptions })
  const { createSteeredPuppet } = await import('./mock-puppet.mjs')
  return WechatyBuilder.build({ puppet: await createSteeredPuppet(puppetOptions, writeLine) })
}

const qrFile = 'login-qr.txt'

/** The code to scan, as a picture of characters in the working folder. */
const showCode = async (qrcode) => {
  const picture = await QRCode.toString(qrcode, { type: 'utf8' })
  await writeFile(qrFile, `${picture}\n${qrcode}\n`, { mode: 0o600 })
}

const hear = (bot, maxFileBytes) => {
  bot.on('scan', async (qrcode) => {
    if (!qrcode) return
    await showCode(qrcode).catch(() => undefined)
    tell({ t: 'scan', qrcode, file: qrFile })
  })
  bot.on('login', (user) => tell({ t: 'login', userId: user.id }))
  bot.on('logout', () => tell({ t: 'logout' }))
  bot.on('error', (error) => tell({ t: 'fault', name: nameOf(error) }))
  bot.on('message', async (message) => {
    try {
      tell({ t: 'message', message: await translate(message, maxFileBytes) })
    } catch (error) {
      tell({ t: 'fault', name: nameOf(error) })
    }
  })
}

const thing = (content) =>
  'text' in content ? content.text : FileBox.fromBase64(content.base64, content.name)

const send = async (bot, { contactId, roomId, content }) => {
  if (!bot.isLoggedIn) return { ok: false, code: 'not_signed_in' }
  const contact = await bot.Contact.find({ id: contactId })
  if (contact === undefined) return { ok: false, code: 'unreachable' }
  if (roomId === undefined) return { ok: true, said: await contact.say(thing(content)) }
  const room = await bot.Room.find({ id: roomId })
  if (room === undefined) return { ok: false, code: 'unreachable' }
  return {
    ok: true,
    said: await ('text' in content ? room.say(content.text, contact) : room.say(thing(content))),
  }
}

const say = async (bot, command) => {
  try {
    const { ok, code, said } = await send(bot, command)
    tell({ t: 'done', id: command.id, ok, ...(code && { code }), ...(said?.id && { providerId: said.id }) })
  } catch {
    tell({ t: 'done', id: command.id, ok: false, code: 'failed' })
  }
}

let bot
const start = async (command) => {
  key = command.key
  bot = await buildBot(command)
  hear(bot, command.maxFileBytes)
  await bot.start()
  tell({ t: 'started' })
}

const end = (status) => {
  const done = () => process.exit(status)
  setTimeout(done, 3_000)
  Promise.resolve(bot?.stop()).then(done, done)
}

const fail = (error) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
  tell({ t: 'fault', name: nameOf(error) })
  process.exit(1)
}
process.on('uncaughtException', fail)
// Puppets leave rejections behind that hurt nobody.
process.on('unhandledRejection', (reason) => tell({ t: 'fault', name: nameOf(reason) }))
process.on('SIGTERM', () => end(0))
// The terminal's Ctrl-C reaches this process too; the product says when to end.
process.on('SIGINT', () => undefined)

const lines = createInterface({ input: process.stdin })
lines.on('line', (line) => {
  let command
  try {
    command = readCommand(line)
  } catch {
    tell({ t: 'fault', name: 'bad-command' })
    return
  }
  if (command.t === 'start') start(command).catch(fail)
  else void say(bot, command)
})
// The product is gone, or wants this to end.
lines.on('close', () => end(0))
