const loopback: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Whether a text may be the address of a provider's API: https, or http to this machine, and nothing behind the path. */
export const isApiBase = (value: string): boolean => {
  if (!URL.canParse(value)) return false
  const { protocol, hostname, username, password, search, hash } = new URL(value)
  const safe = protocol === 'https:' || (protocol === 'http:' && loopback.has(hostname))
  return safe && [username, password, search, hash].every((part) => part === '')
}
