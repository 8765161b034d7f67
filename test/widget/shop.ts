import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A page of another site, under a policy that lets it load from itself and from the product alone. */
export interface Shop {
  /** Of another site than the product, not only of another port. */
  readonly origin: string
  /** What the page's own script does, before the widget is there. */
  script: string
  /** The product's address; known once it runs. */
  product: string
  /** Attributes of the widget's tag. */
  tag: string
  close(): Promise<void>
}

const policyOf = (product: string): string =>
  [
    "default-src 'none'",
    `script-src 'self' ${product}`,
    `connect-src ${product} ${product.replace('http', 'ws')}`,
    "img-src 'self' blob:",
    'media-src blob:',
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ')

const pageOf = ({ product, tag }: Shop): string => `<!doctype html>
<html lang="zh-CN">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>商店</title>
    <script src="/page.js"></script>
    <script async src="${product}/widget.js" ${tag}></script>
  </head>
  <body>
    <main>
      <h1>商店</h1>
      <p><button id="buy" type="button">购买</button></p>
    </main>
  </body>
</html>`

/** The queue that pages make before the widget is there. */
const queue =
  'window.Tongda = window.Tongda || function () { (Tongda.q = Tongda.q || []).push(arguments) };\n'

/** Opens a shop on this machine. */
export const openShop = async (): Promise<Shop> => {
  const server = createServer((request, response) => {
    if (request.url === '/page.js') {
      response.setHeader('content-type', 'text/javascript').end(queue + shop.script)
    } else if (request.url === '/') {
      response
        .setHeader('content-type', 'text/html')
        .setHeader('content-security-policy', policyOf(shop.product))
      response.end(pageOf(shop))
    } else response.writeHead(204).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const shop: Shop = {
    origin: `http://localhost:${String(port)}`,
    script: '',
    product: '',
    tag: 'data-inbox="web"',
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
  return shop
}
