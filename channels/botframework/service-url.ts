/** Which addresses we talk to: answers carry a token, so a wrong address would be a stolen one. */

const loopback: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

export const isLoopback = (hostname: string): boolean => loopback.has(hostname)

const matches = (hostname: string, pattern: string): boolean => {
  const wanted = pattern.toLowerCase()
  return wanted.startsWith('*.')
    ? hostname.endsWith(wanted.slice(1)) && hostname.length > wanted.length - 1
    : hostname === wanted
}

/** Whether an address may be called: https on its own port and a listed host; http only on this machine, if listed. */
export const isAllowedAddress = (address: string, hosts: readonly string[]): boolean => {
  if (!URL.canParse(address)) return false
  const { protocol, hostname, port, username, password } = new URL(address)
  if (username !== '' || password !== '') return false
  const safe = isLoopback(hostname) ? /^https?:$/.test(protocol) : protocol === 'https:' && port === ''
  return safe && hosts.some((pattern) => matches(hostname.toLowerCase(), pattern))
}
