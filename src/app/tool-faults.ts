import { AddressRefused, createAddressCheck } from '../../channels/kit/index.ts'
import type { ConfigFault } from '../config-faults.ts'
import { toolsFaults, type ToolsSection } from '../tools/index.ts'

/** Tools may call where their own list lets them, and nowhere else. */
export const toolFaults = (tools: ToolsSection): readonly ConfigFault[] => {
  const check = createAddressCheck({ allow: tools.allowPrivate, loopbackHttp: tools.loopbackHttp })
  const addresses = [
    ...Object.entries(tools.http).map(([name, { url }]) => ({ key: `http.${name}.url`, url })),
    ...Object.entries(tools.mcp).map(([name, { url }]) => ({ key: `mcp.${name}.url`, url })),
  ]
  const refused = addresses.flatMap(({ key, url }) => {
    try {
      check.read(url.replace(/\{[^{}]*\}/g, 'x'))
      return []
    } catch (error) {
      if (!(error instanceof AddressRefused)) throw error
      return [{ key, expected: error.hint }]
    }
  })
  return [...refused, ...toolsFaults(tools)].map(({ key, expected }) => ({
    key: `tools.${key}`,
    value: '(hidden)',
    expected,
  }))
}
