import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, it } from 'vitest'
import { createWechatySimulator } from '../../../sandbox/index.ts'
import { freePort } from '../../../src/app/free-port.ts'
import { createMovableClock } from '../../../src/core/clock.ts'

const friend = { key: 'wxid_demo1', name: '阿白' }

it('closes with a bridge that is up, one before it, and one that has said nothing yet', async () => {
  const simulator = createWechatySimulator({
    port: await freePort(),
    clock: createMovableClock(),
    users: [friend],
  })
  await simulator.ready
  const { controlPort, controlSecret: secret } = simulator.puppetOptions
  const bridge = async (said: string) => {
    const socket = connect(controlPort, '127.0.0.1')
    socket.on('error', () => undefined)
    await once(socket, 'connect')
    socket.write(said)
    return socket
  }
  const ready = `${JSON.stringify({ ready: true, secret })}\n`
  const before = await bridge(ready)
  const up = await bridge(ready)
  // What it is told to do shows that it is heard, and the two before it with it.
  simulator.client.act(friend.key, { kind: 'text', text: '在吗' })
  const said = once(up, 'data')
  const silent = await bridge('')
  await said
  const gone = [before, up, silent].map((socket) => once(socket.resume(), 'close'))
  await simulator.close()
  expect((await Promise.all(gone)).length).toBe(3)
})
