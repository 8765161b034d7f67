// A puppet that reaches nobody, steered over a loopback connection: for the sandbox, and for tests of the bridge and the adapter.
import { connect } from 'node:net'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { FileBox } from 'file-box'
import { mock, PuppetMock } from 'wechaty-puppet-mock'

class SteeredPuppet extends PuppetMock {
  refusing = false
  /** What came with injected messages, by id. */
  contents = new Map()
  report = () => undefined

  async messageFile(id) {
    const { name, base64 } = this.contents.get(id).file
    return FileBox.fromBase64(base64, name)
  }
  async messageUrl(id) {
    return this.contents.get(id).url
  }
  async messageLocation(id) {
    return this.contents.get(id).location
  }
  async messageMiniProgram(id) {
    return this.contents.get(id).miniProgram
  }
  async messageSendText(conversationId, text) {
    if (this.refusing) throw new Error('refused')
    this.report({ conversationId, text })
    return super.messageSendText(conversationId, text)
  }
  async messageSendFile(conversationId, file) {
    if (this.refusing) throw new Error('refused')
    this.report({ conversationId, file: { name: file.name, base64: await file.toBase64() } })
  }
}

const createActs = (mocker, puppet, writeLine) => {
  let self
  const known = new Set()
  const contact = (id, type = 1, name = `name of ${id}`) => {
    if (known.has(id)) return
    known.add(id)
    mocker.createContact({ id, name, type })
  }
  const room = (id, memberIdList) => {
    if (known.has(id)) return
    known.add(id)
    mocker.createRoom({ id, memberIdList })
  }
  return {
    login: () => {
      self ??= mocker.createContact({ id: 'self', name: 'Bot' })
      known.add('self')
      mocker.login(self)
    },
    logout: () => puppet.logout('lost'),
    contact: ({ id, name }) => contact(id, 1, name),
    room: ({ id, memberIdList }) => room(id, memberIdList),
    scan: ({ qrcode }) => mocker.scan(qrcode, 2),
    message: ({ id, from, roomId, mentions = false, contactType, payload, content = {} }) => {
      contact(from, contactType)
      if (roomId !== undefined) room(roomId, [from, 'self'])
      puppet.contents.set(id, content)
      mocker.cacheMessagePayload.set(id, {
        id,
        talkerId: from,
        timestamp: Date.now(),
        ...(roomId === undefined
          ? { listenerId: 'self' }
          : { roomId, mentionIdList: mentions ? ['self'] : [] }),
        ...payload,
      })
      puppet.emit('message', { messageId: id })
    },
    refuse: ({ on }) => {
      puppet.refusing = on
    },
    raw: ({ line }) => writeLine(`${line}\n`),
    print: ({ text }) => process.stdout.write(text),
    crash: () => process.exit(7),
  }
}

/** Connects to `controlPort`, shows the secret it was given and does what is asked there. */
export const createSteeredPuppet = async ({ controlPort, controlSecret: secret }, writeLine) => {
  const mocker = new mock.Mocker()
  const puppet = new SteeredPuppet({ mocker })
  const control = connect(controlPort, '127.0.0.1')
  await new Promise((resolve, reject) => {
    control.once('connect', resolve)
    control.once('error', reject)
  })
  control.on('error', () => undefined)
  puppet.report = (said) => control.write(`${JSON.stringify(said)}\n`)
  const acts = createActs(mocker, puppet, writeLine)
  puppet.once('start', () => control.write(`${JSON.stringify({ ready: true, secret })}\n`))
  createInterface({ input: control }).on('line', (line) => {
    const act = JSON.parse(line)
    acts[act.do](act)
    control.write(`${JSON.stringify({ acted: act.do })}\n`)
  })
  return puppet
}
