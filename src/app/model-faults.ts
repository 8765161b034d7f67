import { isOwnHost } from '../../channels/kit/index.ts'
import type { ConfigFault } from '../config-faults.ts'
import type { LlmConfig } from '../llm/index.ts'

/** Why a model may not be asked under an address; undefined: it may. */
const refusalOf = (address: string): string | undefined => {
  const { protocol, hostname, username, password } = new URL(address)
  if (username !== '' || password !== '')
    return 'an address without user name and password; a key belongs into apiKey'
  if (protocol === 'http:' && !isOwnHost(hostname))
    return 'https: over http the key and contacts’ words would go in clear. http is for this machine, private addresses and names of your own network (http://ollama:11434/v1); for another host of yours write its private address'
  return undefined
}

/** Addresses of models that would carry keys and words in clear, or hold secrets that `tongda config` would show. */
export const modelFaults = (llm: LlmConfig): readonly ConfigFault[] =>
  (['model', 'fallback'] as const).flatMap((which) => {
    const address = llm[which]?.baseUrl
    const expected = address === undefined ? undefined : refusalOf(address)
    return expected === undefined ? [] : [{ key: `llm.${which}.baseUrl`, value: '(hidden)', expected }]
  })
