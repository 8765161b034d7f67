import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A certificate and its key, as files. */
export interface CertificateFiles {
  readonly certFile: string
  readonly keyFile: string
}

/** A certificate authority of one test run, in a folder of its own. */
export interface Authority {
  readonly caFile: string
  /** A certificate signed by it; by default for this machine and valid. */
  issue(options?: { readonly names?: string; readonly days?: number }): CertificateFiles
  /** A certificate that nobody signed but itself. */
  selfSigned(): CertificateFiles
  dispose(): void
}

const openssl = (...args: readonly string[]): void => {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] })
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'] as const
const thisMachine = 'IP:127.0.0.1,DNS:localhost'

/** Makes an authority with Debian's openssl. */
export const createAuthority = (): Authority => {
  const folder = mkdtempSync(join(tmpdir(), 'tongda-certificates-'))
  const file = (name: string): string => join(folder, name)
  const caFile = file('ca.pem')
  const caKey = file('ca.key')
  openssl('req', '-x509', ...newKey, '-keyout', caKey, '-out', caFile, '-days', '30', '-subj', '/CN=Test CA')
  let made = 0
  const names = (): CertificateFiles => {
    made += 1
    return { certFile: file(`${made}.pem`), keyFile: file(`${made}.key`) }
  }
  return {
    caFile,
    issue: ({ names: alternatives = thisMachine, days = 30 } = {}) => {
      const files = names()
      const request = file(`${made}.csr`)
      const extension = file(`${made}.ext`)
      openssl('req', '-new', ...newKey, '-keyout', files.keyFile, '-out', request, '-subj', '/CN=server')
      writeFileSync(extension, `subjectAltName=${alternatives}\n`)
      openssl(
        ...['x509', '-req', '-in', request, '-CA', caFile, '-CAkey', caKey, '-CAcreateserial'],
        ...['-days', String(days), '-extfile', extension, '-out', files.certFile],
      )
      return files
    },
    selfSigned: () => {
      const files = names()
      openssl(
        ...['req', '-x509', ...newKey, '-keyout', files.keyFile, '-out', files.certFile, '-days', '30'],
        ...['-subj', '/CN=alone', '-addext', `subjectAltName=${thisMachine}`],
      )
      return files
    },
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  }
}
