import { isReady, reportNode, type Face, type Stage } from './stage.ts'

/** The request is not wrong, it is at the wrong node: a proxy must not take the answer for another's. */
const misdirected = 421

const elsewhere = (publicUrl: string | undefined): string =>
  [
    '这个节点只在后台工作（server.role: worker），请连接角色为 web 或 all 的节点。',
    'this node only works in the background (server.role: worker); connect to a node whose role is web or all',
    publicUrl === undefined ? '' : `: ${publicUrl}`,
    '\n',
  ].join('')

/** Shows how the node fares, and sends everybody else to the nodes that serve. */
export const openBackRoom = ({ parts, inboxes, metrics }: Stage): Promise<Face> => {
  const { config, log, stores } = parts
  const { publicUrl, trustedProxies } = config.server
  return Promise.resolve({
    http: {
      ...{ log, trustedProxies, publicUrls: publicUrl === undefined ? [] : [publicUrl] },
      channels: new Map(),
      // Without Redis it still works, only a second later. Whoever replaced it for that would lose it: none starts without Redis.
      ready: isReady(stores.database),
      extra: [
        (app) => metrics.mount(app, config.telemetry.metricsToken),
        (app) => app.all('*', (context) => context.text(elsewhere(publicUrl), misdirected)),
      ],
    },
    signInUrl: () => undefined,
    startBeside: () => reportNode(parts, inboxes),
  })
}
