/** A process that serves the webhooks of every channel as the product does, so that its memory can be measured alone. */
import { freePort } from '../../src/app/free-port.ts'
import { demoClients } from '../../src/app/demo-clients.ts'
import { installedChannels, installedNames } from '../../src/app/installed-channels.ts'
import { systemClock } from '../../src/core/clock.ts'
import { silentLog } from '../../src/core/log.ts'
import { createHttpServer } from '../../src/http/index.ts'
import { createTestChannelHost } from '../support/channel-host.ts'

const wechat = {
  appId: 'wx0a1b2c3d4e5f6071',
  appSecret: 'secretOfTheTestAccount0000000001',
  originalId: 'gh_0123456789ab',
  token: 'tokenOfTheTest01',
  encodingAesKey: 'Zm9yLXByb3RvY29sLXNoZWV0LXRlc3RzLW9ubHktMjY',
  mode: 'safe',
}
const wechaty = { puppet: 'wechaty-puppet-mock', bridgeDir: 'channels/wechaty/bridge', stateDir: 'nowhere' }
const port = await freePort()
const surroundings = {
  base: `http://127.0.0.1:${String(port)}`,
  apiOf: () => 'http://127.0.0.1:9',
  clock: systemClock,
  names: ['阿白'],
}
const sections: Record<string, unknown> = { wechat, web: { publicUrl: surroundings.base }, wechaty }
for (const create of Object.values(demoClients)) {
  const { inbox, simulator } = await create(surroundings)
  sections[inbox.channel] = inbox.section
  await simulator.close()
}

const hosts = installedNames.map((name) => ({ name, host: createTestChannelHost(name) }))
const channels = new Map(
  hosts.map(({ name, host }) => [name, installedChannels[name].open(sections[name], host)] as const),
)
const server = createHttpServer({
  log: silentLog,
  publicUrls: [],
  trustedProxies: [],
  channels,
  ready: () => Promise.resolve(true),
})
await server.listen({ port })

/** How many messages were accepted so far, of any channel. */
process.on('message', () => process.send?.(hosts.reduce((sum, { host }) => sum + host.accepted.length, 0)))
process.on('disconnect', () => process.exit())
process.send?.({
  port,
  channels: [...channels].map(([name, { routes }]) => ({
    name,
    routes: routes
      .filter(({ method }) => method === 'POST')
      .map(({ path, maxBodyBytes }) => ({ path, maxBodyBytes })),
  })),
})
